import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import type { Delivery } from "../../src/contract/delivery.ts"
import { failFollowUp, finishFollowUp, forgetCopies, postgres, pruneFollowUps, purge, takeFollowUps } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver, type TestDelivery } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { pool, clear } = await ledgerDatabase()

beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int CHECK (id > 0))")
  await clear()
})

const archive = { topic: "archive", payload: { bucket: "incoming", key: "a.csv" } }

async function load(options: TestDelivery & { readonly ids?: readonly number[] } = {}) {
  const { ids = [1, 2], ...rest } = options
  const delivery: Partial<Delivery> = { uri: "s3://incoming/a.csv", version: "v1", after: [archive], ...rest.delivery }
  return deliver(postgres<object>({ pool, table: "item" }), [batchOf(ids.map((id) => ({ id })))], { ...rest, delivery })
}

const outbox = async () =>
  (
    await pool.query(
      "SELECT run_id, delivery, outcome, uri, version, topic, payload, done_at IS NOT NULL AS done FROM rowgate.outbox ORDER BY id",
    )
  ).rows

describe("the follow-ups of a delivery", () => {
  test("are written with a committed delivery and with a refused one", async () => {
    const loaded = await load()
    const refused = await load({ content: "other", refuse: "too few rows" })
    const common = { uri: "s3://incoming/a.csv", version: "v1", topic: "archive", payload: archive.payload, done: false }
    expect(await outbox()).toEqual([
      { ...common, run_id: loaded.deliveryId, delivery: loaded.deliveryId, outcome: "committed" },
      { ...common, run_id: refused.deliveryId, delivery: refused.deliveryId, outcome: "refused" },
    ])
  })

  test.each([false, true])("of a duplicate belong to the run that loaded the bytes (hash known last: %s)", async (hashLast) => {
    const first = await load({ delivery: { after: [] } })
    const id = randomUUID()
    const again = await load({ hashLast, delivery: { id, uri: "s3://incoming/b.csv", version: "v2" } })
    expect(again).toMatchObject({ outcome: "duplicate", duplicateOf: first.deliveryId })
    expect(await outbox()).toEqual([
      expect.objectContaining({ run_id: first.deliveryId, delivery: id, outcome: "duplicate", uri: "s3://incoming/b.csv", version: "v2" }),
    ])
    expect((await pool.query("SELECT count(*)::int AS n FROM item")).rows[0].n).toBe(2)
  })

  test("are written once if the delivery is called again", async () => {
    const id = randomUUID()
    await load({ delivery: { id } })
    expect(await load({ delivery: { id } })).toMatchObject({ outcome: "duplicate", duplicateOf: id })
    const other = randomUUID()
    for (let time = 0; time < 2; time++) await load({ delivery: { id: other, uri: "s3://incoming/b.csv" } })
    const refused = randomUUID()
    for (let time = 0; time < 2; time++) await load({ content: "bad", refuse: "bad", delivery: { id: refused } })
    expect((await outbox()).map(({ delivery, outcome }) => [delivery, outcome])).toEqual([
      [id, "committed"],
      [other, "duplicate"],
      [refused, "refused"],
    ])
  })

  test("are not written by a dry run, nor by a delivery that fails", async () => {
    await load({ delivery: { dryRun: true } })
    await expect(load({ delivery: { columns: [{ name: "nowhere", kind: "text", nullable: true }] } })).rejects.toThrow("nowhere")
    expect(await outbox()).toEqual([])
  })
})

