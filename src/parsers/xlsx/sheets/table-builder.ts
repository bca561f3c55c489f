import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { Row } from "../../../model/cell-value.ts"
import type { Column } from "../../../model/column.ts"
import { ArraySlab } from "../../../model/columns/array-slab.ts"
import { type NullMask, noNulls } from "../../../model/null-mask.ts"
import type { Origins } from "../../../model/origin.ts"
import { TableBatch } from "../../../model/table-batch.ts"
import type { TableFacts } from "../../../model/table-facts.ts"
import { firstRows, hasRoom, mostPlaces } from "../../batch-room.ts"
import { columnLetters, formatAddress } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import type { CellFormats } from "../cells/cell-formats.ts"
import { errorCell, formulaCell, sharedCell, shownCell, textCell } from "../cells/cell-kind.ts"
import { ColumnBuilder } from "../cells/column-builder.ts"
import { emptyColumn } from "../cells/empty-column.ts"
import type { MergedCells } from "../cells/merged-cells.ts"
import { RowSet } from "../cells/row-set.ts"
import { CopiedStrings } from "../strings/copied-strings.ts"
import { SharedCodes } from "../strings/shared-codes.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"
import { TextArena } from "../strings/text-arena.ts"
import { CellFindings } from "./cell-findings.ts"
import { storedBelow, storedTwice } from "./row-order.ts"
import type { TableHead } from "./table-head.ts"

/** Options of `TableBuilder`. */
export interface TableBuilderOptions {
  readonly uri: string
  readonly version: string | undefined
  readonly table: TableFacts
  readonly head: TableHead
  readonly strings: SharedStrings
  readonly formats: CellFormats
  readonly merged: MergedCells | undefined
  readonly batchRows: number
  readonly batchBytes: number
  readonly rowBytes: number
}

/** In a table of more columns than this, a batch may hold more bytes of text, because each column has a fixed cost. */
const usualColumns = 1024

/** A batch is full when it has this many findings, each of which becomes an issue. */
const maxFindings = 1 << 13

/** A batch may hold this many times `batchBytes` of text if its size is known only when it is complete. */
const largeFactor = 8

const noRow = -1

/** Gathers the cells of one table into batches of rows. Blank rows are skipped. */
export class TableBuilder {
  readonly #options: TableBuilderOptions
  /** Rows that any batch has room for. */
  readonly #capacity: number
  readonly #columns: readonly ColumnBuilder[]
  /** The columns with cells in the batch: a row may fill only one of 16,384 columns. */
  #touched: ColumnBuilder[] = []
  /** The table column of each sheet column, or -1. */
  readonly #places: Int32Array
  readonly #arena = new TextArena(64 * 1024)
  readonly #copied = new CopiedStrings()
  #rows: Int32Array
  #length = 0
  /** Cells of the blocks that were added to the batch. */
  #cells = 0
  /** Whether shared strings need no check: none has faults, and a batch full of the longest one is not too large. */
  readonly #sharedArePlain: boolean
  #sharedBytes = 0
  /** The bytes of text at which a batch is full. */
  readonly #fullBytes: number
  /** Bytes of text before the current row. */
  #bytesBefore = 0
  /** The current sheet row, and its row in the batch. */
  #row = noRow
  #slot = noRow
  /** Whether the current row holds more than empty texts. */
  #hasValue = false
  #ordered = true
  #settled = false
  /** Every row that had a cell, in this batch or an earlier one. */
  readonly #seen = new RowSet()
  /** The batch row of each sheet row, once a row comes again. */
  #slots: Map<number, number> | undefined
  /** The columns with an empty text in the current row while the row has no value, and their number. */
  readonly #blank: ColumnBuilder[] = []
  #blanks = 0
  readonly #findings: CellFindings
  /** The last row with a finding about values outside the columns. */
  #ragged = noRow

