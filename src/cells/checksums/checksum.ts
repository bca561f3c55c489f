/** What is wrong with a number: its form, or only its check digits. */
export type ChecksumFault = { readonly code: "checksum.form" | "checksum.mismatch"; readonly reason: string }

/** A kind of number with check digits. */
export interface Checksum {
  /** The name of the check in `rowgate/checks`. */
  readonly name: string
  /** The kind of number, with its article: `an ISIN`. */
  readonly kind: string
  /**
   * Returns undefined for a right number. `plain` is in capitals, without spaces and hyphens. `isNumber`: the cell held a number, which may have lost
   * its leading zeros.
   */
  faultOf(plain: string, isNumber: boolean): ChecksumFault | undefined
}

/** No number with check digits is longer, with its blanks. */
const longest = 100

/** A number without blanks and hyphens, in capitals. Empty if it is too long to be one. */
export function plainDigits(text: string): string {
  return text.length > longest ? "" : text.replace(/[\s\u00ad\u2010-\u2015-]/g, "").toUpperCase()
}

/** The fault of a number with a wrong form. */
export function wrongForm(reason: string): ChecksumFault {
  return { code: "checksum.form", reason }
}

/** The fault of a number with a right form and wrong check digits. */
export const mismatch: ChecksumFault = { code: "checksum.mismatch", reason: "its check digits do not match" }

/** The values of the digits of a text. */
export function digitsOf(text: string): readonly number[] {
  return Array.from(text, Number)
}

/** The sum of the products of digits and weights. */
export function weighted(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0)
}
