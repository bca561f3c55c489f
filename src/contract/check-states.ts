import type { Column } from "../model/column.ts"

/** Carries what the checks of one part of a file remember to the parts after it. */
export interface CheckStates {
  /** `check.unique` calls this before its first batch. Returns the keys to which it adds those of the part. */
  beginKeys(rule: string): KeyRows
  /**
   * Any other check that remembers rows calls this before its first batch, with the state that it has created. Returns its state after all earlier
   * parts, or undefined if the part begins like the first one. `merges` says whether the check can merge states.
   */
  beginState(rule: string, own: unknown, merges: boolean): unknown
}

/** The keys of the rows so far. */
export interface KeyRows {
  /** Adds the keys of the rows for which `isIn` is true, and calls `again` for each that was there already. A key with a null does not count. */
  add(columns: readonly Column<unknown>[], isIn: (row: number) => boolean, again: (row: number) => void): void
  /** Releases what the keys hold outside of memory. Default: nothing. */
  close?(): void
}

/** A check that remembers rows, as its stage declares it. */
export interface DeclaredState {
  /** The name of its rule. */
  readonly rule: string
  /** Combines the states of two parts, the earlier one first. Undefined if the check cannot do that. */
  readonly merge: ((one: unknown, other: unknown) => unknown) | undefined
}
