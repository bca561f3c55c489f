import { isinChecksum } from "../../cells/checksums/isin.ts"
import type { KeyCheck } from "../../contract/check.ts"
import { checksumRule } from "./checksum-rule.ts"

/** Checks the form and the check digit of securities' numbers, ISINs (ISO 6166: letters count 10 to 35, and the Luhn formula). A failure costs accuracy. */
export function isin<const K extends string>(column: K): KeyCheck<K> {
  return checksumRule(column, isinChecksum)
}