  constructor(options: TableBuilderOptions) {
    const width = options.head.names.length
    this.#options = options
    this.#findings = new CellFindings(options.head.names)
    const { strings, batchBytes, batchRows } = options
    this.#capacity = Math.max(1, Math.min(batchRows, firstRows(width)))
    this.#sharedArePlain = !strings.hasFaults && strings.longest * Math.min(mostPlaces, batchRows * width) <= batchBytes * largeFactor
    const texts = { strings, formats: options.formats, codes: new SharedCodes(strings), copied: this.#copied, arena: this.#arena }
    const arrays = {
      kinds: new ArraySlab((length) => new Uint8Array(length)),
      values: new ArraySlab((length) => new Float64Array(length)),
      ends: new ArraySlab((length) => new Uint32Array(length)),
      noNulls: sharedNoNulls(),
    }
    const touch = (column: ColumnBuilder) => this.#touched.push(column)
    this.#fullBytes = batchBytes * Math.max(1, width / usualColumns)
    this.#columns = Array.from({ length: width }, (_, place) => new ColumnBuilder(place, this.#capacity, texts, arrays, touch))
    this.#places = new Int32Array((options.head.columns.at(-1) ?? -1) + 1).fill(-1)
    options.head.columns.forEach((column, at) => {
      this.#places[column] = at
    })
    this.#rows = new Int32Array(batchRows)
  }

  /** Adds the cells of a block from an index on. Returns the index after the last cell added; before the end of the block, take a batch first. */
  add(block: CellBlock, from: number): number {
    const { rows, columns, kinds, values, ends } = block
    const { top, bottom } = this.#options.head
    const places = this.#places
    const builders = this.#columns
    const isPlain = this.#sharedArePlain
    for (let cell = from; cell < block.length; cell++) {
      const row = rows[cell] as number
      if (row !== this.#row) {
        if (row < top || row > bottom) {
          if (row < top && this.#settled && !block.isEmptyText(cell, this.#options.strings)) throw storedBelow(this.#place(row))
          continue
        }
        if (!this.#openRow(row, block, cell, from)) return cell
      }
      const sheetColumn = columns[cell] as number
      const column = sheetColumn < places.length ? (places[sheetColumn] as number) : -1
      const kind = kinds[cell] as number
      if (column < 0) this.#outside(block, cell)
      else if (this.#hasValue && (kind < sharedCell || (kind === sharedCell && isPlain))) {
        ;(builders[column] as ColumnBuilder).put(this.#slot, kind, values[cell] as number)
      } else if (this.#hasValue && kind === shownCell) {
        ;(builders[column] as ColumnBuilder).putText(this.#slot, kind, values[cell] as number, ends[cell] as number)
      } else this.#addText(block, cell, column)
    }
    this.#cells += block.length - from
    return block.length
  }

  /** Adds a cell that may hold a text, which may be empty, large or have faults. */
  #addText(block: CellBlock, cell: number, column: number): void {
    const { strings } = this.#options
    const builder = this.#columns[column] as ColumnBuilder
    const kind = block.kinds[cell] as number
    const value = block.values[cell] as number
    if (!this.#hasValue) {
      if (block.isEmptyText(cell, strings)) this.#blank[this.#blanks++] = builder
      else this.#hasValue = true
    }
    if (kind === formulaCell) {
      this.#findings.noteFormula(this.#row, column)
      return
    }
    if (kind === shownCell) {
      builder.putText(this.#slot, kind, value, block.ends[cell] as number)
      return
    }
    if (kind === textCell || kind === errorCell) {
      const start = this.#arena.length
      this.#arena.copy(block.text.bytes, value, block.ends[cell] as number)
      builder.putText(this.#slot, kind, start, this.#arena.length)
      this.#checkRow()
      if (block.faults.size > 0) this.#findings.noteFaults(this.#row, block.faults.get(cell) ?? 0, column)
      return
    }
    builder.put(this.#slot, kind, value)
    if (kind !== sharedCell) return
    this.#sharedBytes += strings.byteLength(value)
    this.#checkRow()
    this.#findings.noteFaults(this.#row, strings.faults(value), column)
  }

  #checkRow(): void {
    const { rowBytes, uri, table } = this.#options
    const seen = this.#arena.length + this.#sharedBytes - this.#bytesBefore
    if (seen <= rowBytes) return
    throw limitExceeded({
      subject: `Row ${this.#row + 1} of the sheet "${shownText(table.name)}"`,
      unit: "bytes of text or more",
      seen,
      limit: rowBytes,
      option: "limits.rowBytes",
      origin: { uri, table: table.name, row: this.#row + 1 },
    })
  }

  /** Call after the cells that determined the head. From then on, cells above the head are an error. */
  settle(): void {
    this.#settled = !this.#options.head.stated
  }

  get width(): number {
    return this.#columns.length
  }

  /** Number of rows in the batch. */
  get length(): number {
    return this.#length
  }

  /** Returns the batch of the rows so far and empties the builder. */
  take(): TableBatch<Row> {
    this.#closeRow()
    const { head, table, merged } = this.#options
    const length = this.#length
    if (!this.#ordered) this.#sort()
    const rows = this.#rows.slice(0, length)
    merged?.fill(rows, this.#columns, this.#places, this.#arena)
    const touched = this.#touched
    // By index: an iterator creates an object for each column, and each of many batches may have sixteen thousand columns.
    for (let at = 0; at < touched.length; at++) touched[at]?.settleTexts(length)
    const bytes = this.#arena.take()
    this.#copied.clear()
    const columns = new Array<Column<unknown>>(this.#columns.length).fill(emptyColumn(length))
    for (let at = 0; at < touched.length; at++) {
      const column = touched[at] as ColumnBuilder
      columns[column.place] = column.take(length, bytes)
    }
    this.#touched = []
    const batch = TableBatch.of<Row>({ length, table, names: head.names, columns, origins: this.#origins(rows) })
    this.#findings.mark(batch, rows)
    this.#length = 0
    this.#cells = 0
    this.#sharedBytes = 0
    this.#row = noRow
    this.#ordered = true
    this.#slots = undefined
    return batch
  }

  /** Starts another row at a cell of a block whose cells are being added from index `from` on. Returns false if the batch is full. */
  #openRow(row: number, block: CellBlock, cell: number, from: number): boolean {
    this.#closeRow()
    this.#blanks = 0
    if (this.#seen.has(row)) this.#reopenRow(row)
    else if (this.#isFull(block, cell, from)) {
      this.#row = noRow
      return false
    } else {
      if (this.#length > 0 && row < (this.#rows[this.#length - 1] as number)) this.#ordered = false
      this.#slot = this.#length++
      this.#rows[this.#slot] = row
      this.#slots?.set(row, this.#slot)
      this.#seen.add(row)
      this.#hasValue = false
    }
    this.#row = row
    this.#bytesBefore = this.#arena.length + this.#sharedBytes
    return true
  }

  /** Returns to a row that already had cells. Throws if it is not in this batch, because the file cannot be read in one pass then. */
  #reopenRow(row: number): void {
    this.#slots ??= new Map(Array.from(this.#rows.subarray(0, this.#length), (each, at) => [each, at]))
    const slot = this.#slots.get(row)
    if (slot === undefined) throw storedTwice(this.#place(row))
    this.#slot = slot
    this.#hasValue = true
  }

  #isFull(block: CellBlock, cell: number, from: number): boolean {
    if (this.#length >= this.#options.batchRows) return true
    if (this.#length >= this.#capacity && !this.#hasRoom(block, cell, from)) return true
    return this.#length > 0 && (this.#arena.length + this.#sharedBytes >= this.#fullBytes || this.#findings.length >= maxFindings)
  }

  /** Whether the row that begins at a cell of a block would not make the batch too large. */
  #hasRoom(block: CellBlock, cell: number, from: number): boolean {
    const { rows, length } = block
    let end = cell
    while (end < length && rows[end] === rows[cell]) end++
    // The next block may continue the row.
    const more = end === length ? this.width : end - cell
    const filled = Math.min(this.width, this.#touched.length + more)
    return hasRoom({ rows: this.#length + 1, width: this.width, filled, cells: this.#cells + cell - from + more })
  }

  /** Drops the current row if it holds no value. */
  #closeRow(): void {
    if (this.#row === noRow || this.#hasValue) return
    for (let at = 0; at < this.#blanks; at++) this.#blank[at]?.clear(this.#slot)
    this.#length--
    this.#seen.remove(this.#row)
    this.#slots?.delete(this.#row)
    this.#row = noRow
  }

  /** Handles a value outside the columns. It is ignored if the range was given; otherwise the row does not fit the table. */
  #outside(block: CellBlock, cell: number): void {
    if (this.#options.head.bounded || block.isEmptyText(cell, this.#options.strings)) return
    this.#hasValue = true
    if (this.#ragged === this.#row) return
    this.#ragged = this.#row
    const { columns } = this.#options.head
    const address = formatAddress(block.rows[cell] as number, block.columns[cell] as number)
    const message = `The cell ${address} has a value outside the table's columns ${columnLetters(columns[0] ?? 0)} to ${columnLetters(columns.at(-1) ?? 0)}.`
    this.#findings.note(this.#row, { code: "row.ragged", message })
  }

  #place(row: number): { readonly uri: string; readonly table: string; readonly row: number } {
    const { uri, table } = this.#options
    return { uri, table: table.name, row }
  }

  /** Sorts the rows by their sheet row. */
  #sort(): void {
    const rows = this.#rows.slice(0, this.#length)
    const order = Uint32Array.from(rows, (_, at) => at).sort((one, other) => (rows[one] as number) - (rows[other] as number))
    for (const column of this.#touched) column.reorder(order)
    this.#rows.set(rows.sort())
  }

  #origins(rows: Int32Array): Origins {
    const { uri, version, table, head } = this.#options
    return {
      at: (at) => {
        const row = rows[at] ?? 0
        const address = formatAddress(row, head.columns[0] ?? 0)
        return { uri, ...(version === undefined ? {} : { version }), table: table.name, row: row + 1, address }
      },
    }
  }
}

/** Caches the mask, because most batches have the same number of rows. */
function sharedNoNulls(): (rows: number) => NullMask {
  let last = { rows: 0, mask: noNulls(0) }
  return (rows) => {
    if (rows !== last.rows) last = { rows, mask: noNulls(rows) }
    return last.mask
  }
}
