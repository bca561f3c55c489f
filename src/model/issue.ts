import type { ColumnName } from "./cell-value.ts"
import type { Dimension } from "./dimension.ts"

/** What a check says about one row. The rule adds its dimension and columns; the run adds the origin. */
export interface Finding<in T> {
  /** What is wrong, for programs: `amount.high`. */
  readonly code: string
  /** What is wrong, for people. */
  readonly message: string
  /** The column to point at. It locates the message and does not move points. */
  readonly column?: ColumnName<T> | undefined
  /** `"error"` (default) rejects the row; `"warning"` only costs points. */
  readonly severity?: "error" | "warning" | undefined
  /** How sure the check is, 0 to 1; default 1. */
  readonly confidence?: number | undefined
  /** What might help. */
  readonly suggestion?: string | undefined
  /** Not here: declare it with the rule (`RuleOptions`), for the score counts a rule's cells before it sees their values. */
  readonly dimension?: "declare it with the rule: .check(test, { dimension })"
}

/** A finding as it is stored: complete, plain JSON, free of types. */
export interface Issue {
  /** What is wrong, for programs; `docs/issues.md` lists those of the library. */
  readonly code: string
  /** What is wrong, for people. */
  readonly message: string
  /** The rule that found it, by its name in the ruleset. */
  readonly rule: string
  /** The dimension that it costs. */
  readonly dimension: Dimension
  /** The column that it speaks of, if it is one. */
  readonly column?: string
  /** `"error"` rejects the row; `"warning"` only costs points. */
  readonly severity: "error" | "warning"
  /** 0 to 1. */
  readonly confidence: number
  /** What might help. */
  readonly suggestion?: string
}
