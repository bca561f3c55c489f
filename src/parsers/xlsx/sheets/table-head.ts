import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { CellValue } from "../../../model/cell-value.ts"
import type { JsonValue } from "../../../model/json-value.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { nameHeaders } from "../../header/header-names.ts"
import { findHeader } from "../../header/header-row.ts"
import { joinHeader } from "../../header/join-header.ts"
import type { CellRange } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import { sharedCell } from "../cells/cell-kind.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"

/** What the options, or the workbook itself, say about a table. */
export interface TableRegion {
  /** Cells outside this range do not belong to the table. */
  readonly range: CellRange | undefined
  /** Sheet row of the header, counted from 1; false if there is no header; undefined to detect it. */
  readonly headerRow: number | false | undefined
  /** The names of the columns, if no row holds them. */
  readonly names?: readonly string[] | undefined
}

/** The place of a table in its sheet and the names of its columns. */
export interface TableHead {
  readonly names: readonly string[]
  readonly notices: readonly TableNotice[]
  readonly facts: { readonly [fact: string]: JsonValue }
  /** The sheet column of each name, counted from 0. Columns without cells are left out, unless a range was given. */
  readonly columns: readonly number[]
  /** First and last row of the data, counted from 0. The last one may be infinite. */
  readonly top: number
  readonly bottom: number
  /** Whether a range was given. Cells outside it are then ignored. */
  readonly bounded: boolean
  /** Whether a range or a header row was given. Cells above the header are then ignored. */
  readonly stated: boolean
}

/** Rows and cells in which the header is looked for. */
const headRows = 200
const headCells = 40_000
/** Bytes that are read of each text: names are cut at 63 bytes, and every cell may have a text of a megabyte. */
const textBytes = 512

/** Determines the head of a table from the first cells of its sheet. */
export function tableHead(
  blocks: readonly CellBlock[],
  strings: SharedStrings,
  region: TableRegion,
  place: { uri: string; table: string },
): TableHead {
  const sample = new HeadSample(blocks, strings, region.range)
  const found = region.headerRow === undefined && region.names === undefined ? foundHeader(sample) : statedHeader(sample, region, place)
  const top = Math.max(found.dataRow, region.range?.top ?? 0)
  const columns = sample.columns(found.headerRow ?? top, region.range)
  const headless = found.headerRow === undefined
  const { names, notices } =
    headless && region.names === undefined
      ? { names: columns.map((_, at) => `column_${at + 1}`), notices: [] }
      : nameHeaders(columns.map((column, at) => region.names?.[at] ?? found.cells[column - sample.left] ?? null))
  return {
    names,
    notices,
    facts: { headerRow: found.headerRow === undefined ? null : found.headerRow + 1, ...found.facts },
    columns,
    top,
    bottom: region.range?.bottom ?? Number.POSITIVE_INFINITY,
    bounded: region.range !== undefined,
    stated: region.range !== undefined || region.headerRow !== undefined,
  }
}

interface HeaderPlace {
  /** Counted from 0; undefined if there is none. */
  readonly headerRow: number | undefined
  readonly dataRow: number
  /** By column, from the left of the sample. */
  readonly cells: readonly (string | null)[]
  readonly facts: { readonly [fact: string]: JsonValue }
}

function foundHeader(sample: HeadSample): HeaderPlace {
  const rows = sample.rows()
  const found = findHeader(rows.map(({ cells }) => cells))
  const row = found.row === undefined ? undefined : rows[found.row]
  const data = rows[found.dataRow]
  const last = rows[(found.row ?? 0) + found.span - 1]
  return {
    headerRow: row?.row,
    // Rows between the header and the sample's next row may come later in the file.
    dataRow: row === undefined ? (data?.row ?? 0) : (last?.row ?? row.row) + 1,
    cells: found.cells,
    facts: { headerRows: found.span, headerConfidence: found.confidence, headerEvidence: [...found.evidence] },
  }
}

function statedHeader(sample: HeadSample, { headerRow, names, range }: TableRegion, place: { uri: string; table: string }): HeaderPlace {
  const first = range?.top ?? 0
  if (headerRow === undefined || headerRow === false) return { headerRow: undefined, dataRow: first, cells: [], facts: {} }
  const row = sample.rowAt(headerRow - 1)
  if (row === undefined && names === undefined) {
    throw new RowgateError({
      code: "HEADER_NOT_FOUND",
      message: `Row ${headerRow} of the sheet "${shownText(place.table)}" is blank, so it cannot be the header.`,
      remedy: "Set the option header to the row number of the header in the spreadsheet, or to false.",
      origin: { ...place, row: headerRow },
    })
  }
  return { headerRow: headerRow - 1, dataRow: headerRow, cells: joinHeader([row ?? []]), facts: { headerRows: 1 } }
}

