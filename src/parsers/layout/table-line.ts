import { cellText } from "../../cells/readers/cell-text.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { Origin } from "../../model/origin.ts"
import type { TableBatch } from "../../model/table-batch.ts"

/** The most characters, or bytes, of a cell that is read: labels, notes and numbers are short. */
const mostCharacters = 400

/** A row of a table as text. Long cells are cut. */
export interface TableLine {
  readonly width: number
  /** Whether it still passes. */
  readonly isSelected: boolean
  readonly isBlank: boolean
  /** Whether blank rows of a sheet or blank lines of a text, which are in no batch, precede it. */
  readonly isApart: boolean
  /** The first cell that is not blank. */
  readonly first: string
  readonly origin: Origin | undefined
  cell(place: number): string
  cells(): readonly string[]
}

/** A row of a batch. Its cells are read when they are needed. */
export class BatchLine implements TableLine {
  readonly #batch: TableBatch<Row>
  readonly #row: number
  readonly #before: TableLine | undefined
  #cells: readonly string[] | undefined

  /** `before`: the row above it. */
  constructor(batch: TableBatch<Row>, row: number, before: TableLine | undefined) {
    this.#batch = batch
    this.#row = row
    this.#before = before
  }

  get width(): number {
    return this.#batch.names.length
  }

  get isSelected(): boolean {
    return this.#batch.selection.has(this.#row)
  }

  get isBlank(): boolean {
    return this.first === ""
  }

  get first(): string {
    return this.cells().find((cell) => cell !== "") ?? ""
  }

  get origin(): Origin {
    return this.#batch.origin(this.#row)
  }

  /** Its origin without a hold on the columns of the batch. */
  originLater(): () => Origin {
    const { origins } = this.#batch
    const row = this.#row
    return () => origins.at(row)
  }

  get isApart(): boolean {
    const above = this.#before?.origin
    if (above === undefined) return false
    const own = this.origin
    if (own.address !== undefined) return own.row > above.row + 1
    if (own.line === undefined || above.line === undefined) return false
    // Line breaks may be in what was cut.
    if (this.#before?.cells().some((cell) => cell.length >= mostCharacters / 4) === true) return false
    const breaks = this.#before?.cells().reduce((sum, cell) => sum + cell.split("\n").length - 1, 0) ?? 0
    return own.line > above.line + breaks + 1
  }

  cell(place: number): string {
    return this.#cells?.[place] ?? textAt(this.#batch.columns[this.#batch.names[place] ?? ""], this.#row)
  }

  /** Shared strings are decoded for a whole column, and seldom are numbers. */
  cheapCell(place: number): string {
    return this.#batch.columns[this.#batch.names[place] ?? ""]?.kind === "dictionary" ? "" : this.cell(place)
  }

  cells(): readonly string[] {
    this.#cells ??= this.#batch.names.map((_, place) => this.cell(place))
    return this.#cells
  }
}

/** What is known about a row besides its cells. */
export interface TextLineFacts {
  /** Default: true. */
  readonly isSelected?: boolean | undefined
  /** Default: false. */
  readonly isApart?: boolean | undefined
  /** Where the row came from, computed only if it is needed. */
  readonly origin?: (() => Origin | undefined) | undefined
  /** How many cells it should have; blank ones are added. Default: as many as it has. */
  readonly width?: number | undefined
}

/** A row that is in no batch at hand. */
export class TextLine implements TableLine {
  readonly isSelected: boolean
  readonly isApart: boolean
  readonly #origin: (() => Origin | undefined) | undefined
  readonly #cells: readonly string[]

  constructor(cells: readonly string[], { isSelected = true, isApart = false, origin, width = cells.length }: TextLineFacts = {}) {
    this.#cells = Array.from({ length: width }, (_, place) => cells[place]?.trim() ?? "")
    this.isSelected = isSelected
    this.isApart = isApart
    this.#origin = origin
  }

  /** A copy that stays when the batch of a row is released. */
  static copyOf(line: TableLine): TableLine {
    return line instanceof BatchLine ? new TextLine(line.cells(), { isSelected: line.isSelected, origin: line.originLater() }) : line
  }

  get origin(): Origin | undefined {
    return this.#origin?.()
  }

  get width(): number {
    return this.#cells.length
  }

  get isBlank(): boolean {
    return this.first === ""
  }

  get first(): string {
    return this.#cells.find((cell) => cell !== "") ?? ""
  }

  cell(place: number): string {
    return this.#cells[place] ?? ""
  }

  cells(): readonly string[] {
    return this.#cells
  }
}

function textAt(column: Column<unknown> | undefined, row: number): string {
  if (column === undefined) return ""
  if (column instanceof BytesColumn && !column.nulls.has(row)) {
    const [start = 0, end = 0] = [column.starts[row], column.ends[row]]
    if (end - start > mostCharacters) return column.bytes.toString("utf8", start, start + mostCharacters).trim()
  }
  const cell = column.at(row)
  return cell === null || cell === undefined ? "" : (cellText(cell) ?? String(cell)).slice(0, mostCharacters).trim()
}
