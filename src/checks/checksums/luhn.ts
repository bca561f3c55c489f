import { luhnChecksum } from "../../cells/checksums/luhn.ts"
import type { KeyCheck } from "../../contract/check.ts"
import { checksumRule } from "./checksum-rule.ts"

/**
 * Checks the last digit of payment card numbers, IMEIs and other numbers with the Luhn formula (ISO/IEC 7812-1, annex B). Blanks and hyphens between
 * the digits are allowed. A failure costs accuracy.
 */
export function luhn<const K extends string>(column: K): KeyCheck<K> {
  return checksumRule(column, luhnChecksum)
}
