import type { TableBatch } from "../model/table-batch.ts"

/** The rows of a batch that are totals or notes below the table, or blank rows before them. */
export function footerRows(batch: TableBatch): ReadonlySet<number> {
  const found = new Set<number>()
  for (const row of batch.issues.rows()) for (const { code } of batch.issues.found(row)) if (code.startsWith("table.")) found.add(row)
  return found
}
