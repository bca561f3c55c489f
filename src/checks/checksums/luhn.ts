import type { KeyCheck } from "../../contract/check.ts"
import { checksumRule, digitsOf, mismatch, wrongForm } from "./checksum-rule.ts"

/**
 * Checks the last digit of payment card numbers, IMEIs and other numbers with the Luhn formula (ISO/IEC 7812-1, annex B). Blanks and hyphens between
 * the digits are allowed. A failure costs accuracy.
 */
export function luhn<const K extends string>(column: K): KeyCheck<K> {
  return checksumRule(column, {
    name: "luhn",
    kind: "a number with a check digit",
    faultOf: (plain) => {
      if (!/^\d{2,32}$/.test(plain)) return wrongForm("it does not consist of digits")
      return passesLuhn(plain) ? undefined : mismatch
    },
  })
}

/** From the right, every second digit is doubled, and the digits of all these numbers add up to a multiple of ten. */
export function passesLuhn(text: string): boolean {
  const digits = digitsOf(text).toReversed()
  const sum = digits.reduce((before, digit, at) => before + (at % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit), 0)
  return sum % 10 === 0
}
