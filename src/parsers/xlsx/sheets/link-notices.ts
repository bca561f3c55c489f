import { shownText } from "../../../errors/shown-text.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { type CellRange, formatAddress } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"
import { type CountedCells, cellsText } from "./cells-text.ts"
import type { TableHead } from "./table-head.ts"

/** Ranges of several cells beyond these are in no notice, because each cell is compared with each of them. */
const mostRanges = 50
const longestAddress = 512

/** Says which columns have texts that link to another address than they show, such as "Website" or a name. The addresses are not read. */
export function linkNotices(
  links: readonly CellRange[],
  blocks: readonly CellBlock[],
  strings: SharedStrings,
  { columns, names, top, bottom }: TableHead,
): readonly TableNotice[] {
  if (links.length === 0) return []
  const single = new Set(links.filter(isSingle).map(({ top: row, left }) => formatAddress(row, left)))
  const wide = links.filter((range) => !isSingle(range)).slice(0, mostRanges)
  const found = new Map<number, CountedCells>()
  for (const block of blocks) {
    for (let cell = 0; cell < block.length; cell++) {
      const [row, column] = [block.rows[cell] as number, block.columns[cell] as number]
      if (row < top || row > bottom || block.isEmptyText(cell, strings)) continue
      const first = formatAddress(row, column)
      if (!single.has(first) && !wide.some((range) => isWithin(row, column, range))) continue
      if (isAddress(String(block.value(cell, strings, longestAddress)))) continue
      const known = found.get(column)
      if (known === undefined) found.set(column, { count: 1, first })
      else known.count++
    }
  }
  return columns.flatMap((column, at) => {
    const [cells, name] = [found.get(column), names[at] ?? ""]
    if (cells === undefined) return []
    const message = `Cells of "${shownText(name)}" link to addresses that they do not show (${cellsText(cells)}). The addresses are not read.`
    return [{ code: "column.links", message, column: name }]
  })
}

function isSingle({ top, left, bottom, right }: CellRange): boolean {
  return top === bottom && left === right
}

function isWithin(row: number, column: number, { top, left, bottom, right }: CellRange): boolean {
  return row >= top && row <= bottom && column >= left && column <= right
}

/** Whether a text is an address itself: `https://example.com/a`, `www.example.com`, `example.com/a` or `ann@example.com`. */
function isAddress(text: string): boolean {
  return !text.trim().includes(" ") && /[^.\s][.@:][^.\s]/.test(text)
}
