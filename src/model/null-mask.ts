import { Bitmask } from "./bitmask.ts"

/** One bit a row; a set bit is a null. */
export interface NullMask {
  /** How many rows are null. */
  readonly count: number
  /** Row r is bit r & 7 of byte r >> 3. */
  readonly bits: Uint8Array
  /** Whether a row is null. */
  has(row: number): boolean
}

/** The mask of a column without nulls. */
export function noNulls(rows: number): NullMask {
  return new Bitmask(rows)
}
