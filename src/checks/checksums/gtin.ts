import { gtinChecksum } from "../../cells/checksums/gtin.ts"
import type { KeyCheck } from "../../contract/check.ts"
import { checksumRule } from "./checksum-rule.ts"

/**
 * Checks article numbers (GTIN-8, UPC, EAN and GTIN-14) by the check digit of the GS1 General Specifications, section 7.9.1. Numbers may have lost their
 * leading zeros; texts must have 8, 12, 13 or 14 digits. A failure costs accuracy.
 */
export function gtin<const K extends string>(column: K): KeyCheck<K> {
  return checksumRule(column, gtinChecksum)
}
