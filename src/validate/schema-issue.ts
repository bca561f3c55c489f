import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"

/** Marks a row with what the schema said of it. A cell that could not be read has its reason already: the schema saw a null there. */
export function markIssues(batch: TableBatch, row: number, issues: readonly StandardSchemaV1.Issue[]): void {
  const explained = new Set(batch.issues.of(row).map(({ column }) => column))
  for (const issue of issues) {
    const column = columnOfIssue(issue)
    if (column !== undefined && explained.has(column)) continue
    batch.mark(row, toIssue(issue, column, column !== undefined && batch.column(column)?.nulls.has(row) === true))
  }
}

/** The column that a schema's issue speaks of: the first step of its path. */
function columnOfIssue(issue: StandardSchemaV1.Issue): string | undefined {
  const step = issue.path?.[0]
  const key = typeof step === "object" ? step.key : step
  return key === undefined ? undefined : String(key)
}

/** A schema's issue as it is stored, the message its own. An empty cell that the schema wants costs completeness, anything else validity. */
function toIssue(issue: StandardSchemaV1.Issue, column: string | undefined, isMissing: boolean): Issue {
  const severity = "error"
  if (column === undefined)
    return { code: codeOf(issue), message: issue.message, rule: "schema", dimension: "validity", severity, confidence: 1 }
  if (isMissing) {
    return {
      code: "required",
      message: issue.message,
      rule: `required.${column}`,
      dimension: "completeness",
      column,
      severity,
      confidence: 1,
    }
  }
  return { code: codeOf(issue), message: issue.message, rule: `schema.${column}`, dimension: "validity", column, severity, confidence: 1 }
}

/** zod and valibot name the kind of an issue, each in its way. */
function codeOf(issue: StandardSchemaV1.Issue): string {
  if ("code" in issue && typeof issue.code === "string") return `schema.${issue.code}`
  if ("type" in issue && typeof issue.type === "string") return `schema.${issue.type}`
  return "schema.invalid"
}
