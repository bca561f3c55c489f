import { quoted } from "../../cells/readers/quoted.ts"
import type { KeyCheck } from "../../contract/check.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { text as textKind } from "../../options/option-kinds.ts"
import { textRule } from "../text-rule.ts"

/** What is wrong with a number: its form, or only its check digits. */
export type ChecksumFault = { readonly code: "checksum.form" | "checksum.mismatch"; readonly reason: string }

/** A kind of number with check digits. */
export interface Checksum {
  /** The name of the check. */
  readonly name: string
  /** The kind of number, with its article: `an ISIN`. */
  readonly kind: string
  /** Undefined if the number is right. It has capitals, and neither blanks nor hyphens. `isNumber` says that leading zeros may be lost. */
  faultOf(plain: string, isNumber: boolean): ChecksumFault | undefined
}

/** No number with check digits is longer, with its blanks. */
const longest = 100

/** Makes the check of a column of numbers with check digits. */
export function checksumRule<const K extends string>(column: K, { name, kind, faultOf }: Checksum): KeyCheck<K> {
  checkArgument(`The column of ${name}()`, column, textKind("the name of a column"), "PIPELINE_INVALID")
  return textRule({
    name: `${name}.${column}`,
    column,
    dimension: "accuracy",
    begin: () => (text, isNumber) => {
      const plain = text.length > longest ? "" : text.replace(/[\s\u00ad\u2010-\u2015-]/g, "").toUpperCase()
      const fault = faultOf(plain, isNumber)
      if (fault === undefined) return undefined
      const { code, reason } = fault
      // People and scanners confuse these letters with digits; the check digits prove which was meant.
      const digits = plain.slice(0, 2) + plain.slice(2).replaceAll("O", "0").replaceAll("I", "1")
      const meant = [digits, plain.replaceAll("O", "0").replaceAll("I", "1")].find(
        (each) => each !== plain && faultOf(each, false) === undefined,
      )
      const suggestion = meant === undefined ? undefined : `Did you mean ${quoted(meant)}?`
      return { code, message: `${quoted(text)} is not ${kind}: ${reason}.`, suggestion }
    },
  })
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
