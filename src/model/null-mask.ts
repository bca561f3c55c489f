import { Bitmask } from "./bitmask.ts"

/** One bit a row; a set bit is a null. */
export interface NullMask {
  /** How many rows are null. */
  readonly count: number
  readonly bits: Uint8Array
  has(row: number): boolean
}

/** The mask of a column without nulls. */
export function noNulls(rows: number): NullMask {
  return new Bitmask(rows)
}
