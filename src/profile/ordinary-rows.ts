import type { TableBatch } from "../model/table-batch.ts"
import { footerRows } from "./footer-rows.ts"

/**
 * The rows of a batch that say what its columns hold: neither those that the parser rejected, such as a repeated header, nor totals and notes below
 * the table. The batch itself if all do.
 */
export function ordinaryRows(batch: TableBatch): TableBatch {
  const odd = new Set(footerRows(batch))
  for (const row of batch.issues.rows()) for (const { severity } of batch.issues.found(row)) if (severity === "error") odd.add(row)
  if (odd.size === 0) return batch
  return batch.take(Array.from({ length: batch.length }, (_, row) => row).filter((row) => !odd.has(row)))
}
