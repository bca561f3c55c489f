import type { Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { apparentKind } from "../header/apparent-kind.ts"
import { isPageText, isRuleText } from "./note-text.ts"
import type { TableLine } from "./table-line.ts"
import { type TotalLabel, totalLabel } from "./total-label.ts"

/** The columns in which a label of a total is looked for. */
const labelColumns = 3

/** A label that names a total, and its column. */
export interface Label {
  readonly says: TotalLabel
  readonly column: number
}

/** The rows of a batch that have a label of a total, the number of a page or a drawn line in one of the first columns, if one of the first `most` rows does. */
export function labelledRows(batch: TableBatch<Row>, most: number): ReadonlySet<number> {
  const rows = new Set<number>()
  for (const column of batch.shape.columns.slice(0, labelColumns)) for (const row of labelledCells(column, most)) rows.add(row)
  if (rows.size === 0 || most >= batch.length) return rows
  return labelledRows(batch, batch.length)
}

function labelledCells(column: Column<unknown>, most: number): number[] {
  const rows: number[] = []
  const known = new Map<string, boolean>()
  const ranges = column.kind === "bytes" ? (column as Column<string>).ranges() : undefined
  for (let row = 0; row < Math.min(column.length, most); row++) {
    // Most cells without a letter begin with a digit; to decode a text takes longer than to look.
    if (ranges !== undefined && isDigit(ranges.bytes[ranges.starts[row] ?? 0] ?? 0)) continue
    const cell = column.at(row)
    if (typeof cell !== "string") continue
    let isLabel = known.get(cell)
    if (isLabel === undefined) {
      isLabel = totalLabel(cell.trim()) !== undefined || isPageText(cell.trim()) || isRuleText(cell.trim())
      if (known.size < 1000) known.set(cell, isLabel)
    }
    if (isLabel) rows.push(row)
  }
  return rows
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}

/** The first cell that names a total, among the first columns and the first text. */
export function labelIn(line: TableLine): Label | undefined {
  let first = 0
  while (first < line.width && line.cell(first) === "") first++
  for (let column = first; column < Math.max(labelColumns, first + 1) && column < line.width; column++) {
    const says = totalLabel(line.cell(column))
    if (says !== undefined) return { says, column }
  }
  return undefined
}

/** The columns with numbers, without that of the label. */
export function numbersOf(cells: readonly string[], label: number | undefined): number[] {
  return cells.flatMap((cell, j) => (j !== label && apparentKind(cell) === "number" ? [j] : []))
}
