import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import type { Delivery } from "../../src/contract/delivery.ts"
import { failLostRuns, fileStates, finishFollowUp, postgres, recordFailure, storedRun, takeFollowUps } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int)")
  await clear()
})

const after = [{ topic: "archive", payload: {} }]
const load = (content: string, delivery: Partial<Delivery>, refuse?: string) =>
  deliver(postgres<object>({ pool, table: "item" }), [batchOf([{ id: 1 }])], {
    content,
    delivery: { after, ...delivery },
    ...(refuse === undefined ? {} : { refuse }),
  })

/** An entry of a run whose backend is gone, or is the one with this pid. */
async function running(id: string, agoMs: number, pid = 0): Promise<void> {
  await pool.query(
    `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, uri, mode, status, token, heartbeat_at, backend_pid, backend_start)
     VALUES ($1, 'x', 'test', 'public.item', 'x', 's3://in/running', 'append', 'running', nextval('rowgate.token'),
             clock_timestamp() - $2::float8 * interval '1 millisecond', $3, (SELECT backend_start FROM pg_stat_activity WHERE pid = $3))`,
    [id, agoMs, pid],
  )
}

describe("fileStates", () => {
  test("tells what became of each file, and of its follow-ups", async () => {
    const loaded = await load("1", { uri: "s3://in/a", version: "1" })
    const refused = await load("2", { uri: "s3://in/a", version: "2" }, "bad")
    await load("1", { uri: "s3://in/copy", version: "9" })
    const failed = randomUUID()
    await recordFailure(pool, { id: failed, pipeline: "test", uri: "s3://in/b", reason: "no parser" })
    const [first] = await takeFollowUps(pool, { delivery: loaded.deliveryId })
    await finishFollowUp(pool, first?.id ?? 0)
    const files = [
      { uri: "s3://in/never" },
      { uri: "s3://in/a", version: "2" },
      { uri: "s3://in/a", version: "1" },
      { uri: "s3://in/a" },
      { uri: "s3://in/a", version: "3" },
      { uri: "s3://in/copy", version: "9" },
      { uri: "s3://in/b" },
    ]
    expect(await fileStates(pool, files)).toEqual([
      { ...files[0], openFollowUps: 0, doneFollowUps: 0 },
      { ...files[1], run: refused.deliveryId, status: "refused", openFollowUps: 1, doneFollowUps: 0 },
      { ...files[2], run: loaded.deliveryId, status: "committed", openFollowUps: 0, doneFollowUps: 1 },
      { ...files[3], run: loaded.deliveryId, status: "committed", openFollowUps: 1, doneFollowUps: 1 },
      { ...files[4], openFollowUps: 0, doneFollowUps: 0 },
      { ...files[5], run: loaded.deliveryId, status: "duplicate", openFollowUps: 1, doneFollowUps: 0 },
      { ...files[6], run: failed, status: "failed", openFollowUps: 0, doneFollowUps: 0 },
    ])
    expect(await fileStates(pool, files.slice(2, 3), { pipeline: "another" })).toEqual([
      { ...files[2], openFollowUps: 0, doneFollowUps: 0 },
    ])
    expect(await fileStates(pool, files.slice(1, 2), { topic: "mail" })).toMatchObject([{ status: "refused", openFollowUps: 0 }])
    expect(await fileStates(pool, [])).toEqual([])
  })

  test("tells a lost delivery from a running one", async () => {
    await running("lost", 60_000)
    const question = [{ uri: "s3://in/running" }]
    expect(await fileStates(pool, question)).toMatchObject([{ run: "lost", status: "lost" }])
    expect(await fileStates(pool, question, { staleMs: 120_000 })).toMatchObject([{ run: "lost", status: "running" }])
  })
})

describe("failLostRuns", () => {
  test("fails runs whose process is gone or silent, and ends their connections, but none that is at work", async () => {
    const [silent, busy] = await Promise.all([pool.connect(), pool.connect()])
    silent.on("error", () => undefined)
    const pidOf = async (client: typeof silent) => Number((await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid)
    await running("fresh", -60_000)
    await running("gone", 60_000)
    await running("silent", 60_000, await pidOf(silent))
    await running("busy", 60_000, await pidOf(busy))
    await pool.query("UPDATE rowgate.run SET pipeline = 'another' WHERE id = 'fresh'")
    await silent.query("BEGIN")
    const work = busy.query("SELECT pg_sleep(1.5)")
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await failLostRuns(pool, { staleMs: 200, pipeline: "another" })).toEqual([])
    expect([...(await failLostRuns(pool, { staleMs: 200, pipeline: "test" }))].sort()).toEqual(["gone", "silent"])
    expect(await storedRun(pool, "gone")).toMatchObject({ status: "failed", reason: "its process no longer responded" })
    expect(await storedRun(pool, "fresh")).toMatchObject({ status: expect.stringMatching("running|lost") })
    await expect(silent.query("SELECT 1")).rejects.toThrow()
    await work
    silent.release(true)
    busy.release()
  })
})

describe("recordFailure", () => {
  const failure = { id: "d1", pipeline: "test", uri: "s3://in/a", version: "1", reason: "the file is empty", after }

  test("enters a delivery that never reached the database, with its follow-ups, and can be repeated", async () => {
    expect(await recordFailure(pool, failure)).toBe("failed")
    expect(await recordFailure(pool, { ...failure, reason: "the file is still empty" })).toBe("failed")
    expect(await storedRun(pool, "d1")).toMatchObject({
      status: "failed",
      reason: "the file is still empty",
      uri: "s3://in/a",
      version: "1",
    })
    expect(await takeFollowUps(pool)).toMatchObject([{ delivery: "d1", run: "d1", outcome: "failed", uri: "s3://in/a", topic: "archive" }])
  })

  test("fences a load that is still running, and lets the delivery be loaded again", async () => {
    await running("d1", 0)
    const token = async () => BigInt((await pool.query("SELECT token FROM rowgate.run WHERE id = 'd1'")).rows[0].token)
    const before = await token()
    expect(await recordFailure(pool, failure)).toBe("failed")
    expect(await token()).toBeGreaterThan(before)
    expect(await load("3", { id: "d1" })).toMatchObject({ outcome: "loaded", loaded: 1 })
  })

  test("does not change a delivery that was loaded or refused", async () => {
    const loaded = await load("4", {})
    const refused = await load("5", {}, "bad")
    expect(await recordFailure(pool, { ...failure, id: loaded.deliveryId })).toBe("committed")
    expect(await recordFailure(pool, { ...failure, id: refused.deliveryId })).toBe("refused")
    expect(await takeFollowUps(pool)).toMatchObject([{ outcome: "committed" }, { outcome: "refused" }])
  })
})
