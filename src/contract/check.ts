import type { Batch } from "../model/batch.ts"
import type { ColumnName } from "../model/cell-value.ts"
import type { Column } from "../model/column.ts"
import type { Dimension } from "../model/dimension.ts"
import type { Finding } from "../model/issue.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { Origin } from "../model/origin.ts"
import type { Selection } from "../model/selection.ts"
import { checkArgument } from "../options/check-argument.ts"
import { having } from "../options/option-kinds.ts"
import type { Context } from "./context.ts"

/** Checks one row, synchronously. Returns what is wrong, or undefined if the row is fine. To look something up, write a stage or a run check. */
export interface Check<in T> {
  (row: T, context: Context): Finding<T> | readonly Finding<T>[] | undefined
}

/** What a check finds wrong with a row that it knows only by the names of some columns. */
export type KeyFinding = Finding<{ readonly [column: string]: unknown }>

/** What the score needs to know about a rule before the first value. */
export interface RuleOptions<in T> {
  /** Its name in the ruleset and in issues. Default: the function's name, else its position. */
  readonly name?: string | undefined
  /** The columns whose cells the rule judges; the score counts these cells. Default: the rule judges each row once. */
  readonly columns?: readonly ColumnName<T>[] | undefined
  /** Default: `"validity"`. */
  readonly dimension?: Dimension | undefined
  /**
   * What the rule requires, such as `{ most: 1000 }`, as plain JSON. rowgate cannot look into a function, so name its limits here: scores under
   * different limits then have different rulesets. Default: nothing.
   */
  readonly parameters?: JsonValue | undefined
  /**
   * The least share of the judged rows that must pass, 0 to 1. If fewer do, the delivery is refused. Rows that break the rule are rejected in any case,
   * unless the finding is a warning. Default: any share.
   */
  readonly mostly?: number | undefined
}

/** Checks a whole batch, column by column. */
export interface ColumnCheck<in T> extends RuleOptions<T> {
  /** Tells the four forms of a check apart. */
  readonly kind: "column"
  readonly name: string
  /**
   * Checks the rows of `batch.selection` and calls `fail` for each that breaks the rule. These are the passing rows of a batch. If the rule names its
   * columns, a second call gets the failed rows in which they are valid, with these columns only. The batch is valid until `test` returns; then its
   * memory may be reused. If you keep anything, keep values, not columns.
   */
  test(batch: Batch<T>, fail: (row: number, finding: Finding<T>) => void, context: Context): void
}

/** What a check that remembers rows says about a file that is cut into parts, each checked by itself. A file that is checked in one pass needs none of it. */
export interface SharedState<State> {
  /**
   * Returns the state after the rows of `one` and then those of `other`, which follow in the file. It may change and return either of them. It must
   * give exactly what `test` would have given for all these rows, even if a part has no rows. A state that is merged consists of plain values:
   * numbers, strings, dates, arrays, typed arrays, maps, sets and plain objects.
   */
  merge?(one: State, other: State): State
  /** True if `test` never changes the state, as with a look-up table. The parts of a file then need nothing from each other. Default: false. */
  readonly fixedState?: boolean | undefined
}

/** Checks a whole run. To check a file in parts, it needs `merge` or `fixedState`. */
export interface RunCheck<in T, State = unknown> extends RuleOptions<T>, SharedState<State> {
  /** Tells the four forms of a check apart. */
  readonly kind: "run"
  readonly name: string
  /** Creates the state for one delivery, before its first batch. May be asynchronous: load look-up tables here. */
  begin(context: Context): State | Promise<State>
  /** Checks the passing rows of a batch and calls `fail` for each that breaks the rule. The batch is valid until `test` returns, as in a column check. */
  test(batch: Batch<T>, state: State, fail: (row: number, finding: Finding<T>) => void): void
  /** Closes what `begin` opened. Called once for each state, after the last batch, and also if the delivery stops before it. */
  end?(state: State): void | Promise<void>
}

/**
 * Checks columns of any type. Its type is keyed by column name: optional columns are accepted, and the compiler points at a misspelt name. To check a
 * file in parts, it needs `merge` or `fixedState`.
 */
export interface KeyCheck<out K extends string, State = unknown> extends SharedState<State> {
  /** Tells the four forms of a check apart. */
  readonly kind: "key"
  /** Its name in the ruleset and in issues. */
  readonly name: string
  /** The columns that the check reads, in order: the key. */
  readonly columns: readonly K[]
  /** The columns whose cells it judges; the score counts these cells. Default: all of `columns`. */
  readonly judges?: readonly K[] | undefined
  /** The dimension that loses points. */
  readonly dimension: Dimension
  /** What the rule requires, as in `RuleOptions`. Default: nothing. */
  readonly parameters?: JsonValue | undefined
  /** The least share of the judged rows that must pass, as in `RuleOptions`. Default: any share. */
  readonly mostly?: number | undefined
  /** Creates the state for one delivery, before its first batch: what the check remembers about the rows so far. */
  begin(context: Context): State | Promise<State>
  /**
   * Checks the key of each selected row and calls `fail` with a message or a finding for each that breaks the rule. It gets the named columns, in
   * order. They are valid until `test` returns, or until its promise is settled; then their memory may be reused. If you keep anything, keep values, not
   * columns. `originOf` tells where a row came from.
   */
  test(
    columns: readonly Column<unknown>[],
    rows: Selection,
    state: State,
    fail: (row: number, found: string | KeyFinding) => void,
    originOf: (row: number) => Origin,
  ): void | Promise<void>
  /** Closes what `begin` opened. Called once for each state, after the last batch, and also if the delivery stops before it. */
  end?(state: State): void | Promise<void>
}

/** Any of the four forms of a check. */
export type AnyCheck<T> = Check<T> | ColumnCheck<T> | RunCheck<T> | KeyCheck<ColumnName<T>>

/**
 * Returns the check as it is, and infers the types: `State` from `begin`, `T` from `.check(...)`. In an inline object literal, `State` would be `unknown`.
 *
 * @example
 * ```ts run
 * import { check, createPipeline } from "rowgate"
 *
 * const rising = check.run<{ day: number }, { last: number }>({
 *   kind: "run",
 *   name: "rising",
 *   columns: ["day"],
 *   dimension: "consistency",
 *   begin: () => ({ last: 0 }),
 *   test(batch, state, fail) {
 *     for (const row of batch.selection) {
 *       const day = batch.columns.day.at(row) ?? 0
 *       if (day < state.last) fail(row, { code: "day.falls", message: `Day ${day} comes after day ${state.last}.` })
 *       state.last = day
 *     }
 *   },
 * })
 * const days = createPipeline({ name: "days" }).fromRows([{ day: 1 }, { day: 3 }, { day: 2 }]).check(rising)
 * for await (const batch of days.batches()) for (const { issue } of batch.issues) console.log(issue.message) // => Day 2 comes after day 3.
 * ```
 */
export function runCheck<T, State>(check: RunCheck<T, State>): RunCheck<T> {
  checkArgument("check.run()", check, having<RunCheck<T, State>>("an object with the functions begin and test", "begin", "test"))
  return check as RunCheck<T>
}
