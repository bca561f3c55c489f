import { createIssue } from "../model/create-issue.ts"
import type { TableBatch } from "../model/table-batch.ts"

/** Rejects a row because a required column is empty. The message is the schema's, where it has one. */
export function markRequired(batch: TableBatch, row: number, column: string, message = `${column} is empty and has to be filled`): void {
  batch.mark(row, createIssue({ code: "required", message, rule: `required.${column}`, dimension: "completeness", column }))
}
