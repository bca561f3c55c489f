import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../../src/contract/logger.ts"
import { cell, check, createPipeline } from "../../../src/index.ts"
import { createHandlers, type Handlers } from "../../../src/lambda/handlers/create-handlers.ts"
import { postgres, storedRejects, storedRuns } from "../../../src/postgres.ts"
import { s3Storage } from "../../../src/s3.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { bucket, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"
import { runSteps } from "./run-steps.ts"

const { pool, clear } = await ledgerDatabase()
let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id integer PRIMARY KEY, email text NOT NULL, amount numeric(12,2))")
})

const Order = z.object({ id: z.number().int(), email: z.email(), amount: z.string() })

function handlers(partBytes: number, directParts = 4, { mostRows, threw }: { mostRows?: number; threw?: () => void } = {}): Handlers {
  const orders = createPipeline({ name: "orders" })
    .normalize({ columns: { amount: cell.decimal() } })
    .validate(Order)
    .check(check.unique("id"))
    .check({ kind: "column", name: "odd", test: () => threw?.() })
    .score({ minimum: { validity: 50 } })
    .into(postgres({ pool, table: "orders" }))
  const place = {
    landing: bucket,
    processing: "processing",
    archive: "archive",
    s3: { client: server.client },
    database: pool,
    logger: silentLogger,
    metrics: false as const,
  }
  return createHandlers(orders, { ...place, partBytes, directParts, mostRows })
}

function csvOf(rows: number, from = 0): string {
  const lines = ["id,email,amount"]
  for (let row = 0; row < rows; row++)
    lines.push(`${from + (row === rows - 1 ? 0 : row)},${row % 50 === 9 ? "nobody" : `p${row}@example.com`},${row}.5`)
  return `${lines.join("\n")}\n`
}

async function keysOf(name: string): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const { key } of s3Storage({ bucket: name, client: server.client }).list("")) keys.push(key)
  return keys
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const processing = () => s3Storage({ bucket: "processing", client: server.client })

test.each([
  ["streamed into one transaction", 100],
  ["staged side by side", 2],
])("a file in parts is loaded, %s, and archived", async (_how, directParts) => {
  await server.put("in/orders.csv", csvOf(9_000))
  const steps = handlers(40_000, directParts)
  const { output } = await runSteps(steps, { bucket, key: "in/orders.csv" }, { processing: processing() })
  expect(output).toMatchObject({ status: "loaded", read: 9_000, rejected: 181, loaded: 8_819 })
  const { rows } = await pool.query("SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids FROM orders")
  expect(rows[0]).toEqual({ n: 8_819, ids: 8_819 })
  const archived = await steps.loader({ step: "archive", manifest: output?.manifest })
  expect(archived).toMatchObject({ status: "archived" })
  expect(await keysOf("processing")).toEqual([])
  expect(await keysOf(bucket)).not.toContain("in/orders.csv")
  expect((await keysOf("archive")).filter((key) => key.includes(output?.deliveryId ?? ""))).toEqual([
    expect.stringMatching(/^loaded\/orders\/.*\/in\/orders\.csv$/),
    expect.stringMatching(/orders\.csv\.rejects\.ndjson$/),
    expect.stringMatching(/orders\.csv\.report\.json$/),
  ])
  const [run] = await all(storedRuns(pool))
  expect(run).toMatchObject({ status: "committed", loaded: 8_819, rejected: 181 })
  const rejects = await all(storedRejects(pool, run?.id ?? ""))
  expect(rejects).toHaveLength(181)
  expect(rejects.at(-1)?.origin).toMatchObject({ uri: `s3://${bucket}/in/orders.csv`, row: 9_001 })
})

test("more rows than one transaction can publish are refused before they are staged", async () => {
  await server.put("in/many.csv", csvOf(9_001))
  const steps = handlers(40_000, 1, { mostRows: 2_000 })
  const { output, steps: names } = await runSteps(steps, { bucket, key: "in/many.csv" }, { processing: processing() })
  expect(output).toMatchObject({ status: "refused", read: 9_001, loaded: 0, withheld: 8_820 })
  expect(output?.reason).toContain("can publish at most 2000")
  expect(names.filter((name) => name === "loader")).toHaveLength(1)
})

