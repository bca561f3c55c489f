import type { z } from "zod"
import { createPipeline, file } from "../../src/index.ts"
import { caseFile } from "./case-file.ts"

type Row = Record<string, unknown>

/** What a pipeline of a program makes of a case. */
export async function delivered(
  name: string,
  { columns, headers, schema, checks = [] }: { columns?: object; headers?: object; schema?: z.ZodType; checks?: readonly unknown[] } = {},
): Promise<{ rows: Row[]; issues: { code: string; severity: string; message: string; suggestion?: string | undefined }[] }> {
  let pipeline = createPipeline({ name: "case" }).from(file(caseFile(name))) as never as Definition
  if (columns !== undefined || headers !== undefined)
    pipeline = pipeline.normalize({ ...(columns && { columns }), ...(headers && { headers }) })
  if (schema !== undefined) pipeline = pipeline.validate(schema)
  for (const check of checks) pipeline = pipeline.check(check)
  const rows: Row[] = []
  const issues: { code: string; severity: string; message: string; suggestion?: string | undefined }[] = []
  for await (const batch of pipeline.batches()) {
    for (const row of batch.rows) rows.push(row)
    for (const { issue } of batch.issues) issues.push(issue)
  }
  return { rows, issues }
}

/** A pipeline whose rows are not known to the compiler. */
interface Definition {
  normalize(options: object): Definition
  validate(schema: z.ZodType): Definition
  check(check: unknown): Definition
  batches(): AsyncIterable<{
    readonly rows: Iterable<Row>
    readonly issues: Iterable<{ readonly issue: { code: string; severity: string; message: string; suggestion?: string | undefined } }>
  }>
}
