import pg from "pg"
import { beforeEach, describe, expect, test } from "vitest"
import type { Sink, SinkSession } from "../../src/contract/sink.ts"
import { dropStaleParts, type PostgresOptions, postgres } from "../../src/postgres.ts"
import { pgbouncer, pgbouncerMissing } from "../fault/pgbouncer.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { batchesOfPart, partsOf, publish, stage, stagedParts, type TestParts, type TestRow } from "./stage-parts.ts"

const { pool, url, clear } = await ledgerDatabase()
const withoutBouncer = await pgbouncerMissing()

const sinkOf = (options: object = {}, access: object = { pool }) =>
  postgres<object>({ table: "item", control: false, ...access, ...options } as PostgresOptions<object>) as Sink<object>

const rowsOf = (from: number, count: number): TestRow[] =>
  Array.from({ length: count }, (_, n) => ({ id: from + n, name: `item ${from + n}` }))

beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int PRIMARY KEY CHECK (id < 1000), name text)")
  await clear()
  await pool.query("DELETE FROM rowgate.staging")
  await dropStaleParts(pool, { olderThanMs: 0 })
})

const ids = async () => (await pool.query("SELECT id FROM item ORDER BY id")).rows.map(({ id }) => id)
const tables = async () =>
  (await pool.query("SELECT tablename FROM pg_tables WHERE schemaname = 'rowgate' AND tablename LIKE 'stage_%'")).rows.length
const one = () => partsOf([rowsOf(0, 20), rowsOf(20, 20)])

/** Stages a part from batches of which the second one only comes after `until`. */
function slowly(sink: Sink<object>, given: TestParts, part: number, until: Promise<unknown>) {
  async function* batches() {
    const all = batchesOfPart(given, part)
    yield* all.slice(0, 1)
    await until
    yield* all.slice(1)
  }
  return sink.stage?.(given.context, given.delivery, { number: part, source: "slow", batches: batches() })
}

/** A promise that the test resolves. */
function latch() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Waits until somebody copies into a staging table. */
const copying = () =>
  expect
    .poll(
      async () =>
        (
          await pool.query(
            "SELECT count(*)::int AS n FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation::regclass::text LIKE '%stage_%'",
          )
        ).rows[0].n,
    )
    .toBeGreaterThan(0)

describe("a part", () => {
  test("is taken over once its lease is over, and the process that wakes up cannot commit", async () => {
    const sink = sinkOf()
    const given = one()
    const short = { ...given, context: { ...given.context, deadline: new Date(Date.now() + 1500) } }
    const { opened, open } = latch()
    const asleep = slowly(sink, short, 0, opened)
    asleep?.catch(() => undefined)
    await copying()
    expect(await stage(sink, given, 0, "other")).toEqual({ rows: 20, refused: 0 })
    open()
    await expect(asleep).rejects.toMatchObject({ retryable: true })
    await stage(sink, given, 1)
    expect(await publish(sink, given)).toMatchObject({ outcome: "loaded", loaded: 40 })
    expect(await ids()).toHaveLength(40)
  })

  test("is staged at once if the process that staged it has died", async () => {
    const sink = sinkOf()
    const given = one()
    const { opened, open } = latch()
    const killed = slowly(sink, given, 0, opened)
    killed?.catch(() => undefined)
    await copying()
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'ClientRead' AND query LIKE 'COPY rowgate.%'",
    )
    await pool.query("UPDATE rowgate.part SET claimed_at = claimed_at - interval '10 s'")
    expect(await stage(sink, given, 0, "again")).toEqual({ rows: 20, refused: 0 })
    open()
    await expect(killed).rejects.toThrow()
  })

  test("replaces what was staged from another source", async () => {
    const sink = sinkOf()
    const given = one()
    await stage(sink, given, 0, "old")
    await stage(sink, given, 1, "old")
    const changed = { ...given, parts: [[...rowsOf(100, 5), { id: 5000, name: "refused" }], given.parts[1] ?? []] }
    expect(await stage(sink, changed, 0, "new")).toEqual({ rows: 5, refused: 1 })
    expect(await publish(sink, changed)).toMatchObject({ outcome: "loaded", loaded: 25, rejected: 1 })
    expect(await ids()).toEqual([...rowsOf(20, 20), ...rowsOf(100, 5)].map(({ id }) => id))
  })

  test("with other columns than the parts before it is refused", async () => {
    const sink = sinkOf()
    const given = partsOf([rowsOf(0, 3), [{ id: 7 }]])
    await stage(sink, given, 0)
    await expect(stage(sink, given, 1)).rejects.toMatchObject({
      code: "SINK_SCHEMA_MISMATCH",
      message: expect.stringContaining("different columns"),
    })
  })
})

