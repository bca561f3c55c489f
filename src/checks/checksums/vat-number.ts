import { vatCountries } from "../../cells/checksums/vat-countries.ts"
import { vatChecksum } from "../../cells/checksums/vat-number.ts"
import type { KeyCheck } from "../../contract/check.ts"
import { checkOptions } from "../../options/check-options.ts"
import { oneOf } from "../../options/option-kinds.ts"
import { checksumRule } from "./checksum-rule.ts"

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
  return checksumRule(column, vatChecksum(options.country), { country: options.country ?? null })
}
