/** Words of headers whose numbers are codes. */
const codes = new Set([
  ...["zip", "zipcode", "zipcodes", "postcode", "postcodes", "postalcode", "postal", "plz", "postleitzahl", "cep", "eircode", "pincode"],
  ...["phone", "telephone", "tel", "telefon", "telefono", "telephon", "mobile", "mobil", "handy", "fax", "cell", "cellphone"],
  ...["iban", "bic", "isbn", "issn", "ean", "gtin", "upc", "asin", "barcode", "ssn", "vin", "imei", "iccid"],
])

/** Words that begin a question. */
const questions = new Set(["is", "has", "was", "are", "can", "did", "does", "ist", "hat", "est", "es"])

/** What the name of a column says about its cells. Only evidence beside that of the cells. */
export interface NameEvidence {
  /** Whether numbers are codes, such as postal codes and phone numbers. */
  readonly namesCode: boolean
  /** Whether it asks a question that yes or no answers. */
  readonly asks: boolean
}

export function nameEvidence(name: string): NameEvidence {
  const words = name
    .slice(0, 200)
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  const [first = ""] = words
  return {
    namesCode: words.some((word) => codes.has(word)),
    asks: name.trimEnd().endsWith("?") || (words.length > 1 && questions.has(first)),
  }
}
