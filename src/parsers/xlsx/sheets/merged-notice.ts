import type { TableNotice } from "../../../model/table-facts.ts"
import { type CellRange, formatRange } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"
import type { TableHead } from "./table-head.ts"

/**
 * Says how many cells of the table are blank because they are merged with a cell that has a value. Areas that begin above the rows, and rows with nothing
 * but one area, such as titles between rows, do not count.
 */
export function mergedNotice(
  ranges: readonly CellRange[],
  blocks: readonly CellBlock[],
  strings: SharedStrings,
  { columns, top, bottom }: TableHead,
): TableNotice | undefined {
  const inside = ranges.filter((range) => range.top >= top && range.top <= bottom)
  if (inside.length === 0) return undefined
  const rows = filledCells(blocks, strings, top, bottom)
  let [areas, blanks] = [0, 0]
  let first: CellRange | undefined
  for (const range of inside.sort((one, other) => one.top - other.top || one.left - other.left)) {
    if (rows.get(range.top)?.has(range.left) !== true) continue
    const own = columns.filter((column) => column >= range.left && column <= range.right)
    let lost = 0
    for (let row = range.top; row <= Math.min(range.bottom, bottom); row++) {
      const filled = rows.get(row)
      if (filled === undefined || ![...filled].some((column) => column < range.left || column > range.right)) continue
      lost += own.filter((column) => !filled.has(column)).length
    }
    if (lost === 0) continue
    areas++
    blanks += lost
    first ??= range
  }
  if (first === undefined) return undefined
  const cells = blanks === 1 ? "1 cell" : `${blanks.toLocaleString("en-US")} cells`
  const message =
    areas === 1
      ? `The merged area ${formatRange(first)} leaves ${cells} blank.`
      : `${areas.toLocaleString("en-US")} merged areas leave ${cells} blank. The first is ${formatRange(first)}.`
  return {
    code: "sheet.merged",
    message: `${message} To give each cell the value of its area, read them with xlsx({ merged: "fill" }).`,
    row: first.top + 1,
  }
}

/** The columns of each row that have a value. */
function filledCells(blocks: readonly CellBlock[], strings: SharedStrings, top: number, bottom: number): Map<number, Set<number>> {
  const filled = new Map<number, Set<number>>()
  for (const block of blocks) {
    for (let cell = 0; cell < block.length; cell++) {
      const row = block.rows[cell] as number
      if (row < top || row > bottom || block.isEmptyText(cell, strings)) continue
      const columns = filled.get(row)
      if (columns === undefined) filled.set(row, new Set([block.columns[cell] as number]))
      else columns.add(block.columns[cell] as number)
    }
  }
  return filled
}
