import type { TableNotice } from "../../../model/table-facts.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import type { TableHead } from "./table-head.ts"

/** Says how many rows of the table the sheet hides, by hand or by a filter. They are read like all others. `hidden`: rows of the sheet that are hidden. */
export function hiddenNotice(
  hidden: ReadonlySet<number>,
  blocks: readonly CellBlock[],
  { top, bottom }: TableHead,
): TableNotice | undefined {
  if (hidden.size === 0) return undefined
  const found = new Set<number>()
  for (const { rows, length } of blocks) {
    for (let cell = 0; cell < length; cell++) {
      const row = rows[cell] as number
      if (row >= top && row <= bottom && hidden.has(row)) found.add(row)
    }
  }
  const [first] = found
  if (first === undefined) return undefined
  const rows =
    found.size === 1 ? `Row ${first + 1} is hidden` : `${found.size.toLocaleString("en-US")} rows are hidden, the first is row ${first + 1}`
  const message = `${rows}; hidden rows were read too. To leave them out, set xlsx({ hiddenRows: "skip" }).`
  return { code: "sheet.hidden_rows", message, row: first + 1 }
}
