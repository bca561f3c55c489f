import type { Column as ModelColumn } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { footerRows } from "../footer-rows.ts"
import { detectThresholds } from "./detect-thresholds.ts"
import { shownTexts } from "./shown-texts.ts"
import { emptyCode, TextCodes } from "./text-codes.ts"

/** The cells of a column in the rows of a sample: a code for each row, and the text of each code. Code 0 is the empty cell. */
export interface SampledColumn {
  readonly name: string
  readonly values: readonly string[]
  readonly codes: Int32Array
}

class Column {
  readonly name: string
  readonly texts = new TextCodes()
  codes: Int32Array

  constructor(name: string, rows: number) {
    this.name = name
    this.codes = new Int32Array(rows)
  }

  grow(rows: number): void {
    const codes = new Int32Array(rows)
    codes.set(this.codes)
    this.codes = codes
  }

  /** Keeps some rows, and only their values. */
  keep(rows: readonly number[]): void {
    const kept = Int32Array.from(rows, (row) => this.codes[row] as number)
    this.texts.keep(kept)
    this.codes.fill(emptyCode)
    this.codes.set(kept)
  }
}

/** How large a sample may become. */
export interface SampleSize {
  readonly mostRows: number
  readonly mostCells: number
  /** So many rows are kept however many columns they have. */
  readonly leastRows: number
}

const wholeTable: SampleSize = { mostRows: detectThresholds.mostRows, mostCells: detectThresholds.mostCells, leastRows: 1024 }

/**
 * A uniform sample of the rows of a table, of bounded size: those whose positions have the smallest hashes. A table of up to 65,536 rows is its own
 * sample, unless a smaller size is asked for. The same rows give the same sample in whatever batches they come.
 */
export class RowSample {
  /** How many rows were offered. */
  seen = 0
  readonly #size: SampleSize
  readonly #columns = new Map<string, Column>()
  #length = 0
  #room = 1024
  /** Rows whose positions have hashes above it are left out. */
  #limit = 0xffffffff
  #hashes = new Uint32Array(1024)
  #rowNumbers = new Float64Array(1024)

  constructor(size: SampleSize = wholeTable) {
    this.#size = size
  }

  /** How many rows it has. */
  get length(): number {
    return this.#length
  }

  /** Whether it has all rows. */
  get isWhole(): boolean {
    return this.#length === this.seen
  }

  /** The position in the file of a row of the sample. */
  rowNumber(row: number): number {
    return this.#rowNumbers[row] as number
  }

  /** Whether a row is in the sample, by its position in the file. */
  has(rowNumber: number): boolean {
    let [low, high] = [0, this.#length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#rowNumbers[middle] as number) < rowNumber) low = middle + 1
      else high = middle
    }
    return low < this.#length && this.#rowNumbers[low] === rowNumber
  }

  /** Adds the readable rows of a batch. `before` is added to their positions in the file. */
  add(batch: TableBatch, before = 0): void {
    const footer = footerRows(batch)
    const columns = batch.names.map((name, at) => {
      const column = this.#columns.get(name) ?? new Column(name, this.#room)
      this.#columns.set(name, column)
      return { column, code: codesOf(batch.shape.columns[at] as ModelColumn<unknown>, column.texts) }
    })
    if (this.#length === 0) this.#room = Math.min(this.#room, this.#most)
    for (const row of batch.selection) {
      if (footer.has(row)) continue
      const hash = hashOf(this.seen++)
      if (hash > this.#limit) continue
      if (this.#length === this.#room) this.#makeRoom()
      if (hash > this.#limit) continue
      for (const { column, code } of columns) column.codes[this.#length] = code(row)
      this.#rowNumbers[this.#length] = before + batch.origin(row).row
      this.#hashes[this.#length++] = hash
    }
  }

  /** The columns of the sample. */
  columns(): readonly SampledColumn[] {
    return [...this.#columns.values()].map(({ name, texts, codes }) => ({
      name,
      values: texts.values,
      codes: codes.slice(0, this.#length),
    }))
  }

  get #most(): number {
    const { mostRows, mostCells, leastRows } = this.#size
    return Math.max(leastRows, Math.min(mostRows, Math.floor(mostCells / Math.max(1, this.#columns.size))))
  }

  #makeRoom(): void {
    const most = this.#most
    if (this.#length < most) {
      this.#room = Math.min(2 * this.#room, most)
      for (const column of this.#columns.values()) column.grow(this.#room)
      const hashes = new Uint32Array(this.#room)
      hashes.set(this.#hashes)
      this.#hashes = hashes
      const numbers = new Float64Array(this.#room)
      numbers.set(this.#rowNumbers)
      this.#rowNumbers = numbers
      return
    }
    this.#limit = Math.floor(this.#limit / 2)
    const kept: number[] = []
    for (let row = 0; row < this.#length; row++) if ((this.#hashes[row] as number) <= this.#limit) kept.push(row)
    for (const column of this.#columns.values()) column.keep(kept)
    kept.forEach((row, at) => {
      this.#hashes[at] = this.#hashes[row] as number
      this.#rowNumbers[at] = this.#rowNumbers[row] as number
    })
    this.#length = kept.length
  }
}

/** Reads the codes of a column's cells. Bytes are decoded only if their text is new. */
function codesOf(column: ModelColumn<unknown>, texts: TextCodes): (row: number) => number {
  const text = shownTexts(column)
  if (!(column instanceof BytesColumn)) return (row) => texts.ofText(text(row))
  const { bytes, starts, ends, nulls } = column
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let current = 0
  const decode = () => text(current)
  return (row) => {
    if (nulls.has(row)) return emptyCode
    current = row
    return texts.ofRange(view, starts[row] as number, ends[row] as number, decode)
  }
}

/** The finaliser of MurmurHash3, as an unsigned number. */
function hashOf(position: number): number {
  let mixed = Math.imul((position + 1) | 0, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
