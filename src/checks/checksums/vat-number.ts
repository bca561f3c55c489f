import type { KeyCheck } from "../../contract/check.ts"
import { checkOptions } from "../../options/check-options.ts"
import { oneOf } from "../../options/option-kinds.ts"
import { type ChecksumFault, checksumRule, mismatch, wrongForm } from "./checksum-rule.ts"
import { vatCountries } from "./vat-countries.ts"

/** A country whose VAT numbers are checked, by the prefix of its numbers. Greece has EL. */
export type VatPrefix =
  | "AT"
  | "BE"
  | "BG"
  | "CY"
  | "CZ"
  | "DE"
  | "DK"
  | "EE"
  | "EL"
  | "ES"
  | "FI"
  | "FR"
  | "HR"
  | "HU"
  | "IE"
  | "IT"
  | "LT"
  | "LU"
  | "LV"
  | "MT"
  | "NL"
  | "PL"
  | "PT"
  | "RO"
  | "SE"
  | "SI"
  | "SK"

/** Options of `vatNumber`. */
export interface VatNumberOptions {
  /** The country of numbers without a prefix. Default: each number must have one. */
  readonly country?: VatPrefix | undefined
}

/** Checks the form and the check digits of VAT numbers of the European Union, by the rule of the country. A failure costs accuracy. */
export function vatNumber<const K extends string>(column: K, options: VatNumberOptions = {}): KeyCheck<K> {
  checkOptions<VatNumberOptions>("vatNumber()", options, { country: oneOf(...([...vatCountries.keys()] as VatPrefix[])) })
  return checksumRule(column, {
    name: "vatNumber",
    kind: "a VAT number",
    faultOf: (plain) => faultOf(plain.replaceAll(".", ""), options.country),
  })
}

function faultOf(plain: string, home: VatPrefix | undefined): ChecksumFault | undefined {
  // Greek numbers often begin with the code of ISO 3166.
  const prefix = plain.startsWith("GR") ? "EL" : plain.slice(0, 2)
  const isLetters = /^[A-Z]{2}/.test(prefix)
  const country = vatCountries.get(isLetters || home === undefined ? prefix : home)
  if (country === undefined)
    return wrongForm(isLetters ? `${prefix} is no country of the European Union` : "it does not begin with a country")
  const number = isLetters ? plain.slice(2) : plain
  if (!country.form.test(number)) return wrongForm(`those of ${isLetters ? prefix : home} have ${country.length}`)
  return country.passes(number) ? undefined : mismatch
}
