import type { Dictionary } from "../column.ts"
import type { BytesColumn } from "./bytes-column.ts"

/**
 * The distinct texts of a column, in the order of their first rows. It compares bytes and decodes only distinct texts: for a column of a few
 * words, that takes a tenth of the time of decoding every row.
 */
export function bytesDictionary({ bytes, starts, ends, length, nulls }: BytesColumn): Dictionary {
  const codes = new Uint32Array(length)
  const values: string[] = []
  /** The first row of each value. */
  const firsts: number[] = []
  let slots = new Int32Array(256).fill(-1)
  for (let row = 0; row < length; row++) {
    if (nulls.count !== 0 && nulls.has(row)) continue
    const start = starts[row] ?? 0
    const end = ends[row] ?? 0
    if (values.length * 2 >= slots.length) slots = grown(slots, firsts, (first) => hash(bytes, starts[first] ?? 0, ends[first] ?? 0))
    let slot = hash(bytes, start, end) & (slots.length - 1)
    for (;;) {
      const code = slots[slot] ?? -1
      if (code < 0) {
        slots[slot] = values.length
        codes[row] = values.length
        firsts.push(row)
        values.push(bytes.toString("utf8", start, end))
        break
      }
      const first = firsts[code] ?? 0
      if (isEqual(bytes, start, end, starts[first] ?? 0, ends[first] ?? 0)) {
        codes[row] = code
        break
      }
      slot = (slot + 1) & (slots.length - 1)
    }
  }
  return { codes, values }
}

/** FNV-1a. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let hashed = 0x811c9dc5
  for (let at = start; at < end; at++) hashed = Math.imul(hashed ^ (bytes[at] ?? 0), 0x01000193)
  return hashed ^ (hashed >>> 15)
}

function isEqual(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  if (end - start !== otherEnd - otherStart) return false
  for (let at = start, other = otherStart; at < end; at++, other++) if (bytes[at] !== bytes[other]) return false
  return true
}

function grown(slots: Int32Array, firsts: readonly number[], hashOf: (row: number) => number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(slots.length * 4).fill(-1)
  firsts.forEach((row, code) => {
    let slot = hashOf(row) & (larger.length - 1)
    while (larger[slot] !== -1) slot = (slot + 1) & (larger.length - 1)
    larger[slot] = code
  })
  return larger
}
