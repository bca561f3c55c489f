import { parseNumber, plainForm } from "../../cells/parse-number.ts"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { shownText } from "../../errors/shown-text.ts"
import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { nameHeaders } from "../header/header-names.ts"
import { exactNumber } from "./exact-number.ts"
import { JsonArrays } from "./json-arrays.ts"
import { JsonCells } from "./json-cells.ts"
import { JsonPath } from "./json-path.ts"
import {
  arrayOpening,
  closing,
  escapedString,
  exponentNumber,
  falseLiteral,
  type JsonTape,
  nullLiteral,
  objectOpening,
  plainNumber,
  plainString,
  trueLiteral,
} from "./json-tape.ts"
import { jsonValueAt, type OnFlaw, stringAt } from "./json-value-at.ts"
import type { TableHints } from "./table-hints.ts"
import { unescaped, unescapeString } from "./unescape-string.ts"
import { WholeObjects } from "./whole-objects.ts"

/** The most flaws that are reported for a row: a record may consist of nothing else. */
const maxFlaws = 20

/** What a part of a list or an object takes in memory: its opening, its closing, a key or a value. */
const partBytes = 64

/** What is wrong with one row. */
export interface RowFlaw {
  readonly code: string
  readonly message: string
  readonly column?: string
}

/** The columns of a table of JSON records, settled by its first batch, and the cells of the current batch. */
export class JsonTable {
  /** The names of the settled columns, after `settle` was called. */
  header: readonly string[] = []
  readonly notices: TableNotice[] = []
  /** What the lists and objects of the batch take in memory. */
  valueBytes = 0
  /** Cells of the batch. */
  cells = 0
  readonly #maxColumns: number
  readonly #uri: string
  readonly #root = new JsonPath()
  readonly #arrays = new JsonArrays()
  /** The keys with cells, in the order of the columns. */
  #paths: JsonPath[] = []
  /** The keys with cells in the current batch: of thousands, a record may have only one. */
  #touched: JsonPath[] = []
  #names: readonly string[] = []
  readonly #taken = new Set<string>()
  /** Every key that ever got cells, in the order in which they appeared. */
  readonly #everSeen = new Set<JsonPath>()
  readonly #known: ReadonlySet<JsonPath>
  #hasHeader = false
  #settled = false
  #record = 0
  /** The cells of the current record that are still to be unescaped. */
  readonly #escaped: JsonPath[] = []
  #flaws: RowFlaw[] = []
  #bytes: Uint8Array = new Uint8Array(0)

  readonly #wholes: WholeObjects