describe("a delivery in parts", () => {
  test("is not loaded if a part is missing, or has another number of rows than it should have", async () => {
    const sink = sinkOf()
    const given = one()
    await stage(sink, given, 1)
    await expect(publish(sink, given)).rejects.toMatchObject({
      code: "PARTS_INCOMPLETE",
      message: expect.stringContaining("the part 0 is not staged"),
    })
    await stage(sink, { ...given, parts: [rowsOf(0, 19)] }, 0)
    await expect(publish(sink, given)).rejects.toMatchObject({
      message: expect.stringContaining("staged with 19 rows, but should have 20"),
    })
    await stage(sink, given, 0, "whole")
    const { rows } = await pool.query("SELECT table_name FROM rowgate.staging")
    await pool.query(`DELETE FROM rowgate.${rows[0].table_name} WHERE id = 3`)
    await expect(publish(sink, given)).rejects.toMatchObject({ message: expect.stringContaining("has 19 rows of the part 0") })
    expect(await ids()).toEqual([])
    await stage(sink, given, 0, "whole again")
    expect(await publish(sink, given)).toMatchObject({ loaded: 40 })
  })

  test("is loaded by one of two processes; for the other it is a duplicate of itself", async () => {
    const given = one()
    for (const part of [0, 1]) await stage(sinkOf(), given, part)
    const reports = await Promise.all([publish(sinkOf(), given), publish(sinkOf(), given)])
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(["duplicate", "loaded"])
    expect(reports.map(({ deliveryId }) => deliveryId)).toEqual([given.delivery.id, given.delivery.id])
    expect(await ids()).toHaveLength(40)
    expect(await tables()).toBe(0)
    // Too late: the delivery has ended, so nothing waits for the part.
    expect(await stage(sinkOf(), given, 0, "late")).toEqual({ rows: 0, refused: 0 })
    expect(await tables()).toBe(0)
  })

  test("leaves nothing behind if it is refused, and can be unstaged", async () => {
    const sink = sinkOf()
    const refused = one()
    for (const part of [0, 1]) await stage(sink, refused, part)
    expect(await publish(sink, refused, "too few")).toMatchObject({ outcome: "refused" })
    expect([await tables(), await ids()]).toEqual([0, []])
    const abandoned = one()
    await stage(sink, abandoned, 0)
    expect(await tables()).toBe(1)
    for (let time = 0; time < 2; time++) await sink.unstage?.(abandoned.context, abandoned.delivery.id)
    expect(await tables()).toBe(0)
    expect((await pool.query("SELECT FROM rowgate.part")).rowCount).toBe(0)
  })

  test("that was left behind is dropped, but not one that is being loaded or is still young", async () => {
    const sink = sinkOf()
    const given = one()
    for (const part of [0, 1]) await stage(sink, given, part)
    expect(await dropStaleParts(pool, { olderThanMs: 60_000 })).toEqual([])
    const session = (await sink.open(given.context, given.delivery)) as SinkSession<object>
    await session.adopt?.(stagedParts(given))
    expect(await dropStaleParts(pool, { olderThanMs: 0 })).toEqual([])
    await session[Symbol.asyncDispose]()
    expect(await dropStaleParts(pool, { olderThanMs: 0 })).toEqual([given.delivery.id])
    await pool.query(`CREATE TABLE rowgate.stage_${"0".repeat(32)} (a int)`)
    await dropStaleParts(pool, { olderThanMs: 0 })
    expect(await tables()).toBe(0)
  })
})

describe("a load with a deadline", () => {
  const soon = (given: TestParts, ms: number): TestParts => ({
    ...given,
    context: { ...given.context, deadline: new Date(Date.now() + ms) },
  })

  async function frozen(sink: Sink<object>, given: TestParts, writes: boolean) {
    const session = await sink.open(given.context, given.delivery)
    if (writes) for (const batch of batchesOfPart(given, 0)) await session.write(batch)
    return session
  }

  const loads = async () =>
    (
      await pool.query(
        "SELECT state, wait_event FROM pg_stat_activity WHERE application_name LIKE 'rowgate until %' AND datname = current_database()",
      )
    ).rows

  test("is ended by the server if its client is frozen between two statements", async () => {
    const session = await frozen(sinkOf(), soon(one(), 700), false)
    expect(await loads()).toHaveLength(1)
    await expect.poll(loads, { timeout: 4000 }).toEqual([])
    const [batch] = batchesOfPart(one(), 0)
    if (batch === undefined) throw new Error("there is no batch")
    await expect(session.write(batch)).rejects.toMatchObject({ code: "SINK_UNREACHABLE", retryable: true })
    await session[Symbol.asyncDispose]()
  })

  const ways = ["directly", ...(withoutBouncer === undefined ? ["behind a transaction pooler"] : [])]
  test.each(ways)("is ended by the next load if its client is frozen in a COPY (%s)", async (way) => {
    await using bouncer = way === "directly" ? undefined : await pgbouncer(url, 2)
    const own = new pg.Pool({ connectionString: bouncer?.url ?? url, max: 4 })
    own.on("error", () => undefined)
    try {
      const sink = sinkOf({}, { pool: own })
      const given = one()
      const session = await frozen(sink, soon(given, 1500), true)
      await expect.poll(loads).toMatchObject([{ state: "active", wait_event: "ClientRead" }])
      const began = Date.now()
      for (const part of [0, 1]) await stage(sink, soon(given, 30_000), part)
      expect(await publish(sink, soon(given, 30_000))).toMatchObject({ outcome: "loaded", loaded: 40 })
      expect(Date.now() - began).toBeLessThan(15_000)
      await session[Symbol.asyncDispose]()
      expect(await ids()).toHaveLength(40)
      await expect.poll(loads).toEqual([])
    } finally {
      await own.end()
    }
  })
})
