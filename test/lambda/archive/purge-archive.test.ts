import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../../src/contract/logger.ts"
import { createPipeline } from "../../../src/index.ts"
import { createHandlers, type Handlers, purgeArchive } from "../../../src/lambda.ts"
import { finishFollowUp, postgres, purge, storedRuns, takeFollowUps } from "../../../src/postgres.ts"
import { s3Storage } from "../../../src/s3.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { type MemoryS3, startMemoryS3 } from "../../sources/s3/memory-s3.ts"
import { type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"

const { pool, clear } = await ledgerDatabase()
let plain: S3Server
let versioned: MemoryS3
beforeAll(async () => {
  ;[plain, versioned] = await Promise.all([startS3Server(), startMemoryS3({ versions: true })])
  for (const Bucket of ["processing", "archive"]) await plain.client.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  await Promise.all([plain[Symbol.asyncDispose](), versioned[Symbol.asyncDispose]()])
})
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id integer PRIMARY KEY, email text NOT NULL)")
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const Order = z.object({ id: z.number().int(), email: z.email() })

function handlersOf(client: S3Client): Handlers {
  const orders = createPipeline({ name: "orders" })
    .validate(Order)
    .into(postgres({ pool, table: "orders", mode: "upsert", key: ["id"] }))
  const buckets = { landing: "landing", processing: "processing", archive: { bucket: "archive", prefix: "kept/" } }
  return createHandlers(orders, { ...buckets, s3: { client }, database: pool, logger: silentLogger, metrics: false })
}

async function deliver(client: S3Client, key: string, body: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: "landing", Key: key, Body: body }))
  await handlersOf(client).pipeline({ bucket: "landing", key })
}

async function keys(client: S3Client): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { key } of s3Storage({ bucket: "archive", client }).list("")) found.push(key)
  return found.sort()
}

async function runOf(uri: string) {
  for await (const run of storedRuns(pool)) if (run.uri === uri) return run
  return undefined
}

const soon = () => new Date(Date.now() + 60_000)
const bad = "id,email\n1,ann@example.com\n2,nobody\n"
const archive = { bucket: "archive", prefix: "kept/" }

describe.each([
  ["without versions", () => plain.client],
  ["with versions", () => versioned.client],
] as const)("in a bucket %s", (name, clientOf) => {
  /** The two tests of a bucket do not see each other's objects. */
  beforeEach(async () => {
    for (const bucket of ["landing", "archive"])
      for await (const { key } of s3Storage({ bucket, client: clientOf() }).list(""))
        await s3Storage({ bucket, client: clientOf() }).remove(key)
    versioned.objects.clear()
  })

  test("the archived rejects and reports of purged deliveries go, and the files stay", async () => {
    const client = clientOf()
    await deliver(client, "in/a b.csv", bad)
    await deliver(client, "in/good.csv", "id,email\n3,cho@example.com\n")
    const before = await keys(client)
    expect(before).toHaveLength(5)

    expect(await purgeArchive(pool, { archive, s3: { client }, rejectsOlderThan: soon(), dryRun: true })).toEqual({
      deliveries: 1,
      rejects: 1,
      archived: 1,
    })
    expect(await keys(client)).toEqual(before)

    expect(await purgeArchive(pool, { archive, s3: { client }, rejectsOlderThan: soon() })).toEqual({
      deliveries: 1,
      rejects: 1,
      archived: 1,
    })
    expect(await keys(client)).toEqual(before.filter((key) => !/a b\.csv\.(rejects|report)/.test(key)))
    expect(await purgeArchive(pool, { archive, s3: { client }, rejectsOlderThan: soon() })).toEqual({
      deliveries: 0,
      rejects: 0,
      archived: 0,
    })
  })

  test("with `files`, nothing of a delivery stays, and other deliveries do", async () => {
    const client = clientOf()
    await deliver(client, "in/orders.csv", bad)
    // The same bytes again are a duplicate, whose file is archived too.
    await deliver(client, "in/orders-again.csv", bad)
    await deliver(client, "in/orders.csv.old", "id,email\n5,nobody\n6,bob@example.com\n")
    const run = await runOf("s3://landing/in/orders.csv")
    const report = await purgeArchive(pool, { archive, s3: { client }, delivery: run?.id ?? "", rejectsOlderThan: soon(), files: true })
    expect(report).toEqual({ deliveries: 1, rejects: 1, archived: 2 })
    const left = await keys(client)
    expect(left).toHaveLength(3)
    expect(left.filter((key) => !key.includes("orders.csv.old"))).toEqual([])
    if (name === "with versions") {
      // Not even a mark of the deletion, nor an older version below it.
      expect([...versioned.objects.keys()].filter((path) => path.startsWith("archive/")).sort()).toEqual(
        left.map((key) => `archive/${key}`),
      )
    }
  })
})

