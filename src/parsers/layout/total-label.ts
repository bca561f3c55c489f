/**
 * How a text names a total or an amount that a page carries on to the next: `"carried"`, or `"report"` if the word has other meanings; `"subtotal"` if it can be nothing else, such as `Subtotal North`; `"total"` if it says total and no more; `"named"` if it
 * says so beside other words, as `North Total` and the company `Total Energies` do.
 */
export type TotalLabel = "carried" | "report" | "subtotal" | "total" | "named"

/** Words for totals in the languages of files that we know. */
const totals = wordsOf(`
  total, totals, totale, totales, totali, totaux, totais, totaal, totalt, totalsum, totalsumma, sum, summe, suma, summa, somma, soma, somme
  gesamt, insgesamt, gesamtsumme, gesamtbetrag, gesamtergebnis, endsumme, eindtotaal, celkem, součet, spolu, súčet
  razem, ogółem, łącznie, összesen, yhteensä, toplam, итого, всего, сумма, разом, усього, общо, σύνολο, 計, 合計, 総計, 合计, 总计, 總計, 합계, 총계
`)
/** Words that a total may have beside it and is still a plain one. */
const beside = wordsOf(`
  grand, overall, report, general, gran, suma, importe, montant, somme, genel, celková, general, général, générale, geral, complessivo, generale
  amount, value, betrag, brutto, netto, eur, usd, gbp, chf, pln, czk, jpy, €, $, £, zł, общий, итог, 金額
`)
/** No person, product or company is called like this. */
const subtotals = wordsOf(`
  subtotal, subtotals, sub-total, sub total, subtotale, subtotales, subtotaal, sous-total, sous total, sous-totaux, grand total, grand-total
  zwischensumme, zwischensummen, teilsumme, teilergebnis, totale parziale, delsum, delsumma, suma częściowa, suma pośrednia, suma końcowa
  mezisoučet, medzisúčet, részösszeg, ara toplam, genel toplam, подытог, промежуточный итог, 小計, 小计, 소계
`)
/** Amounts that a page carries on to the next, and words that have this meaning among others. */
const carried = wordsOf(`
  carried forward, brought forward, balance carried forward, balance brought forward, total carried forward, total brought forward, carry forward
  amount carried forward, amount brought forward, übertrag, uebertrag, à reporter, a reporter, suma y sigue, suma anterior, riporto, a riportare
  do przeniesienia, z przeniesienia, a transportar, transporte, te transporteren, 次頁繰越, 前頁繰越, 次ページへ繰越, 前ページから繰越
`)
const reports = wordsOf("report, reports, vortrag, transport, 繰越")
/** A total of something, as in `Total for Services`. */
const ofThings = wordsOf("for, für, pour, para, per, dla, voor")
/** Balances, averages and taxes, which stand below a table or below its total. */
const summaries = wordsOf(`
  saldo, endsaldo, schlusssaldo, anfangssaldo, kontostand, saldovortrag, übertrag, solde, balance, closing balance, opening balance, ending balance
  saldo końcowe, eindsaldo, zůstatek, остаток, 残高, 余额
  mean, average, avg, median, durchschnitt, mittelwert, moyenne, promedio, media, średnia, gemiddelde, průměr, среднее, 平均, 平均値
  net income, net loss, net profit, gross profit, net operating income, net ordinary income, net other income, jahresüberschuss, résultat net
  mwst, ust, vat, tva, iva, btw, dph, brutto, netto, 消費税
`)
/** These end a text without a space before them. */
const suffixes = ["小計", "小计", "소계", "合計", "総計", "合计", "总计", "總計", "합계", "총계"]

/** One of these is in each of the words. To look for them takes less time than to split a text into words. */
const stems =
  /tot|sum|som|gesamt|ergeb|raz|og[oó]ł|łącz|celk|sou|súč|spol|össz|yhte|topl|i alt|carr|brought|bertrag|report|sigue|riport|przenies|transport|vortrag|繰越|тог|всего|сумм|разом|усьо|общ|σύν|計|计|합계|총계|소계/i

/** No label of a total is longer. */
const longest = 80

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/,\s|\n\s*/))
}

/** What a text says about its row; undefined if it does not name a total. */
export function totalLabel(text: string): TotalLabel | undefined {
  if (text.length > longest || !stems.test(text)) return undefined
  const words = text.toLowerCase().match(/[^\s:：.,;()/–*]+/gu) ?? []
  const phrase = words.join(" ")
  if (carried.has(phrase) || (words[0] === "übertrag" && words.length <= 4)) return "carried"
  if (reports.has(phrase)) return "report"
  const [first = "", last = ""] = [words[0], words.at(-1)]
  const pairs = [words.slice(0, 2).join(" "), words.slice(-2).join(" ")]
  if ([first, last, ...pairs].some((word) => subtotals.has(word))) return "subtotal"
  const suffix = suffixes.find((one) => last.endsWith(one))
  if (suffix !== undefined && suffix !== last) return subtotals.has(suffix) ? "subtotal" : "named"
  const isNamed = totals.has(first) || totals.has(last) || isHyphenated(first) || isHyphenated(last)
  if (isNamed && totals.has(first) && ofThings.has(words[1] ?? "")) return "total"
  if (isNamed) return words.length <= 3 && words.every((word) => totals.has(word) || beside.has(word)) ? "total" : "named"
  return text.toLowerCase() === "i alt" || words.join(" ") === "общий итог" ? "total" : undefined
}

/** Whether a text names a balance, an average or a tax. */
export function isSummaryLabel(text: string): boolean {
  if (text.length > longest) return false
  const words = text.toLowerCase().split(/[\s:：.,;()/–*]+/u)
  return summaries.has(words[0] ?? "") || summaries.has(words.slice(0, 2).join(" ")) || summaries.has(words.at(-1) ?? "")
}

/** Whether a word is one for totals with a hyphen at another one, such as `North-Total`. */
function isHyphenated(word: string): boolean {
  return word.includes("-") && word.split("-").some((part) => totals.has(part))
}
