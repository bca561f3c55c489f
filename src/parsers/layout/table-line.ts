import { cellText } from "../../cells/readers/cell-text.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { Origin } from "../../model/origin.ts"
import type { TableBatch } from "../../model/table-batch.ts"

/** The most characters, or bytes, of a cell that is read: labels, notes and numbers are short. */
export const mostCharacters = 400

/** A row of a table as text. Long cells are cut. */
export interface TableLine {
  readonly width: number
  /** Whether it still passes. */
  readonly isSelected: boolean
  readonly isBlank: boolean
  /** How many cells are not blank. */
  readonly filled: number
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

  get filled(): number {
    let filled = 0
    for (const [place, column] of this.#batch.shape.columns.entries())
      if (!(isKnownBlank(column, this.#row) ?? this.cell(place) === "")) filled++
    return filled
  }

  get isBlank(): boolean {
    return this.first === ""
  }

  get first(): string {
    for (let place = 0; place < this.width; place++) {
      const cell = this.cell(place)
      if (cell !== "") return cell
    }
    return ""
  }

  get origin(): Origin {
    return this.#batch.origin(this.#row)
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
    return this.#cells?.[place] ?? textAt(this.#batch.shape.columns[place], this.#row)
  }

  /** Shared strings are decoded for a whole column, and seldom are numbers. */
  cheapCell(place: number): string {
    return this.#batch.shape.columns[place]?.kind === "dictionary" ? "" : this.cell(place)
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

  get origin(): Origin | undefined {
    return this.#origin?.()
  }

  get width(): number {
    return this.#cells.length
  }

  get filled(): number {
    return this.#cells.filter((cell) => cell !== "").length
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

/** Whether a cell is blank, as far as its column knows without a look at the text. */
function isKnownBlank(column: Column<unknown>, row: number): boolean | undefined {
  if (!(column instanceof BytesColumn) || column.blanks === undefined) return undefined
  return column.nulls.has(row) || column.blanks.has(row)
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
