import type { StandardSchemaV1 } from "@standard-schema/spec"
import { markRequired } from "../binding/mark-required.ts"
import { createIssue } from "../model/create-issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { SchemaStructure } from "./schema-column.ts"

/**
 * Marks a row with what the schema said of it, the messages its own. A null that has its reason already is not reported twice: a cell that could
 * not be read, or that a normalizer requires.
 */
export function markIssues(batch: TableBatch, row: number, issues: readonly StandardSchemaV1.Issue[], structure: SchemaStructure): void {
  const isNull = (column: string) => batch.column(column)?.nulls.has(row) === true
  const explained = new Set(Array.from(batch.issues.found(row), ({ severity, column }) => (severity === "error" ? column : undefined)))
  for (const issue of issues) {
    const column = columnOfIssue(issue)
    if (column !== undefined && explained.has(column) && isNull(column)) continue
    const known = structure.columns?.find(({ name }) => name === column)
    if (known?.whenMissing === "required" && isNull(known.name)) markRequired(batch, row, known.name, issue.message)
    else {
      // An issue of no column of the schema is one of the whole row.
      const rule = known === undefined ? "schema" : `schema.${known.name}`
      batch.mark(row, createIssue({ code: codeOf(issue), message: issue.message, rule, column }))
    }
  }
}

/** The column that a schema's issue speaks of: the first step of its path. */
export function columnOfIssue(issue: StandardSchemaV1.Issue): string | undefined {
  const step = issue.path?.[0]
  const key = typeof step === "object" ? step.key : step
  return key === undefined ? undefined : String(key)
}

/** zod and valibot name the kind of an issue, each in its way. */
function codeOf(issue: StandardSchemaV1.Issue): string {
  if ("code" in issue && typeof issue.code === "string") return issue.code.startsWith("schema.") ? issue.code : `schema.${issue.code}`
  if ("type" in issue && typeof issue.type === "string") return `schema.${issue.type}`
  return "schema.invalid"
}
