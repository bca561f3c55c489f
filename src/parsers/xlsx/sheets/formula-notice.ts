import { shownText } from "../../../errors/shown-text.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { formatAddress } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import { formulaCell } from "../cells/cell-kind.ts"
import { type CountedCells, cellsText } from "./cells-text.ts"
import type { TableHead } from "./table-head.ts"

const mostColumns = 5

/** Says which columns have formulas whose results the file does not hold. Their rows are rejected; this counts the cells of the sample. */
export function formulaNotice(blocks: readonly CellBlock[], { columns, names, top, bottom }: TableHead): TableNotice | undefined {
  const found = new Map<number, CountedCells>()
  for (const { rows, columns: places, kinds, length } of blocks) {
    for (let cell = 0; cell < length; cell++) {
      const [row, column] = [rows[cell] as number, places[cell] as number]
      if (kinds[cell] !== formulaCell || row < top || row > bottom) continue
      const known = found.get(column)
      if (known === undefined) found.set(column, { count: 1, first: formatAddress(row, column) })
      else known.count++
    }
  }
  const list = columns.flatMap((column, at) => {
    const cells = found.get(column)
    return cells === undefined ? [] : [`"${shownText(names[at] ?? "")}" (${cellsText(cells)})`]
  })
  if (list.length === 0) return undefined
  const more = list.length > mostColumns ? ` and ${list.length - mostColumns} more columns` : ""
  const message = `The file does not hold the results of formulas in ${list.slice(0, mostColumns).join(", ")}${more}. Open the workbook in a spreadsheet program and save it.`
  return { code: "cell.not_calculated", message }
}
