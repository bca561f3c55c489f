import type { Row } from "../../model/cell-value.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { labelIn, numbersOf } from "./labelled-rows.ts"
import { RowSums } from "./row-sums.ts"
import { BatchLine } from "./table-line.ts"

/** The fewest rows below that make a sum. */
const leastRows = 2

/**
 * Whether the first row of a whole table adds up those below it, as in an export with the total above the rows. It says so, or begins with a blank cell
 * where they have texts. At least half of its numbers are sums, because a rate or an average is none.
 */
export function isFirstTotal(batch: TableBatch<Row>): boolean {
  const line = new BatchLine(batch, 0, undefined)
  const label = labelIn(line)
  if ((label === undefined && line.cell(0) !== "") || !line.isSelected || batch.length <= leastRows) return false
  const below = Array.from({ length: batch.length - 1 }, (_, row) => new BatchLine(batch, row + 1, undefined))
  const isBlank = line.cell(0) === "" && below.slice(0, 20).every((other) => other.cell(0) !== "" || labelIn(other) !== undefined)
  if (label === undefined && !isBlank) return false
  const places = numbersOf(line.cells(), label?.column)
  if (places.length === 0) return false
  const rows = below.filter((other) => other.isSelected && !other.isBlank && labelIn(other) === undefined)
  const sums = new RowSums()
  for (const row of rows) sums.add(row)
  const found = sums.find(line, places, { least: leastRows })
  return found !== undefined && found * 2 >= rows.length && found >= leastRows
}
