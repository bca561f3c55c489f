import type { Column } from "../model/column.ts"
import type { NullMask } from "../model/null-mask.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { countDistinct } from "./count-distinct.ts"
import type { Tally } from "./tally.ts"

/** The distinct values of so many columns are counted; each column takes up to 4 KiB. */
const mostCounted = 512

/**
 * Counts the cells of columns that have a value, and their distinct values. A cell that could not be read has a value, although it is null. Failed rows for
 * which a stage has not computed its columns do not count.
 */
export function countFilled(tally: Tally, batch: TableBatch, columns: ReadonlySet<string>): void {
  const left = leftRows(batch)
  const rows = batch.length - left.length
  if (rows === 0) return
  // A table may have thousands of columns, so none is looked up by its name.
  const masks = new Map<string, NullMask>()
  const counted = new Map<string, Column<unknown>>()
  batch.shape.names.forEach((name, at) => {
    const column = batch.shape.columns[at]
    if (column === undefined || !columns.has(name)) return
    masks.set(name, column.nulls)
    if (counted.size < mostCounted) counted.set(name, column)
    else tally.leaveDistinct(name)
  })
  countDistinct(tally, counted, left)
  const unreadable = countUnreadable(batch, masks)
  for (const [name, nulls] of masks) {
    let empty = nulls.count - (unreadable.get(name) ?? 0)
    if (nulls.count > 0) for (const row of left) if (nulls.has(row)) empty--
    tally.fill(name, rows, rows - empty)
  }
}

/** The rows that do not count. */
function leftRows(batch: TableBatch): readonly number[] {
  const left = [...batch.filteredRows()]
  if (batch.distrusted > 0) for (let row = 0; row < batch.length; row++) if (!batch.trusts(row) && !batch.dropped(row)) left.push(row)
  return left
}

/** How many cells of each column are null because they could not be read. */
function countUnreadable(batch: TableBatch, masks: ReadonlyMap<string, NullMask>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const row of batch.issues.rows()) {
    if (batch.dropped(row) || !batch.trusts(row)) continue
    let seen: Set<string> | undefined
    for (const { column, severity, dimension } of batch.issues.found(row)) {
      if (column === undefined || severity !== "error" || dimension !== "validity") continue
      if (masks.get(column)?.has(row) !== true || seen?.has(column) === true) continue
      seen = (seen ?? new Set()).add(column)
      counts.set(column, (counts.get(column) ?? 0) + 1)
    }
  }
  return counts
}
