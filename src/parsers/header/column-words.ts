/** Usual names of columns, which are hardly ever values. */
const words: ReadonlySet<string> = new Set(
  `id, name, names, code, key, type, status, category, description, title, label, unit, units, value, values, amount, price, cost, quantity, qty, count
  number, no, total, date, day, month, year, time, timestamp, from, to, start, end, rate, percent, share, weight, size, email, phone, address, city
  country, region, sku, item, product, customer, supplier, order, invoice, account, currency, balance, debit, credit, tax, vat, discount, age, score
  betrag, preis, menge, anzahl, datum, bezeichnung, beschreibung, artikel, artikelnummer, kunde, kundennummer, konto, saldo, währung, einheit, wert
  nummer, nr, ort, land, stadt, straße, plz, jahr, monat, tag, umsatz, kosten, steuer, mwst, soll, haben, kategorie, typ
  montant, prix, quantité, quantite, libellé, libelle, désignation, référence, reference, client, compte, solde, devise, unité, valeur, numéro, numero
  nom, ville, pays, année, mois, jour, débit, crédit, taux
  importe, precio, cantidad, fecha, descripción, descripcion, artículo, producto, cliente, cuenta, moneda, unidad, valor, número, nombre, ciudad, país
  año, mes, día, prezzo, quantità, data, descrizione, importo, conto, valuta
  kwota, cena, ilość, ilosc, opis, nazwa, klient, konto, waluta, jednostka, wartość, wartosc, numer, miasto, kraj, rok, miesiąc, dzień, stan
  hoeveelheid, bedrag, prijs, aantal, naam
  金額, 価格, 数量, 日付, 名前, 名称, 番号, 商品, 商品名, 顧客, 単価, 単位, 合計金額, 年, 月, 日, 氏名, 住所, 电话, 金额, 价格, 日期, 名称, 编号, 数量`.split(
    /,\s|\n\s*/,
  ),
)

/** Whether a text is a usual name of a column, or ends in one, as `order_date` and `Unit price (EUR)` do. */
export function isColumnWord(text: string): boolean {
  const bracket = text.search(/[([]/)
  const plain = (bracket > 0 ? text.slice(0, bracket) : text).trim().toLowerCase()
  return words.has(plain) || words.has(plain.split(/[\s_.-]+/).at(-1) ?? "")
}