  constructor(maxColumns: number, uri: string, { known, nested, headers }: TableHints) {
    this.#maxColumns = maxColumns
    this.#uri = uri
    this.#wholes = new WholeObjects(nested, headers)
    for (const keys of known) {
      const path = keys.reduce((parent, key) => parent.find(key) ?? this.#add(parent, key), this.#root)
      if (path !== this.#root && path.cells === undefined) this.#addCells(path, path.name)
    }
    this.#known = new Set(this.#paths)
  }

  /** Whether later records may bring more columns, because there is no header. */
  get isGrowing(): boolean {
    return !this.#hasHeader
  }

  /** The keys of all records so far, for the next reading to know from the first record on. */
  get keys(): readonly (readonly string[])[] {
    return [...this.#everSeen].filter((path) => path.wasFilled || !path.branches).map(({ keys }) => keys)
  }

  get width(): number {
    return this.#paths.length
  }

  /** The number of columns with cells in the current batch. */
  get filled(): number {
    return this.#touched.length
  }

  /** Names the columns of a table of arrays, by the header before them, or by number. */
  setHeader(cells: readonly (string | null)[], named: boolean): void {
    this.#hasHeader = true
    cells.forEach((cell, at) => {
      this.#addCells(this.#root.add(`${at}`), cell ?? "")
    })
    const { names, notices } = nameHeaders(cells)
    this.#names = names
    if (named) this.notices.push(...notices)
  }

  /** Puts the object on the tape into a row, with a column for each key, and returns its flaws. The bytes do not change. */
  addObject(tape: JsonTape, bytes: Uint8Array, row: number): readonly RowFlaw[] {
    this.#begin(bytes)
    this.#addKeys(tape, 0, this.#root, row)
    return this.#flaws
  }

  /** Puts the array on the tape into a row, with a column for each element. */
  addArray(tape: JsonTape, bytes: Uint8Array, row: number): readonly RowFlaw[] {
    this.#begin(bytes)
    let column = 0
    for (let at = 1; tape.kinds[at] !== closing; at = tape.after(at)) {
      const path = this.#paths[column++]
      if (path !== undefined) this.#setCell(tape, at, path, row)
    }
    if (column !== this.#paths.length)
      this.#flaws.push({ code: "row.ragged", message: `The row has ${column} cells; the header has ${this.#paths.length}.` })
    return this.#flaws
  }

  /** Unescapes the row's texts in place; the record's bytes then differ from those of the file. */
  finishRow(row: number): readonly RowFlaw[] {
    this.#flaws = []
    for (const path of this.#escaped) {
      const cells = path.cells
      if (cells === undefined) continue
      const start = cells.starts[row] ?? 0
      unescapeString(this.#bytes, start, cells.ends[row] ?? 0)
      cells.ends[row] = unescaped.end
      if (unescaped.loneSurrogate) this.#flaw("surrogate", path.name)
      if (this.#bytes.subarray(start, unescaped.end).includes(0)) this.#flaw("nul", path.name)
    }
    return this.#flaws
  }

  /** Empties a row whose text replaces its cells. */
  clearRow(row: number): void {
    for (const path of this.#touched) path.cells?.clear(row)
  }

  /** Takes the batch's columns. The first call settles the header; later columns are added after the `known` ones. */
  take(
    bytes: Uint8Array,
    rows: number,
  ): { readonly names: readonly string[]; readonly columns: readonly Column<unknown>[]; readonly known: number } {
    if (!this.#settled) this.#settle()
    const known = this.#names.length
    if (this.#paths.length > known) this.#nameLateColumns(this.#paths.slice(known).map(({ name }) => name))
    const empty = new BytesColumn(bytes, new Uint32Array(rows), new Uint32Array(rows), rows, Bitmask.full(rows))
    const columns = new Array<Column<unknown>>(this.#paths.length).fill(empty)
    for (const { column, cells } of this.#touched) if (cells !== undefined) columns[column] = cells.take(bytes, rows, empty)
    this.#touched = []
    this.valueBytes = 0
    this.cells = 0
    return { names: this.#names, columns, known }
  }

  #settle(): void {
    this.#settled = true
    if (this.#names.length === 0) {
      // If a key is null in some records and an object in the others, the null is not a column.
      const kept = this.#paths.filter((path) => this.#known.has(path) || path.cells?.isFilled === true || !path.branches)
      for (const path of this.#paths) path.column = -1
      kept.forEach((path, at) => {
        path.column = at
      })
      for (const path of this.#paths) if (path.column < 0) path.cells = undefined
      this.#paths = kept
      const { names, notices } = nameHeaders(kept.map(({ name }) => name))
      this.#names = names
      this.notices.push(...notices)
    }
    this.header = this.#names
    for (const name of this.#names) this.#taken.add(name)
  }

  /** Existing columns keep their names. */
  #nameLateColumns(wanted: readonly string[]): void {
    const { names } = nameHeaders(wanted, this.#taken)
    this.#names = this.#names.concat(names)
    for (const name of names) this.#taken.add(name)
  }

  #begin(bytes: Uint8Array): void {
    this.#record++
    this.#bytes = bytes
    this.#flaws = []
    this.#escaped.length = 0
  }

  /** Adds the members of the object at a tape index. Keys mostly come in the same order as in the previous record. */
  #addKeys(tape: JsonTape, opening: number, parent: JsonPath, row: number): void {
    let expected = 0
    for (let at = opening + 1; tape.kinds[at] !== closing; at = tape.after(at + 1)) {
      const start = tape.starts[at] ?? 0
      const end = tape.ends[at] ?? 0
      let path = parent.children[expected]
      if (path === undefined || !path.is(this.#bytes, start, end)) path = this.#lookUp(tape, at, parent)
      expected++
      this.#addMember(tape, at + 1, path, row)
    }
  }

  #lookUp(tape: JsonTape, at: number, parent: JsonPath): JsonPath {
    const key = stringAt(tape, at, this.#bytes, this.#onFlaw)
    return parent.find(key) ?? this.#add(parent, key)
  }

  #add(parent: JsonPath, key: string): JsonPath {
    const path = parent.add(key)
    path.isWhole = this.#wholes.has(path.name)
    return path
  }

  #addMember(tape: JsonTape, value: number, path: JsonPath, row: number): void {
    const kind = tape.kinds[value]
    if (path.lastRecord === this.#record) this.#flaw("duplicate", path.name)
    path.lastRecord = this.#record
    const isSpread = kind === objectOpening && !path.isWhole
    const empty = kind === nullLiteral || (isSpread && tape.kinds[value + 1] === closing)
    if (isSpread && !empty) {
      this.#addKeys(tape, value, path, row)
      return
    }
    // Null instead of an object needs no separate column, and neither does an object without keys.
    if (empty && path.children.length > 0) return
    if (path.cells === undefined) this.#addCells(path, path.name)
    if (!empty) this.#setCell(tape, value, path, row)
  }

  #setCell(tape: JsonTape, value: number, path: JsonPath, row: number): void {
    const cells = path.cells
    const kind = tape.kinds[value]
    if (cells === undefined || kind === nullLiteral) return
    if (cells.isUntouched) {
      this.#touched.push(path)
      path.wasFilled = true
    }
    this.cells++
    const start = tape.starts[value] ?? 0
    const end = tape.ends[value] ?? 0
    switch (kind) {
      case escapedString:
        this.#escaped.push(path)
        cells.setText(row, start, end)
        break
      case plainString:
        cells.setText(row, start, end)
        break
      case plainNumber:
      case exponentNumber:
        this.#setNumber(cells, row, start, end, kind === exponentNumber)
        break
      case trueLiteral:
      case falseLiteral:
        cells.setBoolean(row, kind === trueLiteral)
        break
      case arrayOpening:
      case objectOpening:
        cells.setValue(row, jsonValueAt(tape, value, this.#bytes, this.#onFlaw))
        this.valueBytes += (tape.after(value) - value) * partBytes
    }
  }

  #setNumber(cells: JsonCells, row: number, start: number, end: number, hasExponent: boolean): void {
    if (end - start <= 15 && !hasExponent) {
      const value = parseNumber(this.#bytes, start, end)
      cells.setNumber(row, value, plainForm.start, plainForm.end)
      return
    }
    const value = exactNumber(this.#bytes, start, end, hasExponent)
    if (Number.isNaN(value)) cells.setText(row, start, end)
    else cells.setNumber(row, value, start, hasExponent ? start : end)
  }

  #addCells(path: JsonPath, name: string): void {
    if (this.#paths.length >= this.#maxColumns)
      throw limitExceeded({
        subject: "The table",
        unit: "columns or more",
        seen: this.#paths.length + 1,
        limit: this.#maxColumns,
        option: "limits.columns",
        origin: { uri: this.#uri, column: name.slice(0, 60) },
      })
    this.#everSeen.add(path)
    path.cells = new JsonCells(this.#arrays)
    path.column = this.#paths.length
    this.#paths.push(path)
    this.#arrays.columns = this.#paths.length
  }

  readonly #onFlaw: OnFlaw = (flaw, key) => this.#flaw(flaw, key)

  #flaw(flaw: Parameters<OnFlaw>[0], key: string): void {
    if (this.#flaws.length >= maxFlaws) return
    if (flaw === "duplicate")
      this.#flaws.push({
        code: "json.duplicate_key",
        message: `The key "${shownText(key)}" occurs twice in one object.`,
        column: shownText(key),
      })
    else if (flaw === "nul")
      this.#flaws.push({
        code: "text.nul",
        message: "The text contains the character NUL, which PostgreSQL cannot store.",
        column: shownText(key),
      })
    else
      this.#flaws.push({
        code: "text.lone_surrogate",
        message: "The text contains half of a surrogate pair, which PostgreSQL cannot store.",
        column: shownText(key),
      })
  }
}
