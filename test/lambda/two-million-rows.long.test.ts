import { createHash } from "node:crypto"
import { env } from "node:process"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { expect, test } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../src/contract/logger.ts"
import { cell, check, createPipeline, type LoadPipeline, type Normalizer } from "../../src/index.ts"
import { createHandlers } from "../../src/lambda.ts"
import { postgres, storedRun, storedRuns } from "../../src/postgres.ts"
import { s3, s3Storage } from "../../src/s3.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { bucket, startS3Server } from "../sources/s3/s3-server.ts"
import { runSteps } from "./handlers/run-steps.ts"

/** `ROWGATE_SPLIT_ROWS=200000` makes a shorter test. */
const rows = Number(env["ROWGATE_SPLIT_ROWS"] ?? 2_000_000)
const parts = 200

const Order = z.object({
  id: z.number().int(),
  customer: z.string(),
  country: z.string(),
  amount: z.string(),
  orderedOn: z.date(),
})

function* lines(): Generator<Buffer> {
  let chunk = ["Order No.,customer,country,amount,ordered\n"]
  for (let row = 0; row < rows; row++) {
    // Every thousandth id is that of a row half a file before, so that it repeats a key of another part.
    const id = row % 1000 === 7 && row > rows / 2 ? row - rows / 2 : row
    const amount = row % 500 === 3 ? "n/a" : `${row % 9973}.${row % 10}0`
    const country = row % 700 === 11 ? "XX" : ["DE", "FR", "ES"][row % 3]
    chunk.push(`${id},customer ${row % 50_021},${country},${amount},${2020 + (row % 5)}-0${(row % 9) + 1}-1${row % 9}\n`)
    if (chunk.length < 20_000) continue
    yield Buffer.from(chunk.join(""))
    chunk = []
  }
  yield Buffer.from(chunk.join(""))
}

/** At most so many rows of one customer are fine: the verdict depends on all rows before. */
const fewOfCustomer = check.run({
  kind: "run" as const,
  name: "few of a customer",
  columns: ["customer"],
  begin: () => new Map<string, number>(),
  test(
    batch: { readonly selection: Iterable<number>; readonly columns: { readonly customer: { at(row: number): string | null } } },
    seen,
    fail,
  ) {
    for (const row of batch.selection) {
      const customer = batch.columns.customer.at(row) ?? ""
      const count = (seen.get(customer) ?? 0) + 1
      seen.set(customer, count)
      if (count === 39) fail(row, { code: "customer.often", message: "The customer has many orders.", severity: "warning" })
    }
  },
  merge(one, other) {
    for (const [customer, count] of other) one.set(customer, (one.get(customer) ?? 0) + count)
    return one
  },
})

/** A normalizer of our own: the number of the customer without its word. */
const customerNumber: Normalizer<string> = {
  name: "customerNumber",
  produces: "text",
  parse(cell) {
    const [, number] = /^customer (\d+)$/.exec(String(cell)) ?? []
    return number ?? { unreadable: true, message: `${String(cell)} is no customer.` }
  },
}

function orders(pool: object, table: string): LoadPipeline<unknown> {
  return createPipeline({ name: table, batchRows: 1_000 })
    .normalize({
      headers: { id: ["Order No."], orderedOn: ["ordered"] },
      columns: { amount: cell.decimal({ scale: 2 }), customer: customerNumber },
    })
    .validate(Order)
    .check(check.unique("id"))
    .check(check.foreignKey("country", ["DE", "FR", "ES"]))
    .check(fewOfCustomer)
    .score({ timeliness: { column: "orderedOn", halfLifeDays: 365 }, minimum: { overall: 50 } })
    .into(postgres({ pool, table } as never))
}

const { pool } = await ledgerDatabase()

test(`${rows} rows in ${parts} parts give the rows, the rejects and the scorecard of one process`, async () => {
  await using server = await startS3Server()
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
  for (const table of ["whole", "split"])
    await pool.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, customer text, country text, amount numeric(12,2), ordered_on date)`)
  const file = Buffer.concat([...lines()])
  await s3Storage({ bucket, client: server.client }).write("orders.csv", [file])

  const connection = { client: server.client }
  const processing = s3Storage({ bucket: "processing", ...connection })
  const handlers = createHandlers(orders(pool, "split"), {
    landing: bucket,
    processing,
    archive: "archive",
    s3: connection,
    database: pool,
    logger: silentLogger,
    metrics: false,
    partBytes: Math.ceil(file.length / parts),
  })
  const began = performance.now()
  const { output, steps } = await runSteps(handlers, { bucket, key: "orders.csv" }, { processing })
  const splitMs = performance.now() - began
  const split = await storedRun(pool, output?.deliveryId ?? "")

  const alone = performance.now()
  await orders(pool, "whole").run({ source: s3({ bucket, key: "orders.csv", ...connection }), asOf: split.asOf })
  const wholeMs = performance.now() - alone
  const [whole] = await all(storedRuns(pool, { pipeline: "whole" }))
  const counted = steps.filter((step) => step === "normalizer").length
  console.log(`${counted} parts: ${steps.length} calls in ${Math.round(splitMs)} ms; one process ${Math.round(wholeMs)} ms`)
  // A batch is the smallest part.
  expect(counted).toBeGreaterThan(Math.min(parts * 0.9, rows / 5_000))

  expect(split).toMatchObject({ status: "committed", read: rows, loaded: whole?.loaded, rejected: whole?.rejected })
  expect(split.rejected).toBeGreaterThan(rows / 1000)
  const hashes = (table: string) =>
    pool.query(`SELECT count(*)::int AS rows, sum(hashtextextended(t::text, 7))::text AS hash FROM ${table} t`)
  expect((await hashes("split")).rows).toEqual((await hashes("whole")).rows)
  const rejects = (id: string) =>
    `SELECT row_number, line_number, byte_offset, uri, raw::text, issues::text FROM rowgate.reject WHERE run_id = '${id}'`
  for (const [one, other] of [
    [split.id, whole?.id ?? ""],
    [whole?.id ?? "", split.id],
  ] as const) {
    const { rows: only } = await pool.query(`${rejects(one)} EXCEPT ALL ${rejects(other)} LIMIT 3`)
    expect(only).toEqual([])
  }
  const cards = await pool.query("SELECT run_id, scorecard::text AS card FROM rowgate.quality_score WHERE run_id = ANY($1)", [
    [split.id, whole?.id],
  ])
  expect(new Set(cards.rows.map(({ card }) => card)).size).toBe(1)
  expect(createHash("sha256").update(file).digest("hex")).toBe(split.sha256)
})

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
