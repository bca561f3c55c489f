import { countrySpecs, isValidIBAN, ValidationErrorsIBAN, validateIBAN } from "ibantools"
import { quoted } from "../cells/readers/quoted.ts"
import { type TextFault, TextMapReader } from "../cells/readers/text-map-reader.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** No IBAN is longer, with blanks between its characters. */
const longestIban = 100

/**
 * Reads IBANs and returns them without blanks, in capitals: `de89 3704 0044 0532 0130 00` becomes `"DE89370400440532013000"`. A text without the length,
 * the form and the check digits of its country's IBANs fails its row (`iban.unreadable`).
 */
export function iban(): Normalizer<string | null> {
  return columnNormalizer<string>("iban", "text", new TextMapReader(ibanOf), { kind: "text" })
}

function ibanOf(text: string): string | TextFault {
  const plain = plainForm(text)
  const { valid, errorCodes } = validateIBAN(plain)
  if (valid) return plain
  // People and scanners confuse these letters with digits; the check digits prove which was meant.
  const digits = plain.slice(0, 2) + plain.slice(2).replaceAll("O", "0").replaceAll("I", "1")
  return {
    code: "iban.unreadable",
    message: `${quoted(text)} is not an IBAN: ${reasonOf(plain, errorCodes)}.`,
    suggestion: isValidIBAN(digits) ? `Did you mean ${quoted(digits)}?` : undefined,
  }
}

function plainForm(text: string): string {
  return text.length > longestIban
    ? ""
    : text
        .replace(/^IBAN:?/i, "")
        .replace(/[\s-]/g, "")
        .toUpperCase()
}

function reasonOf(plain: string, errors: readonly ValidationErrorsIBAN[]): string {
  const country = plain.slice(0, 2)
  const length = countrySpecs[country]?.chars
  if (plain === "" || errors.includes(ValidationErrorsIBAN.NoIBANCountry))
    return "it does not begin with the code of a country that has them"
  if (errors.includes(ValidationErrorsIBAN.WrongBBANLength))
    return `it has ${plain.length} characters, but those of ${country} have ${length ?? "another number"}`
  if (errors.includes(ValidationErrorsIBAN.WrongBBANFormat)) return `it has letters or digits where those of ${country} have none`
  return "its check digits do not match"
}
