import { beforeEach, describe, expect, test } from "vitest"
import { mergeIdentity } from "../../src/postgres/ledger/identity.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { pool, clear } = await ledgerDatabase({ max: 24 })
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS stock; CREATE TABLE stock (id int PRIMARY KEY, qty int, b int)")
})

const into = (options: object) =>
  postgres({ pool, table: "stock", mode: "upsert", key: ["id"], ...options } as unknown as PostgresOptions<object>)

/** The same keys for each loader, in different orders. */
function shuffled(loader: number, keys: number): object[] {
  const steps = [1, 7, 11, 13, 17, 19, 23, 29]
  return Array.from({ length: keys }, (_, at) => ({ id: (at * (steps[loader] ?? 1) + loader * 97) % keys, qty: loader }))
}

describe("loads that merge into one table at the same time", () => {
  test.each([{}, { control: false }, { whileRunning: "fail" }, { mode: "insert-only" }, { mode: "delete-missing", scope: "table" }])(
    "are all loaded, and soon, though they write the same keys in any order: %j",
    async (options) => {
      const since = performance.now()
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, loader) =>
          deliver(into(options), [batchOf(shuffled(loader, 5003) as never)], {
            content: `${loader}`,
            hashLast: loader % 2 === 1,
            delivery: { uri: `memory:${loader}` },
          }),
        ),
      )
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 8 }, () => "loaded"))
      expect((await pool.query("SELECT count(*)::int AS n, count(DISTINCT qty)::int AS loaders FROM stock")).rows).toEqual([
        { n: 5003, loaders: 1 },
      ])
      expect(performance.now() - since).toBeLessThan(20_000)
    },
  )

  test("do not wait for a load that is still staging", async () => {
    let finish = (): void => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    let began = (): void => undefined
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    async function* slowly() {
      yield batchOf(shuffled(0, 10) as never)
      began()
      await finished
    }
    const slow = deliver(into({}), slowly(), { content: "slow", delivery: { uri: "memory:slow" } })
    await beginning
    expect(await deliver(into({}), [batchOf(shuffled(1, 10) as never)], { content: "quick" })).toMatchObject({ loaded: 10 })
    finish()
    expect(await slow).toMatchObject({ loaded: 10 })
  })

  test("of the same bytes end, even if one of them merges before it knows its content", async () => {
    // Tables of a file with different columns are merged one after the other.
    const parts = () => [batchOf([{ id: 1, qty: 1 }]), batchOf([{ id: 2, b: 2 }]), batchOf([{ id: 3, qty: 3 }])]
    let known: Promise<unknown> | undefined
    async function* late() {
      const [one, two, three] = parts()
      if (one !== undefined) yield one
      if (two !== undefined) yield two
      // The first table is merged now, and the other load holds the lock of the content.
      known = deliver(into({}), parts(), { delivery: { uri: "memory:known" } })
      await expect
        .poll(async () => (await pool.query("SELECT count(*)::int AS n FROM rowgate.run WHERE uri = 'memory:known'")).rows[0].n)
        .toBe(1)
      if (three !== undefined) yield three
    }
    const unknown = deliver(into({}), late(), { hashLast: true, delivery: { uri: "memory:unknown" } })
    await expect(unknown).rejects.toMatchObject({ code: "SINK_BUSY", retryable: true })
    expect(await known).toMatchObject({ outcome: "loaded", loaded: 3 })
  })

  test("take over from a load that went silent during its merge", async () => {
    const stuck = await pool.connect()
    // Its backend was terminated.
    stuck.on("error", () => undefined)
    const { lock } = mergeIdentity({ schema: "public", table: "stock" })
    await stuck.query("BEGIN; INSERT INTO stock VALUES (1, 0)")
    await stuck.query("SELECT pg_advisory_xact_lock($1::bigint)", [lock])
    const backend = await stuck.query("SELECT pid, backend_start::text AS start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    await pool.query(
      `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, uri, mode, backend_pid, backend_start, status, token, heartbeat_at)
       VALUES ('stuck', 'stuck', 'test', 'public.stock', 'stuck', 'memory:stuck', 'upsert', $1, $2::timestamptz, 'running',
               nextval('rowgate.token'), clock_timestamp() - interval '1 hour')`,
      [backend.rows[0].pid, backend.rows[0].start],
    )
    const report = await deliver(into({ whileRunning: "fail", staleMs: 500 }), [batchOf([{ id: 1, qty: 9 }])])
    expect(report).toMatchObject({ outcome: "loaded", loaded: 1 })
    expect((await pool.query("SELECT qty FROM stock")).rows).toEqual([{ qty: 9 }])
    expect((await pool.query("SELECT status FROM rowgate.run WHERE id = 'stuck'")).rows).toEqual([{ status: "failed" }])
    stuck.release(true)
  })
})
