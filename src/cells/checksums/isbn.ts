import { type Checksum, mismatch, wrongForm } from "./checksum.ts"
import { passesGtin } from "./gtin.ts"

/** ISBNs (ISBN Users' Manual of the International ISBN Agency, section 7). */
export const isbnChecksum: Checksum = {
  name: "isbn",
  kind: "an ISBN",
  faultOf: (given, isNumber) => {
    const plain = isNumber && given.length < 10 ? given.padStart(10, "0") : given
    if (/^\d{9}[\dX]$/.test(plain)) return passesTen(plain) ? undefined : mismatch
    if (!/^97[89]\d{10}$/.test(plain)) return wrongForm("it has neither ten digits, nor thirteen that begin with 978 or 979")
    return passesGtin(plain) ? undefined : mismatch
  },
}

/** The digits count 10 to 1 times, X is ten, and the sum is a multiple of eleven. */
function passesTen(text: string): boolean {
  const sum = Array.from(text).reduce((before, digit, at) => before + (10 - at) * (digit === "X" ? 10 : Number(digit)), 0)
  return sum % 11 === 0
}