test("a load whose answer was lost answers the same execution again; for another one it is a duplicate", async () => {
  await server.put("in/again.csv", csvOf(200))
  const steps = handlers(40_000)
  const load = { step: "load", round: 0, manifest: "" }
  const { output } = await runSteps(
    steps,
    { bucket, key: "in/again.csv" },
    {
      processing: processing(),
      call: (name, handler, input) => handler(name === "loader" ? Object.assign(load, input, { execution: "one" }) : input),
    },
  )
  expect(await steps.loader(load)).toEqual(output)
  expect(await steps.loader({ ...load, execution: "two" })).toMatchObject({ status: "duplicate", deliveryId: output?.deliveryId })
})

test("inputs that no function has returned are refused with a sentence", async () => {
  await server.put("in/wrong.csv", csvOf(100))
  const steps = handlers(40_000)
  const { manifest } = (await steps.parser({ bucket, key: "in/wrong.csv" })) as { readonly manifest: string }
  const unfinished = { status: "unfinished", object: { bucket, key: "in/wrong.csv" }, revision: 0, parts: 0, rows: 0 }
  const wrong: readonly (readonly [keyof Handlers, unknown])[] = [
    ["parser", null],
    ["parser", "text"],
    ["parser", { status: "unfinished" }],
    ["parser", { ...unfinished, writer: "../../..", deliveryId: "1", asOf: "2026-01-01" }],
    ["parser", { ...unfinished, writer: "0123abcd", deliveryId: "1", asOf: "yesterday" }],
    ["parser", { status: "replan", manifest: 7 }],
    ["normalizer", { manifest, part: 1 }],
    ["normalizer", { manifest, part: -1 }],
    ["normalizer", { manifest: "s3://elsewhere/a/r0/manifest.json", part: 0 }],
    ["validator", { manifest, part: 0, round: 0 }],
    ["scorer", { manifest, part: 0, round: 0 }],
    ["scorer", { manifest, round: 9, merge: true }],
    ["loader", { manifest, round: 0, step: "load" }],
    ["loader", { manifest, round: 0, step: "dance" }],
    ["loader", { manifest, round: 0, step: "load", execution: 7 }],
    ["loader", []],
  ]
  for (const [name, input] of wrong) {
    const failure = await steps[name](input).catch((error: Error) => error)
    expect(failure, JSON.stringify(input)).toMatchObject({ name: "Rowgate.EVENT_INVALID" })
  }
})

test("a failed map is recorded with the error of the part, and a later error replaces it", async () => {
  await server.put("in/odd.csv", csvOf(9_000))
  const steps = handlers(40_000, 100, {
    threw: () => {
      throw new Error("odd")
    },
  })
  const { manifest, deliveryId } = (await steps.parser({ bucket, key: "in/odd.csv" })) as { manifest: string; deliveryId: string }
  const error = { Error: "States.ExceedToleratedFailureThreshold", Cause: "The specified tolerated failure threshold was exceeded" }
  const record = () => steps.loader({ step: "fail", error, manifest, input: { bucket, key: "in/odd.csv" } })
  expect(await record()).toMatchObject({ reason: expect.stringContaining("States.ExceedToleratedFailureThreshold: The specified") })
  for (const part of [0, 1]) await steps.normalizer({ manifest, part })
  await expect(steps.validator({ manifest, part: 1, round: 0 })).rejects.toMatchObject({ name: "Rowgate.PIPELINE_INVALID" })
  const reason = expect.stringMatching(/^Rowgate\.PIPELINE_INVALID: The rule odd threw Error\. .*\(part 1\)$/)
  expect(await record()).toEqual({ status: "recorded", deliveryId, reason })
  expect((await all(storedRuns(pool, { pipeline: "orders" })))[0]).toMatchObject({ id: deliveryId, status: "failed", reason })
  await expect(steps.validator({ manifest, part: 0, round: 0 })).rejects.toThrow()
  expect(await record()).toMatchObject({ reason: expect.stringMatching(/\(part 0\)$/) })
  const own = { Error: "Rowgate.SINK_REFUSED", Cause: JSON.stringify({ errorMessage: "The table refused it." }) }
  expect(await steps.loader({ step: "fail", error: own, manifest })).toMatchObject({
    reason: "Rowgate.SINK_REFUSED: The table refused it.",
  })
})
