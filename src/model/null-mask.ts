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

let last: { readonly rows: number; readonly mask: NullMask } | undefined

/** The mask of a column without nulls. Most batches have as many rows as the last one, and such a mask is never written to. */
export function noNulls(rows: number): NullMask {
  if (last?.rows !== rows) last = { rows, mask: new Bitmask(rows) }
  return last.mask
}
