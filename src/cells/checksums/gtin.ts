import { type Checksum, digitsOf, mismatch, wrongForm } from "./checksum.ts"

/** Article numbers (GS1 General Specifications, section 7.9.1). */
export const gtinChecksum: Checksum = {
  name: "gtin",
  kind: "an article number",
  faultOf: (plain, isNumber) => {
    const isForm = isNumber ? /^\d{2,14}$/.test(plain) : /^(?:\d{8}|\d{12,14})$/.test(plain)
    if (!isForm) return wrongForm("it does not have 8, 12, 13 or 14 digits")
    return passesGtin(plain) ? undefined : mismatch
  },
}

/** From the right, digits count once and three times in turn, and add up to a multiple of ten. */
export function passesGtin(text: string): boolean {
  const sum = digitsOf(text)
    .toReversed()
    .reduce((before, digit, at) => before + (at % 2 === 0 ? digit : 3 * digit), 0)
  return sum % 10 === 0
}
