import type { Column } from "../model/column.ts"
import { BooleanColumn } from "../model/columns/boolean-column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { DateColumn } from "../model/columns/date-column.ts"
import { DictionaryColumn } from "../model/columns/dictionary-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { instantOf } from "../model/fine-instant.ts"
import { jsonText } from "../model/json-text.ts"
import { missing } from "../sketch/counted-minima.ts"
import { FrequentValues, type FrequentValuesState, wanted } from "../sketch/frequent-values.ts"
import { hashNumber, hashValue } from "../sketch/hash-cell.ts"
import { hashText } from "../sketch/hash-text.ts"
import { KeyHash } from "../sketch/key-hash.ts"
import { CellFacts, type CellFactsState } from "./cell-facts.ts"
import type { SeenCell } from "./seen-cell.ts"
import { isShownCode } from "./shown-code.ts"
import { TextCell } from "./text-cell.ts"

/** Up to this many distinct values, all of them are counted and every figure of a profile is exact. */
const mostValues = 4096

/** A `ColumnSketch` as plain JSON. */
export interface ColumnSketchState {
  readonly position: number
  readonly values: FrequentValuesState<SeenCell>
  readonly facts?: CellFactsState
}

/** Which rows of a batch to look at. */
export interface RowFilter {
  has(row: number): boolean
}

const hash = new KeyHash()
const textCell = new TextCell()

/**
 * What is known about the cells of a column. While it has few distinct values, it only counts them: everything else follows from the counts. When there are
 * more, they are poured into sketches, and each later cell is too.
 */
export class ColumnSketch {
  readonly values: FrequentValues<SeenCell>
  #position: number
  #facts: CellFacts | undefined

  constructor(position: number, values = new FrequentValues<SeenCell>(mostValues), facts?: CellFacts) {
    this.#position = position
    this.values = values
    this.#facts = facts
  }

  /** Where the column stands in its table, from 0. In a merged sketch, the first of its places. */
  get position(): number {
    return this.#position
  }

  /** How many cells have a value. */
  get filled(): number {
    return this.values.total
  }

  /** The facts about all cells; made of the counts if there are few distinct values. */
  facts(): CellFacts {
    return this.#facts ?? this.#factsOfValues()
  }

  /** Adds the cells of some rows that are not null. */
  add(column: Column<unknown>, rows: RowFilter | undefined): void {
    const { length, nulls } = column
    const isIn = (row: number) => !nulls.has(row) && rows?.has(row) !== false
    const isAll = nulls.count === 0 && rows === undefined
    if (column instanceof DictionaryColumn) this.#addDictionary(column, isIn)
    else if (column instanceof BytesColumn) {
      const { bytes, starts, ends } = column
      const view = viewOf(bytes)
      for (let row = 0; row < length; row++)
        if (isAll || isIn(row)) this.#addText(bytes, view, starts[row] as number, ends[row] as number, 1)
    } else if (column instanceof NumberColumn) {
      const numbers = column.numbers()
      const { shown } = column
      for (let row = 0; row < length; row++)
        if (isAll || isIn(row)) {
          const text = shown?.at(row)
          if (text !== undefined && isShownCode(text)) this.#addString(text, 1)
          else this.#addNumber(numbers[row] as number)
        }
    } else if (column instanceof DateColumn || column instanceof BooleanColumn) {
      for (let row = 0; row < length; row++) if (isAll || isIn(row)) this.#addCell(column.at(row))
    } else {
      const { shown } = column
      for (let row = 0; row < length; row++)
        if (isAll || isIn(row)) {
          const text = shown?.at(row)
          if (text !== undefined && isShownCode(text)) this.#addString(text, 1)
          else this.#addCell(column.at(row))
        }
    }
  }

  merge(other: ColumnSketch): void {
    this.#position = Math.min(this.#position, other.#position)
    if (other.#facts === undefined) {
      for (const { a, b, c, count, value } of other.values.minima.entries())
        this.#note(this.values.count(a, b, c, count), a, b, c, count, value)
      return
    }
    this.#facts ??= this.#factsOfValues()
    this.#facts.merge(other.#facts)
    this.values.merge(other.values)
  }

