import { createIssue } from "../model/create-issue.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"

/** Rejects a row because a required column is empty. Uses the schema's message if it has one. */
export function markRequired(batch: TableBatch, row: number, column: string, message?: string): void {
  batch.mark(row, requiredIssue(column, message))
}

/** The issue of an empty cell in a required column. */
export function requiredIssue(column: string, message = `The column ${column} is empty, but requires a value.`): Issue {
  return createIssue({ code: "required", message, rule: `required.${column}`, dimension: "completeness", column })
}
