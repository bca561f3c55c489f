import type { Batch } from "../model/batch.ts"
import type { ColumnName } from "../model/cell-value.ts"
import type { Column } from "../model/column.ts"
import type { Dimension } from "../model/dimension.ts"
import type { Finding } from "../model/issue.ts"
import type { Selection } from "../model/selection.ts"
import type { Context } from "./context.ts"

/** A row check: undefined when the row is fine. Synchronous; look things up in a stage or in a run check. */
export interface Check<in T> {
  (row: T, context: Context): Finding<T> | readonly Finding<T>[] | undefined
}

/** What the score must know of a rule before it sees a value. */
export interface RuleOptions<in T> {
  /** Its name in the ruleset and in issues. Default: the function's name, else its position. */
  readonly name?: string | undefined
  /** The cells it judges: the denominator. Default: one judgement a row. */
  readonly columns?: readonly ColumnName<T>[] | undefined
  /** Default `"validity"`. */
  readonly dimension?: Dimension | undefined
}

/** Looks at a whole batch by column. */
export interface ColumnCheck<in T> extends RuleOptions<T> {
  /** Tells the four forms of a check apart. */
  readonly kind: "column"
  readonly name: string
  /**
   * Looks at the passing rows of a batch, `batch.selection`, and fails those that break the rule. The batch is good until it returns: its
   * memory may be filled again, so keep values and no columns.
   */
  test(batch: Batch<T>, fail: (row: number, finding: Finding<T>) => void, context: Context): void
}

/** Sees the whole run. State must survive structuredClone and merge in any order, for partitions are checked apart. */
export interface RunCheck<in T, State = unknown> extends RuleOptions<T> {
  /** Tells the four forms of a check apart. */
  readonly kind: "run"
  readonly name: string
  /** Makes the state of one delivery, before its first batch. May be asynchronous: look-ups are read here. */
  begin(context: Context): State | Promise<State>
  /** Looks at the passing rows of a batch, and fails those that break the rule. The batch is good until it returns, as in a column check. */
  test(batch: Batch<T>, state: State, fail: (row: number, finding: Finding<T>) => void): void
  /** The state of two parts together. */
  merge(one: State, other: State): State
}

/** A check of columns whatever they hold. Keyed by name, so optional columns will do and a typo is named as one. */
export interface KeyCheck<out K extends string> {
  /** Tells the four forms of a check apart. */
  readonly kind: "key"
  /** Its name in the ruleset and in issues. */
  readonly name: string
  /** The columns of the key, in order. */
  readonly columns: readonly K[]
  /** The dimension that it costs. */
  readonly dimension: Dimension
  /** Gets the named columns, in order, and the rows to look at. */
  begin(context: Context): KeyState
}

/** What a key check remembers of the rows it has seen. */
export interface KeyState {
  /**
   * Looks at the key of each row, and fails those that break the rule. The columns are good until it returns: their memory may be filled again, so
   * keep values and no columns.
   */
  test(columns: readonly Column<unknown>[], rows: Selection, fail: (row: number, message: string) => void): void
  /** The state of two parts together. */
  merge(other: KeyState): KeyState
}

/** Any of the four forms of a check. */
export type AnyCheck<T> = Check<T> | ColumnCheck<T> | RunCheck<T> | KeyCheck<ColumnName<T>>

/** Only infers: State from `begin`, T from `.check(...)`. An inline object literal would leave State unknown. */
export function runCheck<T, State>(check: RunCheck<T, State>): RunCheck<T> {
  return check as RunCheck<T>
}
