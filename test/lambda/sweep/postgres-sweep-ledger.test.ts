import { createHash, randomUUID } from "node:crypto"
import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { archiveKey } from "../../../src/lambda/archive/archive-key.ts"
import { archiveObject } from "../../../src/lambda/archive/archive-object.ts"
import { postgresSweepLedger } from "../../../src/lambda/sweep/postgres-sweep-ledger.ts"
import { sweep } from "../../../src/lambda/sweep/sweep.ts"
import type { SweptObject } from "../../../src/lambda/sweep/sweep-options.ts"
import { fileId } from "../../../src/lambda/sweep/tries.ts"
import { failFollowUp, fileStates, finishFollowUp, postgres, recordFailure, storedRuns, type TakenFollowUp } from "../../../src/postgres.ts"
import { s3Storage } from "../../../src/sources/s3/s3-storage.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { memoryStorage } from "../../memory-storage.ts"
import { batchOf } from "../../postgres/batch-of.ts"
import { deliver } from "../../sinks/deliver.ts"
import { bucket, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"

const { pool, clear } = await ledgerDatabase()
const pipeline = "test"
const hour = 3_600_000
let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
  await server.client.send(new CreateBucketCommand({ Bucket: "archive" }))
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int)")
  await clear()
})

/** Puts an object into the landing bucket. Its content is the id of the row to load. */
async function put(key: string, id: number): Promise<SweptObject> {
  await server.put(key, String(id))
  const etag = createHash("md5").update(String(id)).digest("hex")
  return { bucket, key, uri: `s3://${bucket}/${key}`, version: etag, etag, size: String(id).length }
}

/** Delivers an object into the table, with its archiving as a follow-up. */
async function load({ key, uri, version, etag = "" }: SweptObject, refuse?: string): Promise<void> {
  const chunks: Uint8Array[] = []
  for await (const chunk of s3Storage({ bucket, client: server.client }).read(key, { etag })) chunks.push(chunk)
  const content = Buffer.concat(chunks).toString()
  await deliver(postgres<object>({ pool, table: "item" }), [batchOf([{ id: Number(content) }])], {
    content,
    delivery: { uri, version, after: [{ topic: "archive", payload: { key, etag } }] },
    ...(refuse === undefined ? {} : { refuse }),
  })
}

async function archive(followUp: TakenFollowUp): Promise<void> {
  const { key, etag } = followUp.payload as { readonly key: string; readonly etag: string }
  const { delivery: deliveryId, createdAt: at } = followUp
  const outcome = followUp.outcome === "committed" ? "loaded" : followUp.outcome
  const to = { bucket: "archive", key: archiveKey({ outcome, pipeline, at, deliveryId, key }) }
  try {
    const { uri = "" } = await archiveObject({ client: server.client, source: { bucket, key, etag }, to })
    await finishFollowUp(pool, followUp.id, { copy: { uri } })
  } catch (error) {
    await failFollowUp(pool, followUp, String(error), { retryMs: 0 })
    throw error
  }
}

async function keysIn(name: string): Promise<string[]> {
  const { Contents = [] } = await server.client.send(new ListObjectsV2Command({ Bucket: name }))
  return Contents.map(({ Key = "" }) => Key)
}

function sweeper(start: (object: SweptObject) => Promise<"started" | "running">) {
  const processing = memoryStorage(() => now)
  let now = new Date(Date.now() + hour)
  return async () => {
    now = new Date(now.getTime() + 2 * hour)
    return sweep({
      pipeline,
      landing: [{ bucket, storage: s3Storage({ bucket, client: server.client }) }],
      processing: { storage: processing, folder: "test/", folderOf: (object) => `test/${fileId(object)}/`, fileOf: async () => undefined },
      archive: { bucket: "archive", s3: { client: server.client } },
      ledger: postgresSweepLedger(pool, { pipeline, topic: "archive" }),
      start,
      followUp: archive,
      now,
    })
  }
}

test("whatever happened to a delivery, its object ends in the archive once, and its rows in the table once", async () => {
  // Loaded and refused, but the functions died before they archived the objects.
  await load(await put("in/loaded.csv", 1))
  await load(await put("in/refused.csv", 2), "too bad")
  // The events of these were lost, and one of them was loaded before under another name.
  await put("in/lost.csv", 3)
  await put("in/copy.csv", 1)
  // The process of this one was lost while it was loading.
  const { uri, version } = await put("in/died.csv", 4)
  await pool.query(
    `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, uri, version, mode, status, token, heartbeat_at, backend_pid)
     VALUES ($1, 'x', 'test', 'public.item', 'x', $2, $3, 'append', 'running', nextval('rowgate.token'), clock_timestamp() - interval '1 hour', 0)`,
    [randomUUID(), uri, version],
  )
  // This one was given up while its parts were staged.
  await pool.query(
    `INSERT INTO rowgate.staging (delivery, pipeline, target, uri, touched_at)
     VALUES ('given up', 'test', 'public.item', 's3://landing/in/large.csv', clock_timestamp() - interval '2 days')`,
  )
  // This one fails each time.
  const bad = await put("in/bad.csv", 5)
  const sweepAgain = sweeper(async (object) => {
    if (object.key !== bad.key) await load(object)
    else await recordFailure(pool, { id: randomUUID(), pipeline, uri: bad.uri, version: bad.version, reason: "The sheet is empty." })
    return "started"
  })
  expect(await sweepAgain()).toMatchObject({
    finished: true,
    followedUp: 2,
    lostRuns: 1,
    staging: 1,
    found: 4,
    started: 4,
    failures: { count: 0 },
  })
  for (let sweeps = 0; sweeps < 4; sweeps++) expect((await sweepAgain()).failures).toEqual({ count: 0, first: [] })
  expect(await keysIn(bucket)).toEqual([])
  const places = (await keysIn("archive")).map((key) => key.replace(/\/\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}\//, " "))
  expect(places.sort()).toEqual([
    "duplicate/test in/copy.csv",
    "failed/test in/bad.csv",
    "failed/test in/bad.csv.reason.json",
    "loaded/test in/died.csv",
    "loaded/test in/loaded.csv",
    "loaded/test in/lost.csv",
    "refused/test in/refused.csv",
  ])
  expect((await pool.query("SELECT id FROM item ORDER BY id")).rows.map(({ id }) => id)).toEqual([1, 3, 4])
  expect((await pool.query("SELECT delivery FROM rowgate.staging")).rows).toEqual([])
  const [state] = await fileStates(pool, [{ uri: bad.uri, version: bad.version }])
  expect(state).toMatchObject({ status: "failed", openFollowUps: 0 })
  const reasons: (string | undefined)[] = []
  for await (const { reason } of storedRuns(pool, { uri: bad.uri })) reasons.push(reason)
  expect(reasons[0]).toBe("The delivery was started 3 times and did not end. The last error: The sheet is empty.")
})

test("a file whose load is at work is left alone", async () => {
  const { uri, version } = await put("in/working.csv", 9)
  await pool.query(
    `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, uri, version, mode, status, token, heartbeat_at)
     VALUES ($1, 'x', 'test', 'public.item', 'x', $2, $3, 'append', 'running', nextval('rowgate.token'), clock_timestamp())`,
    [randomUUID(), uri, version],
  )
  const started: string[] = []
  const sweepAgain = sweeper(async ({ key }) => {
    started.push(key)
    return "started"
  })
  expect(await sweepAgain()).toMatchObject({ lostRuns: 0, started: 0 })
  expect(started).toEqual([])
})
