import type { ColumnName } from "./cell-value.ts"
import type { Dimension } from "./dimension.ts"

/** What a check finds wrong with a row. The rule adds the dimension, and the run adds the origin. */
export interface Finding<in T> {
  /** What is wrong, for programs, such as `amount.high`. */
  readonly code: string
  /** What is wrong, for people. */
  readonly message: string
  /** The column that the message is about. It does not change which columns lose points. */
  readonly column?: ColumnName<T> | undefined
  /** `"error"` (default) rejects the row; `"warning"` only lowers the score. */
  readonly severity?: "error" | "warning" | undefined
  /** How sure the check is, 0 to 1; default: 1. */
  readonly confidence?: number | undefined
  /** What might help. */
  readonly suggestion?: string | undefined
  /** Declare the dimension with the rule (`RuleOptions`), not here: the score counts the cells of a rule before it sees their values. */
  readonly dimension?: "declare it with the rule: .check(test, { dimension })"
}

/** A finding as it is stored: complete and plain JSON. */
export interface Issue {
  /** What is wrong, for programs; `docs/issues.md` lists the codes of the library. */
  readonly code: string
  /** What is wrong, for people. */
  readonly message: string
  /** The name of the rule in the ruleset. */
  readonly rule: string
  /** The dimension that loses points. */
  readonly dimension: Dimension
  /** The column, if the issue concerns a single one. */
  readonly column?: string
  /** Where in a nested value of the column: the keys and positions that lead to it. */
  readonly path?: readonly (string | number)[]
  /** `"error"` rejects the row; `"warning"` only lowers the score. */
  readonly severity: "error" | "warning"
  /** How sure the check is, 0 to 1. */
  readonly confidence: number
  /** What might help. */
  readonly suggestion?: string
}
