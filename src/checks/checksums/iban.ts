import { ibanChecksum } from "../../cells/checksums/iban.ts"
import type { KeyCheck } from "../../contract/check.ts"
import { checksumRule } from "./checksum-rule.ts"

/**
 * Checks the country, the length and the check digits of IBANs (ISO 13616, with ISO/IEC 7064 MOD 97-10). Blanks and small letters are allowed. To
 * also read them into one form, use `iban` of `rowgate/iban`. A failure costs accuracy.
 */
export function iban<const K extends string>(column: K): KeyCheck<K> {
  return checksumRule(column, ibanChecksum)
}
