import type { KeyRows } from "../contract/check-states.ts"
import type { Column } from "../model/column.ts"
import { hashCell } from "./hash-cell.ts"
import { KeyHash } from "./key-hash.ts"
import { KeySet } from "./key-set.ts"

/** A key of a part: the three words of its hash, and the first row of the part that has it. */
export const keyWords = 4

/** Keys are grouped by the first byte of their hash, so that all parts can be compared group by group. */
export const keyBuckets = 256

/** The distinct keys of one part of a file, each with its first row, counted from the first row of the part. */
export class PartKeys implements KeyRows {
  readonly #keys = new KeySet()
  /** One bit for each row whose key an earlier part has. */
  readonly #repeated: Uint8Array
  #entries = new Int32Array(keyWords * 1024)
  #rows = 0

  constructor(repeated: Uint8Array = new Uint8Array(0)) {
    this.#repeated = repeated
  }

  /** How many rows were added, with those that have no key. */
  get rows(): number {
    return this.#rows
  }

  add(columns: readonly Column<unknown>[], isIn: (row: number) => boolean, again: (row: number) => void): void {
    const length = columns[0]?.length ?? 0
    const withNulls = columns.filter((column) => column.nulls.count > 0)
    const hash = new KeyHash()
    let end = this.#keys.size * keyWords
    const entries = this.#roomFor(end + length * keyWords)
    for (let row = 0; row < length; row++) {
      if (!isIn(row) || withNulls.some((column) => column.nulls.has(row))) continue
      hash.reset()
      for (const column of columns) hashCell(hash, column, row)
      hash.finish()
      entries[end] = hash.a
      entries[end + 1] = hash.b
      entries[end + 2] = hash.c
      entries[end + 3] = row
      end += keyWords
    }
    // A separate loop lets the processor handle several cache misses of the set at once. New keys close the gaps that known ones leave.
    for (let at = this.#keys.size * keyWords; at < end; at += keyWords) {
      const place = this.#keys.size * keyWords
      const row = entries[at + 3] ?? 0
      const isNew = this.#keys.add(entries[at] ?? 0, entries[at + 1] ?? 0, entries[at + 2] ?? 0)
      if (!isNew || this.#isRepeated(this.#rows + row)) again(row)
      if (!isNew) continue
      entries.copyWithin(place, at, at + keyWords - 1)
      entries[place + 3] = this.#rows + row
    }
    this.#rows += length
  }

  /** The keys, grouped by the first byte of their hash, and how many there are in each group. */
  grouped(): { readonly entries: Int32Array; readonly buckets: readonly number[] } {
    const end = this.#keys.size * keyWords
    const counts = new Array<number>(keyBuckets).fill(0)
    for (let at = 0; at < end; at += keyWords) {
      const bucket = bucketOf(this.#entries[at])
      counts[bucket] = (counts[bucket] ?? 0) + 1
    }
    let before = 0
    const places = counts.map((count) => {
      before += count
      return (before - count) * keyWords
    })
    const grouped = new Int32Array(end)
    for (let at = 0; at < end; at += keyWords) {
      const bucket = bucketOf(this.#entries[at])
      const place = places[bucket] ?? 0
      for (let word = 0; word < keyWords; word++) grouped[place + word] = this.#entries[at + word] ?? 0
      places[bucket] = place + keyWords
    }
    return { entries: grouped, buckets: counts }
  }

  #isRepeated(row: number): boolean {
    return ((this.#repeated[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  }

  #roomFor(words: number): Int32Array {
    if (words <= this.#entries.length) return this.#entries
    const entries = new Int32Array(Math.max(words, 2 * this.#entries.length))
    entries.set(this.#entries)
    this.#entries = entries
    return entries
  }
}

function bucketOf(word = 0): number {
  return word >>> 24
}
