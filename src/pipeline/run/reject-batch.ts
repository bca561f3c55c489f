import { columnOf } from "../../model/column-of.ts"
import type { Reject } from "../../model/reject.ts"
import { TableBatch } from "../../model/table-batch.ts"

/** Rejects as a batch with the columns `origin`, `raw` and `issues`, for sinks that keep rejects. */
export function rejectBatch(rejects: readonly Reject[], table: string): TableBatch<Reject> {
  const names = ["origin", "raw", "issues"]
  const columns = [
    columnOf(rejects.map(({ origin }) => origin)),
    columnOf(rejects.map(({ raw }) => raw)),
    columnOf(rejects.map(({ issues }) => issues)),
  ]
  const facts = { name: table, header: names }
  return TableBatch.of<Reject>({
    length: rejects.length,
    table: facts,
    names,
    columns,
    origins: { at: (row) => rejects[row]?.origin ?? { uri: table, row: row + 1 } },
  })
}
