import { type Checksum, digitsOf, mismatch, wrongForm } from "./checksum.ts"

/** Numbers whose last digit is made by the Luhn formula (ISO/IEC 7812-1, annex B). */
export const luhnChecksum: Checksum = {
  name: "luhn",
  kind: "a number with a check digit",
  faultOf: (plain) => {
    if (!/^\d{2,32}$/.test(plain)) return wrongForm("it does not consist of digits")
    return passesLuhn(plain) ? undefined : mismatch
  },
}

/** From the right, every second digit is doubled, and the digits of all these numbers add up to a multiple of ten. */
export function passesLuhn(text: string): boolean {
  const digits = digitsOf(text).toReversed()
  const sum = digits.reduce((before, digit, at) => before + (at % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit), 0)
  return sum % 10 === 0
}
