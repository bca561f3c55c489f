import { cellText } from "../../../cells/readers/cell-text.ts"
import type { CellValue } from "../../../model/cell-value.ts"
import type { SampleLine } from "../../layout/find-tables.ts"
import type { SkippedPart } from "../../layout/skipped-part.ts"
import type { CellRange } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import { sharedCell } from "../cells/cell-kind.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"

/** Rows and cells in which the header is looked for. */
const headRows = 200
const headCells = 40_000
/** Bytes that are read of each text: names are cut at 63 bytes, and every cell may have a text of a megabyte. */
const textBytes = 512
/** Gaps below the first rows at which another table is looked for, and how many rows on each side show whether one begins. */
const mostGaps = 50
const rowsAround = 25
/** A row that is skipped is quoted, so no more of its text is needed. */
const shownCharacters = 320

/** A row of a sheet as a line of text. */
export interface SheetLine extends SampleLine {
  /** Counted from 0. */
  readonly row: number
}

/** Rows of a sheet that are not in the table. */
export interface SkippedRows extends SkippedPart {
  /** The first one, counted from 0. */
  readonly row: number
}

/** A row of a sheet. */
export interface SampleRow {
  /** Counted from 0. */
  readonly row: number
  readonly cells: readonly CellValue[]
}

/** The first cells of a sheet as rows of values, in the order of rows. Cells with an empty text count as blank. */
export class HeadSample {
  /** Leftmost column with a cell. */
  readonly left: number
  /** The rows in which to look for the header. */
  readonly #first: readonly number[]
  /** For each column, the last row of the sample that has a cell in it. */
  readonly #lastRows: readonly (number | undefined)[]
  /** The rows of the sample that blank rows precede, in order. */
  readonly #followsGap = new Set<number>()
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
    let last: number | undefined
    this.#eachCell((block, cell) => {
      const row = block.rows[cell] as number
      if (row !== last) {
        if (first.length < headRows) first.push(row)
        if (last !== undefined && row > last + 1) this.#followsGap.add(row)
        last = row
      }
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

  /**
   * The rows as lines of text, with the number of each: the first ones, and those on both sides of a gap, where another table may begin.
   */
  lines(): readonly SheetLine[] {
    const rows = this.rows().filter(({ cells }) => cells.length > 0)
    const last = rows.at(-1)?.row ?? 0
    for (const { from, to } of this.#aroundGaps(last + 1)) {
      for (const [row, cells] of this.#values(from, to)) rows.push({ row, cells })
    }
    return rows.map(({ row, cells }, at) => ({ row, cells: cells.map(shownCell), apart: at > 0 && this.#followsGap.has(row) }))
  }

  /** The rows from one to another that are not blank: how many there are, and the first one. */
  skipped(from: number, to: number): SkippedRows | undefined {
    let count = 0
    let first: number | undefined
    let last = -1
    this.#eachCell((block, cell) => {
      const row = block.rows[cell] as number
      if (row >= from && row <= to && row !== last) {
        count++
        last = row
        first ??= row
      }
      return row <= to
    })
    if (first === undefined) return undefined
    const filled = (this.rowAt(first) ?? []).map(shownCell).filter((text) => text.trim() !== "")
    return { count, row: first, at: first + 1, text: filled.join(", ").slice(0, shownCharacters) }
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

  /** The rows near the gaps from a row on. */
  #aroundGaps(after: number): { readonly from: number; readonly to: number }[] {
    const spans: { from: number; to: number }[] = []
    for (const row of this.#followsGap) {
      if (row < after || spans.length === mostGaps) continue
      const from = Math.max(after, row - rowsAround, (spans.at(-1)?.to ?? -1) + 1)
      spans.push({ from, to: row + rowsAround })
    }
    return spans
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

/** A cell as the sheet shows it, or an empty text. */
export function shownCell(cell: CellValue): string {
  return cell === null ? "" : (cellText(cell) ?? String(cell))
}
