/** How well the rows of a file show a rule. */
export interface RuleEvidence {
  /** The rows that were judged: those with a value in each column of the rule. */
  readonly rows: number
  /** How many of them break it. */
  readonly exceptions: number
  /** The first of these, by their number in the file. */
  readonly exceptionRows: readonly number[]
  /** Why the rule may be a coincidence. Undefined if the evidence is good. */
  readonly thin?: string | undefined
}

/** A rule that the rows of a file suggest. Columns are those of the file. */
export type ProposedRule = RuleEvidence &
  (
    | { readonly kind: "required"; readonly column: string }
    | { readonly kind: "values"; readonly column: string; readonly values: readonly string[] }
    | {
        readonly kind: "range"
        readonly column: string
        /** What occurs. */
        readonly seen: readonly [least: number, greatest: number]
        /** What the rule allows: more than occurs, because the next file has other values. */
        readonly allowed: readonly [least: number, greatest: number]
      }
    | {
        readonly kind: "checksum"
        readonly column: string
        /** The name of the check in `rowgate/checks`. */
        readonly check: string
        /** What the values are, with an article: `an IBAN`. */
        readonly is: string
      }
    | { readonly kind: "unique"; readonly columns: readonly string[] }
    | { readonly kind: "order"; readonly first: string; readonly second: string }
    | {
        /** Rows with the same value of the determinant have the same value of the column. */
        readonly kind: "dependency"
        readonly column: string
        readonly determinant: string
        /** How many values of the determinant repeat, and in how many rows. */
        readonly groups: number
        readonly grouped: number
        /** The share of the rows that have the most frequent value of the column: who guesses it is right as often. */
        readonly guessed: number
      }
    | {
        /** The column has a value wherever the condition has one of the values. */
        readonly kind: "requiredIf"
        readonly column: string
        readonly condition: string
        readonly values: readonly string[]
        /** How many rows have another value of the condition, and the share of them in which the column is empty. */
        readonly elsewhere: number
        readonly emptyElsewhere: number
      }
    | {
        /** The total is the sum, or the product, of the parts. */
        readonly kind: "sum" | "product"
        readonly parts: readonly string[]
        readonly total: string
        /** The greatest difference that rounding explains. */
        readonly tolerance: number
      }
  )