describe("takeFollowUps", () => {
  test("gives each follow-up to one of many callers", async () => {
    for (let n = 0; n < 20; n++) await load({ content: String(n), delivery: { after: [archive, { topic: "mail", payload: n }] } })
    const taken = await Promise.all(Array.from({ length: 8 }, () => takeFollowUps(pool, { topic: "archive", limit: 3 })))
    const ids = taken.flat().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const rest = await takeFollowUps(pool, { topic: "archive" })
    expect(ids.length + rest.length).toBe(20)
    expect(await takeFollowUps(pool, { topic: "archive" })).toEqual([])
    expect((await takeFollowUps(pool, { topic: "mail", limit: 2 })).map(({ payload }) => payload)).toEqual([0, 1])
  })

  test("gives a follow-up again once its lease is over", async () => {
    const { deliveryId } = await load()
    const [first] = await takeFollowUps(pool, { delivery: deliveryId, leaseMs: 1 })
    expect(first).toMatchObject({
      delivery: deliveryId,
      run: deliveryId,
      outcome: "committed",
      uri: "s3://incoming/a.csv",
      version: "v1",
      ...archive,
      tries: 1,
    })
    await expect.poll(() => takeFollowUps(pool, { delivery: deliveryId })).toMatchObject([{ id: first?.id, tries: 2 }])
    expect(await takeFollowUps(pool, { delivery: randomUUID() })).toEqual([])
  })
})

describe("finishFollowUp and failFollowUp", () => {
  test("a failed follow-up waits, keeps its error, and can be taken again", async () => {
    await load()
    const [one] = await takeFollowUps(pool)
    if (one === undefined) throw new Error("nothing was taken")
    expect(await failFollowUp(pool, one, "AccessDenied\0")).toBe(true)
    expect(await takeFollowUps(pool)).toEqual([])
    expect(await failFollowUp(pool, one, "AccessDenied", { retryMs: 0 })).toBe(true)
    const [again] = await takeFollowUps(pool)
    expect(again).toMatchObject({ id: one.id, tries: 2, lastError: "AccessDenied" })
    expect(await failFollowUp(pool, one, "an answer that comes late")).toBe(false)
    expect(await finishFollowUp(pool, one.id)).toBe(true)
    expect(await finishFollowUp(pool, one.id)).toBe(false)
    expect(await takeFollowUps(pool)).toEqual([])
  })

  test("a done follow-up is pruned, but not while purge still has to return its copy", async () => {
    const clean = await load()
    const rejecting = await load({ content: "with a reject", ids: [3, -1] })
    const none = await load({ content: "without a copy", ids: [4, -2] })
    for (const { id, run } of await takeFollowUps(pool)) {
      const copy = { uri: `s3://archive/${run}`, version: "v7" }
      await finishFollowUp(pool, id, run === none.deliveryId ? {} : { copy })
    }
    const doneBefore = new Date(Date.now() + 60_000)
    expect(await pruneFollowUps(pool, { doneBefore: new Date(0) })).toBe(0)
    expect(await pruneFollowUps(pool, { doneBefore })).toBe(2)
    expect((await outbox()).map(({ run_id }) => run_id)).toEqual([rejecting.deliveryId])
    expect(clean.rejected).toBe(0)

    const copy = {
      followUp: expect.any(Number),
      delivery: rejecting.deliveryId,
      uri: `s3://archive/${rejecting.deliveryId}`,
      version: "v7",
    }
    const due = { rejectsOlderThan: doneBefore }
    expect(await purge(pool)).toEqual({ deliveries: 0, rejects: 0, copies: [] })
    expect(await purge(pool, { ...due, dryRun: true })).toEqual({ deliveries: 2, rejects: 2, copies: [copy] })
    expect(await purge(pool, { ...due, pipeline: "another" })).toEqual({ deliveries: 0, rejects: 0, copies: [] })
    const purged = await purge(pool, due)
    expect(purged).toEqual({ deliveries: 2, rejects: 2, copies: [copy] })
    expect((await purge(pool)).copies).toEqual([copy])
    const ids = purged.copies.map(({ followUp }) => followUp)
    expect(await forgetCopies(pool, ids)).toBe(1)
    expect((await purge(pool)).copies).toEqual([])
    expect(await pruneFollowUps(pool, { doneBefore })).toBe(1)
  })
})
