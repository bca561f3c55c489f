import { isNull } from "./null-bits.ts"
import type { TextField } from "./text-field.ts"
import type { Region } from "./unescaped-region.ts"

const newline = 10

/**
 * Finds the rows that can be copied as a whole: their fields are in the unescaped region, in the right order, one byte apart. Returns 1 for each such
 * row; undefined if the fields are in more than one buffer.
 */
export function contiguousRows(fields: readonly TextField[], live: Uint8Array, { from, to }: Region): Uint8Array | undefined {
  const [first] = fields
  const last = fields.at(-1)
  if (first === undefined || last === undefined || live.length === 0) return undefined
  const { bytes } = first
  for (const field of fields) if (!sameBytes(field.bytes, bytes)) return undefined
  const copyable = new Uint8Array(live.length)
  for (let row = 0; row < live.length; row++)
    copyable[row] = (first.starts[row] as number) >= from && (last.ends[row] as number) <= to ? 1 : 0
  dropOpenEnds(copyable, bytes, last.ends)
  for (let j = 1; j < fields.length; j++) dropGaps(copyable, (fields[j - 1] as TextField).ends, (fields[j] as TextField).starts)
  for (const { starts, ends, nulls } of fields) if (nulls !== undefined) dropFilledNulls(copyable, starts, ends, nulls)
  return copyable
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset
}

/** Excludes rows with more than one byte between two fields, such as a quote. */
function dropGaps(copyable: Uint8Array, ends: Uint32Array, starts: Uint32Array): void {
  for (let row = 0; row < copyable.length; row++) if ((ends[row] as number) + 1 !== starts[row]) copyable[row] = 0
}

/** Excludes rows in which a null is not an empty field, but text such as "N/A". */
function dropFilledNulls(copyable: Uint8Array, starts: Uint32Array, ends: Uint32Array, nulls: Uint8Array): void {
  for (let row = 0; row < copyable.length; row++) {
    if (starts[row] !== ends[row] && isNull(nulls, row)) copyable[row] = 0
  }
}

/** Excludes rows that do not end in a newline. */
function dropOpenEnds(copyable: Uint8Array, bytes: Uint8Array, ends: Uint32Array): void {
  for (let row = 0; row < copyable.length; row++) if (bytes[ends[row] as number] !== newline) copyable[row] = 0
}
