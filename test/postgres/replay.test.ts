import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, cell, createPipeline, type Sink } from "../../src/index.ts"
import { pglite } from "../../src/pglite.ts"
import { type PostgresOptions, postgres, storedRejects, storedRun, storedRuns } from "../../src/postgres.ts"
import { embeddedDatabase } from "../embedded-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const Item = z.object({ id: z.number().int(), qty: z.number().int(), on: z.date() })
type Item = z.infer<typeof Item>

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query(
    `DROP TABLE IF EXISTS item; CREATE TABLE item (id int PRIMARY KEY, qty int, "on" date, _run_id text, _file text, _row int)`,
  )
})

const file = "id,qty,on\n1,10,30/06/2025\n2,x,03/04/2025\n3,30,01/07/2025\nfour,y,02/07/2025\n"
const pipelineOf = (sink: Sink<Item>, content = file) =>
  createPipeline({ name: "items" })
    .from(bytes(content, { name: "items.csv" }))
    .normalize({ columns: { on: cell.date() } })
    .validate(Item)
    .into(sink)
const pipeline = (options: Partial<PostgresOptions<Item>> = {}, content = file) =>
  pipelineOf(postgres<Item>({ pool, table: "item", lineage: true, ...options } as PostgresOptions<Item>), content)
const table = async () =>
  (await pool.query(`SELECT id, qty, "on"::text FROM item ORDER BY id`)).rows.map((row) => Object.values(row).join(" "))
const open = async (id: string) => {
  const numbers: number[] = []
  for await (const { number } of storedRejects(pool, id, { open: true })) numbers.push(number)
  return numbers
}
const load = async (options: Partial<PostgresOptions<Item>> = {}) => {
  const { deliveries } = await pipeline(options).run()
  return deliveries[0]?.deliveryId ?? ""
}
const csvOf = (id: string, ...rows: readonly string[]) =>
  bytes(`_reject,id,qty,on,_reasons,_run\n${rows.map((row) => `${row},why,${id}\n`).join("")}`)