  state(): ColumnSketchState {
    const known = { position: this.#position, values: this.values.state() }
    return this.#facts === undefined ? known : { ...known, facts: this.#facts.state() }
  }

  static from({ position, values, facts }: ColumnSketchState): ColumnSketch {
    return new ColumnSketch(position, FrequentValues.from(mostValues, values), facts === undefined ? undefined : new CellFacts(facts))
  }

  /** A workbook's shared texts are looked at once each. */
  #addDictionary({ codes, values, length }: DictionaryColumn, isIn: (row: number) => boolean): void {
    const counts = new Map<number, number>()
    for (let row = 0; row < length; row++) {
      const code = codes[row] as number
      if (isIn(row)) counts.set(code, (counts.get(code) ?? 0) + 1)
    }
    for (const [code, times] of counts) this.#addString(values[code] ?? "", times)
  }

  #addString(text: string, times: number): void {
    const bytes = Buffer.from(text)
    this.#addText(bytes, viewOf(bytes), 0, bytes.length, times)
  }

  #addText(bytes: Buffer, view: DataView, start: number, end: number, times: number): void {
    hashText(hash, view, start, end)
    const { a, b, c } = hash
    const place = this.values.count(a, b, c, times)
    if (place >= 0 && this.#facts === undefined) return
    textCell.read(bytes, start, end)
    if (place === missing || place === wanted) {
      const seen = textCell.seen()
      if (place === wanted) this.values.nominate(a, b, c, seen)
      else this.#insert(a, b, c, times, seen)
      // Pouring what was counted so far takes the cell's place.
      textCell.read(bytes, start, end)
    }
    this.#facts?.addText(textCell, a, b, c, times)
  }

  #addNumber(value: number): void {
    if (!Number.isFinite(value)) {
      this.#addOther(String(value))
      return
    }
    hash.reset()
    hashNumber(hash, value)
    hash.finish()
    const { a, b, c } = hash
    const place = this.values.count(a, b, c, 1)
    if (place >= 0 && this.#facts === undefined) return
    this.#note(place, a, b, c, 1, { type: "number", value: value === 0 ? 0 : value })
  }

  #addCell(cell: unknown): void {
    if (typeof cell === "string") this.#addString(cell, 1)
    else if (typeof cell === "number") this.#addNumber(cell)
    else if (cell instanceof Date && !Number.isNaN(cell.getTime())) this.#addValue({ type: "date", value: instantOf(cell) }, cell)
    else if (typeof cell === "boolean") this.#addValue({ type: "boolean", value: cell }, cell)
    else this.#addOther(typeof cell === "object" && cell !== null && !isWritten(cell) ? jsonText(cell) : String(cell))
  }

  /** A cell of no type that a profile looks into: an error, a time, a list. */
  #addOther(text: string): void {
    this.#addValue({ type: "other", text: text.slice(0, 200) }, `\u0000${text}`)
  }

  #addValue(seen: Exclude<SeenCell, { type: "text" }>, hashed: unknown): void {
    hash.reset()
    hashValue(hash, hashed)
    hash.finish()
    const { a, b, c } = hash
    this.#note(this.values.count(a, b, c, 1), a, b, c, 1, seen)
  }

  #note(place: number, a: number, b: number, c: number, times: number, seen: SeenCell): void {
    if (place === missing) this.#insert(a, b, c, times, seen)
    else if (place === wanted) this.values.nominate(a, b, c, seen)
    if (this.#facts !== undefined) addSeen(this.#facts, a, b, c, times, seen)
  }

  #insert(a: number, b: number, c: number, times: number, seen: SeenCell): void {
    if (this.#facts === undefined && this.values.minima.isFull) this.#facts = this.#factsOfValues()
    this.values.insert(a, b, c, times, seen)
  }

  #factsOfValues(): CellFacts {
    const facts = new CellFacts()
    for (const { a, b, c, count, value } of this.values.minima.entries()) addSeen(facts, a, b, c, count, value)
    return facts
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

function addSeen(facts: CellFacts, a: number, b: number, c: number, times: number, seen: SeenCell): void {
  if (seen.type === "text") {
    textCell.recall(seen)
    facts.addText(textCell, a, b, c, times)
  } else facts.addValue(seen, a, b, c, times)
}

/** Whether an object says how to write it, as errors and times of a spreadsheet do. */
function isWritten(value: object): boolean {
  return value.toString !== Object.prototype.toString && !Array.isArray(value)
}