test("all versions of an object go, also those that were replaced or marked as deleted", async () => {
  const { client, objects } = versioned
  objects.clear()
  await deliver(client, "in/orders.csv", bad)
  const [key = ""] = (await keys(client)).filter((each) => each.endsWith(".rejects.ndjson"))
  const store = s3Storage({ bucket: "archive", client })
  for (const text of ["one", "two", "three"]) await store.write(key, [Buffer.from(text)])
  await store.remove(key)
  expect(objects.get(`archive/${key}`)).toHaveLength(5)
  await purgeArchive(pool, { archive, s3: { client }, rejectsOlderThan: soon() })
  expect(objects.has(`archive/${key}`)).toBe(false)
})

test("what an interrupted call has left is removed by the next one", async () => {
  const { client } = versioned
  versioned.objects.clear()
  await deliver(client, "in/orders.csv", bad)
  versioned.refuse = (method, url) =>
    method === "DELETE" && url.pathname.includes("report") ? { status: 403, code: "AccessDenied" } : undefined
  const call = () => purgeArchive(pool, { archive, s3: { client }, rejectsOlderThan: soon() })
  await expect(call()).rejects.toMatchObject({ code: "STORAGE_UNWRITABLE", remedy: expect.stringContaining("s3:ListBucketVersions") })
  versioned.refuse = undefined
  expect(await call()).toEqual({ deliveries: 0, rejects: 0, archived: 1 })
  expect((await keys(client)).filter((key) => /rejects|report/.test(key))).toEqual([])
})

test("the copies of a purge that knew no archive are removed later, and copies elsewhere are left alone", async () => {
  const { client } = versioned
  versioned.objects.clear()
  await deliver(client, "in/orders.csv", bad)
  expect((await purge(pool, { rejectsOlderThan: soon() })).copies).toHaveLength(1)
  // As the follow-up of another program would have it.
  await pool.query(
    `INSERT INTO rowgate.outbox (delivery, run_id, outcome, uri, topic, payload)
     SELECT delivery, run_id, outcome, uri, 'mirror', 'null' FROM rowgate.outbox LIMIT 1`,
  )
  const [mirror] = await takeFollowUps(pool, { topic: "mirror" })
  await finishFollowUp(pool, mirror?.id ?? 0, { copy: { uri: "s3://archive/elsewhere/orders.csv" } })
  await client.send(new PutObjectCommand({ Bucket: "archive", Key: "elsewhere/orders.csv", Body: "kept" }))
  vi.stubEnv("ARCHIVE_BUCKET", "archive")
  const options = { archive, s3: { client }, files: true }
  expect(await purgeArchive(pool, options)).toEqual({ deliveries: 0, rejects: 0, archived: 1 })
  expect(await keys(client)).toEqual(["elsewhere/orders.csv"])
  // Without a prefix, the whole bucket is the archive.
  expect(await purgeArchive(pool, { s3: { client }, files: true })).toEqual({ deliveries: 0, rejects: 0, archived: 1 })
  await expect(client.send(new GetObjectCommand({ Bucket: "archive", Key: "elsewhere/orders.csv" }))).rejects.toThrow()
})
