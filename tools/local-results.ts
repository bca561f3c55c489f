import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3"
import pg from "pg"
import { storedRejects, storedRun } from "rowgate/postgres"
import { summaryLines } from "../src/cli/summary.ts"
import { textTable } from "../src/cli/text-table.ts"
import type { Reject } from "../src/model/reject.ts"
import type { Execution } from "../test/aws/state-machine.ts"
import type { LocalPlaces } from "./local-places.ts"

const mostRejects = 10

/** Where everything of an execution went, in lines for a person. */
export async function localResults(
  { output, error, cause }: Execution,
  { database, s3, buckets }: LocalPlaces,
  table: string,
): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: database, max: 1 })
  try {
    const lines =
      error === undefined ? await deliveryLines(pool, output, table) : [`The execution failed: ${error}`, `  ${messageOf(cause)}`, ""]
    for (const [name, bucket] of Object.entries(buckets)) {
      const keys = await keysOf(s3, bucket)
      lines.push(`The ${name} bucket ${keys.length === 0 ? "is empty." : "holds:"}`, ...keys.map((each) => `  s3://${bucket}/${each}`))
    }
    return lines
  } finally {
    await pool.end()
  }
}

async function deliveryLines(pool: pg.Pool, output: Execution["output"], table: string): Promise<string[]> {
  const { status, deliveryId, reason } = output as { readonly status: string; readonly deliveryId?: string; readonly reason?: string }
  if (deliveryId === undefined) return [`The file was ignored: ${reason}`, ""]
  const { report } = await storedRun(pool, deliveryId)
  if (report === undefined) return [`The delivery ${deliveryId} has no report.`, ""]
  const rejects: Reject[] = []
  for await (const reject of storedRejects(pool, deliveryId, { limit: mostRejects })) rejects.push(reject)
  const run = { ...report, runId: deliveryId, pipeline: "orders", deliveries: [report] }
  const before =
    status === "duplicate"
      ? [`The same bytes were loaded before, so nothing was loaded. This is the report of the delivery that loaded them.`, ""]
      : []
  return [
    ...before,
    ...summaryLines(run, { target: `table ${table}`, look: [], examples: () => rejects }),
    ...(await firstRows(pool, table)),
    "",
  ]
}

async function firstRows(pool: pg.Pool, table: string): Promise<readonly string[]> {
  const { rows, fields } = await pool.query({
    text: `SELECT * FROM ${pg.escapeIdentifier(table)} ORDER BY 1 LIMIT 3`,
    rowMode: "array",
    types: { getTypeParser: () => (text: string) => text },
  })
  const names = fields.map(({ name }) => name)
  return [
    `The first rows of ${table}`,
    ...textTable(
      names,
      rows.map((row) => row.map((cell) => cell ?? "")),
    ).map((line) => `  ${line}`),
  ]
}

async function keysOf(s3: S3Client, bucket: string): Promise<readonly string[]> {
  const keys: string[] = []
  let next: string | undefined
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: next }))
    for (const { Key: key } of page.Contents ?? []) if (key !== undefined) keys.push(key)
    next = page.NextContinuationToken
  } while (next !== undefined)
  return keys
}

/** Lambda gives the cause of an error as JSON. */
function messageOf(cause: string | undefined): string {
  try {
    return JSON.parse(cause ?? "").errorMessage
  } catch {
    return cause ?? ""
  }
}
