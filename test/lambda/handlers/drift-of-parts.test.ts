import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, expect, test } from "vitest"
import { silentLogger } from "../../../src/contract/logger.ts"
import { cell, createPipeline } from "../../../src/index.ts"
import { createHandlers } from "../../../src/lambda/handlers/create-handlers.ts"
import { postgres } from "../../../src/postgres.ts"
import { s3Storage } from "../../../src/s3.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { bucket, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"
import { runSteps } from "./run-steps.ts"

const { pool } = await ledgerDatabase()
let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
  await pool.query("CREATE TABLE item (id integer, price numeric)")
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

/** Delivers so many rows in parts, and returns the outcome and the codes of the notices. */
async function deliver(name: string, rows: number, score: { readonly refuse?: boolean; readonly validity?: number } = {}) {
  const pipeline = createPipeline({ name: "items" })
    .normalize({ columns: { id: cell.required(cell.integer()), price: cell.decimal() } })
    .score({ drift: { refuse: score.refuse }, weights: { validity: score.validity } })
    .into(postgres({ pool, table: "item" }))
  const handlers = createHandlers(pipeline, {
    landing: bucket,
    processing: "processing",
    archive: "archive",
    s3: { client: server.client },
    database: pool,
    logger: silentLogger,
    metrics: false,
    partBytes: 4_000,
  })
  await server.put(name, `id,price\n${Array.from({ length: rows }, (_, row) => `${row},${name.length}${row % 90}.5`).join("\n")}\n`)
  const { output } = await runSteps(
    handlers,
    { bucket, key: name },
    { processing: s3Storage({ bucket: "processing", client: server.client }) },
  )
  const { rows: runs } = await pool.query("SELECT report -> 'notices' AS notices, reason FROM rowgate.run WHERE uri = $1", [
    `s3://${bucket}/${name}`,
  ])
  const notices: readonly { readonly code: string; readonly message: string }[] = runs[0].notices
  return { status: output?.status, reason: runs[0].reason, notices: notices.map(({ code, message }) => `${code}: ${message}`) }
}

test("of a delivery in parts, rows and scores are compared, and a gate on its columns says that it was not checked", async () => {
  for (const [at, name] of ["a", "bb", "ccc", "dddd", "eeeee"].entries())
    expect(await deliver(name, 400 + at)).toMatchObject({ status: "loaded", notices: [] })
  const gated = await deliver("ffffff", 401, { refuse: true, validity: 50 })
  expect(gated.status).toBe("loaded")
  expect(gated.notices).toEqual([
    expect.stringMatching(/^score\.weights_changed: The weights have changed/),
    "drift.not_compared: The columns were not checked for drift: the delivery was loaded in parts.",
  ])
  const refused = await deliver("ggggggg", 1_200, { refuse: true, validity: 50 })
  expect(refused).toMatchObject({
    status: "refused",
    reason: "the delivery has 1200 rows, and earlier ones have about 401 (a factor of 2.99, limit 1.50)",
  })
})