describe("a replay", () => {
  test("loads corrected rows of a file by the number of their reject, and leaves rejects open whose rows fail again", async () => {
    const id = await load()
    expect(await open(id)).toEqual([1, 2])
    const report = await pipeline().replay(id, csvOf(id, "2,4,yes,02/07/2025", "1,2,20,03/04/2025"))
    expect(report).toMatchObject({ read: 2, loaded: 1, rejected: 1 })
    expect(await table()).toEqual(["1 10 2025-06-30", "2 20 2025-04-03", "3 30 2025-07-01"])
    expect(await open(id)).toEqual([2])
    const [replayed] = report.deliveries
    expect(await storedRun(pool, replayed?.deliveryId ?? "")).toMatchObject({ corrects: id, status: "committed", loaded: 1 })
    expect(await storedRun(pool, id)).toMatchObject({ rejected: 2, corrected: 1 })
    const attempts = []
    for await (const { raw, attemptOf } of storedRejects(pool, replayed?.deliveryId ?? "")) attempts.push({ raw, attemptOf })
    expect(attempts).toEqual([{ raw: { id: "4", qty: "yes", on: "02/07/2025" }, attemptOf: { delivery: id, number: 2 } }])
    expect(await open(replayed?.deliveryId ?? "")).toEqual([])
  })

  test("loads the same corrections once, and refuses others for a corrected reject", async () => {
    const id = await load()
    const corrections = () => csvOf(id, "1,2,20,03/04/2025")
    const first = await pipeline().replay(id, corrections())
    const again = await pipeline().replay(id, corrections())
    expect(again.deliveries[0]).toMatchObject({ outcome: "duplicate", duplicateOf: first.deliveries[0]?.deliveryId })
    await expect(pipeline().replay(id, csvOf(id, "1,2,21,03/04/2025"))).rejects.toMatchObject({
      code: "DELIVERY_REFUSED",
      message: expect.stringContaining("corrected before"),
    })
    expect(await table()).toHaveLength(3)
  })

  test("takes rows of a program, and the same rows again for another delivery", async () => {
    const rows = [{ _reject: 1, id: 2, qty: 20, on: new Date("2025-04-03") }]
    const one = await load()
    expect(await pipeline().replay(one, rows)).toMatchObject({ loaded: 1 })
    const { deliveries } = await pipeline({}, "id,qty,on\n7,z,01/01/2025\n8,8,31/12/2024\n").run()
    expect(await pipeline().replay(deliveries[0]?.deliveryId ?? "", [{ ...rows[0], _reject: 1, id: 7 }])).toMatchObject({ loaded: 1 })
    expect(await table()).toHaveLength(5)
  })

  test("of the same rejects is loaded once if it runs twice at the same time", async () => {
    const id = await load()
    for (const whileRunning of ["wait", "fail"] as const) {
      const both = await Promise.allSettled(
        [11, 12].map((qty) => pipeline({ whileRunning }).replay(id, csvOf(id, `1,${qty},${qty},03/04/2025`))),
      )
      const lost = both.filter((each) => each.status === "rejected")
      if (whileRunning === "wait") expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
      for (const { reason } of lost) expect(["DELIVERY_REFUSED", "SINK_BUSY"]).toContain(reason.code)
    }
    expect(await table()).toHaveLength(3)
    expect(await storedRun(pool, id)).toMatchObject({ corrected: 1 })
  })

  test("changes neither rows nor rejects if its backend is killed half-way", async () => {
    const id = await load()
    const killer = postgres<Item>({ pool, table: "item", lineage: true })
    const cut: Sink<Item> = {
      ...killer,
      async open(context, delivery) {
        const session = await killer.open(context, delivery)
        const commit = session.commit.bind(session)
        session.commit = async (report) => {
          await pool.query("SELECT pg_terminate_backend(backend_pid) FROM rowgate.run WHERE status = 'running' AND corrects IS NOT NULL")
          await commit(report)
        }
        return session
      },
    }
    await expect(pipelineOf(cut).replay(id, csvOf(id, "1,2,20,03/04/2025"))).rejects.toMatchObject({ retryable: true })
    expect(await table()).toHaveLength(2)
    expect(await open(id)).toEqual([1, 2])
    expect(await pipeline().replay(id, csvOf(id, "1,2,20,03/04/2025"))).toMatchObject({ loaded: 1 })
  })

  test("adds rows in the mode replace, and is refused once a newer file has replaced the table", async () => {
    const id = await load({ mode: "replace" })
    expect(await pipeline({ mode: "replace" }).replay(id, csvOf(id, "1,2,20,03/04/2025"))).toMatchObject({ loaded: 1 })
    expect(await table()).toHaveLength(3)
    await pipeline({ mode: "replace" }, "id,qty,on\n9,9,30/06/2025\n").run()
    await expect(pipeline({ mode: "replace" }).replay(id, csvOf(id, "2,4,40,02/07/2025"))).rejects.toMatchObject({
      message: expect.stringContaining("has replaced the rows"),
    })
    expect(await table()).toEqual(["9 9 2025-06-30"])
  })

  test("merges if the pipeline does, and removes nothing", async () => {
    for (const options of [
      { mode: "upsert", key: ["id"] },
      { mode: "insert-only", key: ["id"] },
      { mode: "delete-missing", key: ["id"], scope: "table", onUnreadableKey: "keep" },
    ] as const) {
      await clear()
      await pool.query("DELETE FROM item")
      const id = await load(options)
      expect(await pipeline(options).replay(id, csvOf(id, "1,2,20,03/04/2025", "2,1,11,02/07/2025"))).toMatchObject({
        loaded: options.mode === "insert-only" ? 1 : 2,
        skipped: options.mode === "insert-only" ? 1 : 0,
      })
      expect(await table()).toHaveLength(3)
      expect(await open(id)).toEqual([])
    }
  })

  test("is refused if a row does not say which reject it corrects, or names a wrong one", async () => {
    const id = await load()
    const other = await pipeline({}, "id,qty,on\n7,z,01/01/2025\n").run()
    const refusals = [
      [bytes("id,qty,on\n2,20,30/06/2025\n"), "no reject number"],
      [csvOf(id, "1,2,20,03/04/2025", "1,3,20,03/04/2025"), "both correct"],
      [csvOf(other.deliveries[0]?.deliveryId ?? "", "1,2,20,03/04/2025"), "names a delivery other than"],
      [csvOf(id, "77,2,20,03/04/2025"), "not in the ledger"],
    ] as const
    for (const [corrections, message] of refusals) {
      await expect(pipeline().replay(id, corrections)).rejects.toMatchObject({
        code: "DELIVERY_REFUSED",
        message: expect.stringContaining(message),
      })
    }
    await expect(pipeline().replay("none", [])).rejects.toMatchObject({ code: "RUN_NOT_FOUND" })
    expect(await table()).toHaveLength(2)
  })

  test("is removed when the delivery that it corrects is reloaded", async () => {
    const id = await load()
    await pipeline().replay(id, csvOf(id, "1,2,20,03/04/2025"))
    const { deliveries } = await pipeline().run({ reload: true })
    expect(await table()).toEqual(["1 10 2025-06-30", "3 30 2025-07-01"])
    await expect(pipeline().replay(id, csvOf(id, "2,4,40,02/07/2025"))).rejects.toMatchObject({
      message: expect.stringContaining("was reloaded by"),
    })
    expect(await open(deliveries[0]?.deliveryId ?? "")).toEqual([1, 2])
    const statuses = []
    for await (const { status } of storedRuns(pool)) statuses.push(status)
    expect(statuses.sort()).toEqual(["committed", "failed", "replaced", "replaced"].filter((status) => status !== "failed"))
  })

  test("works in an embedded database", async () => {
    await using db = await embeddedDatabase()
    const items = pipelineOf(pglite<Item>({ db, table: "item", createTable: true }))
    const { deliveries } = await items.run()
    const id = deliveries[0]?.deliveryId ?? ""
    expect(await items.replay(id, csvOf(id, "1,2,20,03/04/2025"))).toMatchObject({ loaded: 1 })
    const left = []
    for await (const { number } of storedRejects(db, id, { open: true })) left.push(number)
    expect(left).toEqual([2])
    expect((await db.query("SELECT count(*)::int AS n FROM item")).rows).toEqual([{ n: 3 }])
  })
})
