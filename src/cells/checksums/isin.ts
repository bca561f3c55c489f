import { type Checksum, mismatch, wrongForm } from "./checksum.ts"
import { passesLuhn } from "./luhn.ts"

/** Securities' numbers (ISO 6166). */
export const isinChecksum: Checksum = {
  name: "isin",
  kind: "an ISIN",
  faultOf: (plain) => {
    if (!/^[A-Z]{2}[A-Z0-9]{9}\d$/.test(plain)) return wrongForm("it does not consist of two letters, nine letters or digits, and a digit")
    return passesLuhn(Array.from(plain, (letter) => Number.parseInt(letter, 36)).join("")) ? undefined : mismatch
  },
}
