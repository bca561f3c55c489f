import type { Batches } from "../model/batch.ts"
import type { Row } from "../model/cell-value.ts"
import { TableBatch } from "../model/table-batch.ts"
import type { TableFacts, TableNotice } from "../model/table-facts.ts"

/** Adds notices to the tables of batches, before the tables' own notices. */
export async function* withNotices(batches: Batches<Row>, notices: readonly TableNotice[]): Batches<Row> {
  const extended = new Map<TableFacts, TableFacts>()
  for await (const batch of batches) {
    if (notices.length === 0 || !(batch instanceof TableBatch)) {
      yield batch
      continue
    }
    const facts = extended.get(batch.table) ?? { ...batch.table, notices: [...notices, ...(batch.table.notices ?? [])] }
    extended.set(batch.table, facts)
    yield batch.withTable(facts)
  }
}
