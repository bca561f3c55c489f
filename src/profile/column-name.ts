/** Words of headers whose numbers are codes. */
const codes = new Set([
  ...["zip", "zipcode", "zipcodes", "postcode", "postcodes", "postalcode", "postal", "plz", "postleitzahl", "cep", "eircode", "pincode"],
  ...["phone", "telephone", "tel", "telefon", "telefono", "telephon", "mobile", "mobil", "handy", "fax", "cell", "cellphone"],
  ...["iban", "bic", "isbn", "issn", "ean", "gtin", "upc", "asin", "barcode", "ssn", "vin", "imei", "iccid"],
])

/** Words of headers whose numbers with a point are not decimals: 1.10 comes after 1.9. */
const versions = new Set(["version", "versions", "ver", "release", "firmware", "build", "revision"])

/** Words of headers whose numbers may be dates. */
const dates = new Set([
  ...[
    "date",
    "dates",
    "day",
    "dob",
    "birthdate",
    "birthday",
    "datum",
    "tag",
    "geburtsdatum",
    "geburtstag",
    "fecha",
    "data",
    "jour",
    "dato",
  ],
  ...["tarih", "päivä", "pvm", "orderdate", "duedate", "startdate", "enddate", "дата"],
])

/** Words that begin a question. */
const questions = new Set(["is", "has", "was", "are", "can", "did", "does", "ist", "hat", "est", "es"])

/** What the name of a column says about its cells. Only evidence beside that of the cells. */
export interface NameEvidence {
  /** Whether numbers are codes, such as postal codes and phone numbers. */
  readonly namesCode: boolean
  /** Whether numbers with a point are versions. */
  readonly namesVersion: boolean
  readonly namesDate: boolean
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
    namesVersion: words.some((word) => versions.has(word)),
    namesDate: words.some((word) => dates.has(word)),
    asks: name.trimEnd().endsWith("?") || (words.length > 1 && questions.has(first)),
  }
}