interface SampleRow {
  readonly row: number
  readonly cells: readonly CellValue[]
}

/** The first cells of a sheet as rows of values, in the order of rows. Cells with an empty text count as blank. */
class HeadSample {
  /** Leftmost column with a cell. */
  readonly left: number
  /** The rows in which to look for the header. */
  readonly #first: readonly number[]
  /** For each column, the last row of the sample that has a cell in it. */
  readonly #lastRows: readonly (number | undefined)[]
  readonly #blocks: readonly CellBlock[]
  readonly #strings: SharedStrings
  readonly #range: CellRange | undefined
  /** Shared strings that were already examined: all cells may share one. */
  readonly #texts = new Map<number, CellValue>()

  constructor(blocks: readonly CellBlock[], strings: SharedStrings, range: CellRange | undefined) {
    this.#blocks = blocks
    this.#strings = strings
    this.#range = range
    const first: number[] = []
    const lastRows: (number | undefined)[] = []
    this.#eachCell((block, cell) => {
      const row = block.rows[cell] as number
      if (first.length < headRows && first.at(-1) !== row) first.push(row)
      lastRows[block.columns[cell] as number] = row
      return true
    })
    const left = lastRows.findIndex((row) => row !== undefined)
    this.left = left < 0 ? (range?.left ?? 0) : left
    this.#first = first
    this.#lastRows = lastRows
  }

  /** The first rows in order. A gap between two rows becomes one blank row, whatever its size. */
  rows(): SampleRow[] {
    const byRow = this.#values(this.#first[0] ?? 0, this.#first.at(-1) ?? -1)
    const rows: SampleRow[] = []
    let before: number | undefined
    let cells = 0
    for (const row of this.#first) {
      if (before !== undefined && row > before + 1) rows.push({ row: before + 1, cells: [] })
      const values = byRow.get(row) ?? []
      cells += values.length
      if (cells > headCells && rows.length > 2) break
      rows.push({ row, cells: values })
      before = row
    }
    return rows
  }

  /** The cells of one row, or undefined if it is blank. */
  rowAt(row: number): readonly CellValue[] | undefined {
    return this.#values(row, row).get(row)
  }

  /** The columns of the range if it states any, else those with cells from a row on. */
  columns(fromRow: number, range: CellRange | undefined): number[] {
    if (range !== undefined && Number.isFinite(range.right)) {
      return Array.from({ length: range.right - range.left + 1 }, (_, at) => range.left + at)
    }
    return this.#lastRows.flatMap((row, column) => (row !== undefined && row >= fromRow ? [column] : []))
  }

  #values(from: number, to: number): Map<number, CellValue[]> {
    const byRow = new Map<number, CellValue[]>()
    let cells = 0
    this.#eachCell((block, cell) => {
      const row = block.rows[cell] as number
      if (row > to || cells > headCells * 2) return false
      if (row < from) return true
      const values = byRow.get(row) ?? []
      if (values.length === 0) byRow.set(row, values)
      const column = (block.columns[cell] as number) - this.left
      cells += Math.max(1, column - values.length)
      while (values.length < column) values.push(null)
      values[column] = this.#value(block, cell)
      return true
    })
    return byRow
  }

  #value(block: CellBlock, cell: number): CellValue {
    if (block.kinds[cell] !== sharedCell) return block.value(cell, this.#strings, textBytes)
    const id = block.values[cell] as number
    const text = this.#texts.get(id) ?? this.#strings.text(id, textBytes)
    this.#texts.set(id, text)
    return text
  }

  /** Calls `visit` for every cell of the range that is not blank, until it returns false. */
  #eachCell(visit: (block: CellBlock, cell: number) => boolean): void {
    const { top = 0, left = 0, bottom = Number.POSITIVE_INFINITY, right = Number.POSITIVE_INFINITY } = this.#range ?? {}
    for (const block of this.#blocks) {
      for (let cell = 0; cell < block.length; cell++) {
        const row = block.rows[cell] as number
        const column = block.columns[cell] as number
        if (row < top || row > bottom || column < left || column > right) continue
        if (!block.isEmptyText(cell, this.#strings) && !visit(block, cell)) return
      }
    }
  }
}
