import { Bitmask } from "./bitmask.ts"

/** One bit for each row; a set bit is a null. */
export interface NullMask {
  /** How many rows are null. */
  readonly count: number
  /** Row r is bit r & 7 of byte r >> 3. */
  readonly bits: Uint8Array
  /** Whether a row is null. */
  has(row: number): boolean
}

let last: { readonly rows: number; readonly mask: NullMask } | undefined

/** The mask of a column without nulls. It is never written to, so columns share it: most batches have as many rows as the one before. */
export function noNulls(rows: number): NullMask {
  if (last?.rows !== rows) last = { rows, mask: new Bitmask(rows) }
  return last.mask
}
