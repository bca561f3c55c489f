import type { KeyRows } from "../contract/check-states.ts"
import type { Column } from "../model/column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { hashCell, hashNumber } from "./hash-cell.ts"
import { IntegerSet } from "./integer-set.ts"
import { KeyHash } from "./key-hash.ts"
import { KeySet } from "./key-set.ts"
import { type KeyFile, SpilledKeys } from "./spilled-keys.ts"

/** How many hashes are held in memory before they go to a file: they take 48 MiB. */
const mostInMemory = (3 * 2 ** 22) / 4

/** Where a set of keys goes if it becomes large. */
export interface SpillOptions {
  /** Called once, when there are too many hashes. Default: all stay in memory. */
  readonly openFile?: (() => KeyFile) | undefined
  /** The most hashes in memory. Default: about three million. */
  readonly most?: number | undefined
}

/**
 * The distinct keys of many rows. A key takes a hash, or one bit if the keys are single integers that lie close together. If there are millions of hashes,
 * they go to a file, and only 1.4 bytes of each stay in memory.
 */
export class DistinctKeys implements KeyRows {
  readonly #openFile: (() => KeyFile) | undefined
  readonly #most: number
  readonly #hashed = new KeySet()
  #spilled: SpilledKeys | undefined
  /** Keys that are a single safe integer; undefined once they lie too far apart and are hashed like all others. */
  #integers: IntegerSet | undefined = new IntegerSet()
  /** The hashes of a batch, three numbers each, and their rows. */
  #hashes = new Int32Array(0)
  #hashedRows = new Uint32Array(0)

  constructor({ openFile, most = mostInMemory }: SpillOptions = {}) {
    this.#openFile = openFile
    this.#most = most
  }

  /** How many distinct keys there are. */
  get size(): number {
    return this.#hashed.size + (this.#spilled?.size ?? 0) + (this.#integers?.size ?? 0)
  }

  add(columns: readonly Column<unknown>[], isIn: (row: number) => boolean, again: (row: number) => void): void {
    const hash = new KeyHash()
    const withNulls = columns.filter((column) => column.nulls.count > 0)
    const length = columns[0]?.length ?? 0
    const numberAt = columns.length === 1 && columns[0] !== undefined ? numbersOf(columns[0]) : undefined
    let count = 0
    for (let row = 0; row < length; row++) {
      if (!isIn(row)) continue
      if (withNulls.length > 0 && withNulls.some((column) => column.nulls.has(row))) continue
      const number = this.#integers && numberAt?.(row)
      if (this.#integers !== undefined && Number.isSafeInteger(number)) {
        if (!this.#integers.add(number as number)) again(row)
        continue
      }
      if (this.#hashedRows.length < length) {
        this.#hashes = new Int32Array(3 * length)
        this.#hashedRows = new Uint32Array(length)
      }
      hash.reset()
      for (const column of columns) hashCell(hash, column, row)
      hash.finish()
      this.#hashes[3 * count] = hash.a
      this.#hashes[3 * count + 1] = hash.b
      this.#hashes[3 * count + 2] = hash.c
      this.#hashedRows[count++] = row
    }
    const hashed = this.#hashes
    // A separate loop lets the processor handle several cache misses of the set at once, which is a third faster for a million keys.
    for (let at = 0; at < count; at++) {
      if (!this.#add(hashed[3 * at] ?? 0, hashed[3 * at + 1] ?? 0, hashed[3 * at + 2] ?? 0)) again(this.#hashedRows[at] ?? 0)
    }
    if (this.#integers?.isSparse) this.#hashIntegers()
  }

  #hashIntegers(): void {
    const hash = new KeyHash()
    for (const integer of this.#integers ?? []) {
      hash.reset()
      hashNumber(hash, integer)
      hash.finish()
      this.#add(hash.a, hash.b, hash.c)
    }
    this.#integers = undefined
  }

  /** Removes the file, if there is one. */
  close(): void {
    this.#spilled?.close()
  }

  /** Returns false if the hash was there already. */
  #add(a: number, b: number, c: number): boolean {
    if (this.#spilled?.has(a, b, (a | b | c) === 0 ? 1 : c) === true || !this.#hashed.add(a, b, c)) return false
    if (this.#openFile !== undefined && this.#hashed.size >= this.#most) {
      this.#spilled ??= new SpilledKeys(this.#openFile())
      this.#spilled.add(this.#hashed)
      this.#hashed.clear()
    }
    return true
  }
}

/** Reads the numbers of a column, whatever its layout, so that equal keys are in the same set. */
function numbersOf(column: Column<unknown>): ((row: number) => unknown) | undefined {
  if (column instanceof NumberColumn) {
    const numbers = column.numbers()
    return (row) => numbers[row]
  }
  return column.kind === "value" ? (row) => column.at(row) : undefined
}
