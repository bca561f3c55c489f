import { isNull } from "./null-bits.ts"
import type { TextField } from "./text-field.ts"
import type { Region } from "./unescaped-region.ts"

const newline = 10

/**
 * Finds the rows whose fields stand in a clean region in the right order, one byte apart: those that can be copied whole. 1 for each;
 * undefined where the fields lie in more than one buffer.
 */
export function contiguousRows(fields: readonly TextField[], live: Uint8Array, { from, to }: Region): Uint8Array | undefined {
  const [first] = fields
  const last = fields.at(-1)
  if (first === undefined || last === undefined || live.length === 0) return undefined
  const { bytes } = first
  for (const field of fields) if (!sameBytes(field.bytes, bytes)) return undefined
  const plain = new Uint8Array(live.length)
  for (let row = 0; row < live.length; row++) plain[row] = (first.starts[row] as number) >= from && (last.ends[row] as number) <= to ? 1 : 0
  dropOpenEnds(plain, bytes, last.ends)
  for (let j = 1; j < fields.length; j++) dropGaps(plain, (fields[j - 1] as TextField).ends, (fields[j] as TextField).starts)
  for (const { starts, ends, nulls } of fields) if (nulls !== undefined) dropFilledNulls(plain, starts, ends, nulls)
  return plain
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset
}

/** Rows in which another than one byte stands between two fields: a quote, for one. */
function dropGaps(plain: Uint8Array, ends: Uint32Array, starts: Uint32Array): void {
  for (let row = 0; row < plain.length; row++) if ((ends[row] as number) + 1 !== starts[row]) plain[row] = 0
}

/** Rows in which a null is written as something, "N/A" for one: only an empty field is null to COPY. */
function dropFilledNulls(plain: Uint8Array, starts: Uint32Array, ends: Uint32Array, nulls: Uint8Array): void {
  for (let row = 0; row < plain.length; row++) {
    if (starts[row] !== ends[row] && isNull(nulls, row)) plain[row] = 0
  }
}

/** Rows that do not end in a newline. */
function dropOpenEnds(plain: Uint8Array, bytes: Uint8Array, ends: Uint32Array): void {
  for (let row = 0; row < plain.length; row++) if (bytes[ends[row] as number] !== newline) plain[row] = 0
}
