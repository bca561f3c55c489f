import type { StandardSchemaV1 } from "@standard-schema/spec"
import { markRequired } from "../binding/mark-required.ts"
import { createIssue } from "../model/create-issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { SchemaStructure } from "./schema-column.ts"

/**
 * Records the schema's issues on a row, with the schema's messages. A null that already has a reason is not reported again: the cell could not
 * be read, or a normalizer requires a value.
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
      // An issue without a column of the schema is an issue of the whole row.
      const rule = known === undefined ? "schema" : `schema.${known.name}`
      batch.mark(row, createIssue({ code: codeOf(issue), message: issue.message, rule, column, path: pathInColumn(issue) }))
    }
  }
}

/** The column that a schema's issue is about: the first step of its path. */
export function columnOfIssue(issue: StandardSchemaV1.Issue): string | undefined {
  const [step] = issue.path ?? []
  return step === undefined ? undefined : String(keyOf(step))
}

/** The steps below the column, if the issue is about a nested value. */
function pathInColumn({ path = [] }: StandardSchemaV1.Issue): readonly (string | number)[] | undefined {
  if (path.length < 2) return undefined
  return path.slice(1).map((step) => {
    const key = keyOf(step)
    return typeof key === "number" ? key : String(key)
  })
}

function keyOf(step: PropertyKey | StandardSchemaV1.PathSegment): PropertyKey {
  return typeof step === "object" ? step.key : step
}

/** zod and valibot have different properties for the kind of an issue. */
function codeOf(issue: StandardSchemaV1.Issue): string {
  if ("code" in issue && typeof issue.code === "string") return issue.code.startsWith("schema.") ? issue.code : `schema.${issue.code}`
  if ("type" in issue && typeof issue.type === "string") return `schema.${issue.type}`
  return "schema.invalid"
}
