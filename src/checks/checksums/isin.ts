import type { KeyCheck } from "../../contract/check.ts"
import { checksumRule, mismatch, wrongForm } from "./checksum-rule.ts"
import { passesLuhn } from "./luhn.ts"

/** Checks the form and the check digit of securities' numbers, ISINs (ISO 6166: letters count 10 to 35, and the Luhn formula). A failure costs accuracy. */
export function isin<const K extends string>(column: K): KeyCheck<K> {
  return checksumRule(column, {
    name: "isin",
    kind: "an ISIN",
    faultOf: (plain) => {
      if (!/^[A-Z]{2}[A-Z0-9]{9}\d$/.test(plain))
        return wrongForm("it does not consist of two letters, nine letters or digits, and a digit")
      return passesLuhn(Array.from(plain, (letter) => Number.parseInt(letter, 36)).join("")) ? undefined : mismatch
    },
  })
}
