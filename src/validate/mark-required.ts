import type { TableBatch } from "../model/table-batch.ts"

/** Marks a row in which a column that has to be filled is empty, in the words of the schema where it has some. */
export function markRequired(batch: TableBatch, row: number, column: string, message = `${column} is empty and has to be filled`): void {
  batch.mark(row, {
    code: "required",
    message,
    rule: `required.${column}`,
    dimension: "completeness",
    column,
    severity: "error",
    confidence: 1,
  })
}
