import { isbnChecksum } from "../../cells/checksums/isbn.ts"
import type { KeyCheck } from "../../contract/check.ts"
import { checksumRule } from "./checksum-rule.ts"

/** Checks ISBNs of 10 or 13 digits by their check digit (ISBN Users' Manual of the International ISBN Agency, section 7). A failure costs accuracy. */
export function isbn<const K extends string>(column: K): KeyCheck<K> {
  return checksumRule(column, isbnChecksum)
}
