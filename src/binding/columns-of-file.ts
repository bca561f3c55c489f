import type { Plan } from "../contract/plan.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { TableBatch } from "../model/table-batch.ts"

/** The columns of a batch as the file names them, without those that an earlier stage declares and the file lacks. */
export function columnsOfFile(batch: TableBatch, plan: Plan): readonly string[] {
  const headers = new Map(plan.headers(batch.table.name))
  return batch.names.filter((name) => !(batch.column(name) instanceof MissingColumn)).map((name) => headers.get(name) ?? name)
}
