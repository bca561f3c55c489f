import { beforeEach, describe, expect, test } from "vitest"
import { bytes, createPipeline, type ErrorCode, memory, type Progress, type Reject, RowgateError, type Sink } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const soon = { delayMs: 5, maxDelayMs: 5 }

/** Fails in the first deliveries, at the commit or at another step, and works after that. */
function flaky(failures: number, error: () => Error, step: "open" | "write" | "settle" | "commit" = "write") {
  const kept = memory<unknown>()
  const fail = (here: string) => {
    if (here === step && failures-- > 0) throw error()
  }
  const sink: Sink<unknown> = {
    name: "flaky",
    delivery: "at-least-once",
    async open(context, delivery) {
      fail("open")
      const session = await kept.open(context, delivery)
      return {
        async write(batch) {
          await session.write(batch)
          fail("write")
        },
        async settle() {
          fail("settle")
          return { loaded: 2, superseded: 0, skipped: 0, refused: [] }
        },
        async commit(report) {
          fail("commit")
          await session.commit(report)
        },
        [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
      }
    },
  }
  return { sink, rows: kept.rows }
}

const lost = (code: ErrorCode = "SINK_UNREACHABLE", retryable = true) =>
  new RowgateError({ code, message: "lost", retryable, cause: new Error("ECONNRESET") })

const numbers = createPipeline({ name: "numbers", retry: soon })
  .from(bytes("n\n1\nx\n3\n"))
  .check(({ n }) => (n === "x" ? { code: "n.x", message: "is no number" } : undefined))

describe("a delivery whose failure may be temporary", () => {
  test.each(["write", "settle", "commit"] as const)("is tried again if its %s fails, and nothing shows twice", async (step) => {
    const { sink, rows } = flaky(3, () => lost(), step)
    const second = memory<unknown>()
    const rejects = memory<Reject>()
    const progress: Progress[] = []
    const report = await numbers
      .into(sink)
      .into(second)
      .rejectsInto(rejects)
      .run({ onProgress: (event) => progress.push(event) })
    expect(report).toMatchObject({ read: 3, loaded: 2, rejected: 1 })
    expect(rows).toEqual([{ n: "1" }, { n: "3" }])
    expect(second.rows).toEqual(rows)
    expect(rejects.rows).toHaveLength(1)
    expect(progress.at(-1)).toMatchObject({ read: 3, rejected: 1, attempt: 4 })
  })

  test("fails with the last error after the last attempt", async () => {
    const { sink, rows } = flaky(9, () => lost())
    const attempts: number[] = []
    const running = numbers.into(sink).run({ retry: { attempts: 3 }, onProgress: ({ attempt }) => attempts.push(attempt) })
    await expect(running).rejects.toMatchObject({ code: "SINK_UNREACHABLE" })
    expect(rows).toEqual([])
    await expect(numbers.into(flaky(1, () => lost()).sink).run({ retry: { attempts: 1 } })).rejects.toMatchObject({ message: "lost" })
  })

  test("logs each attempt, without values of rows", async () => {
    const lines: object[] = []
    const logger = { debug() {}, info() {}, warn: (fields: object, message?: string) => lines.push({ ...fields, message }), error() {} }
    const { sink } = flaky(1, () => lost())
    await createPipeline({ name: "logged", logger, retry: soon }).from(bytes("n\n1\n")).into(sink).run()
    expect(lines).toEqual([
      {
        uri: "bytes",
        code: "SINK_UNREACHABLE",
        attempt: 1,
        pauseMs: expect.any(Number),
        message: "the delivery failed and will be tried again",
      },
    ])
  })

  test("stops waiting when the run is aborted", async () => {
    const abort = new AbortController()
    const { sink } = flaky(1, () => {
      setTimeout(() => abort.abort(), 20)
      return lost()
    })
    const running = numbers.into(sink).run({ signal: abort.signal, retry: { delayMs: 1e9, maxDelayMs: 1e9 } })
    await expect(running).rejects.toMatchObject({ code: "ABORTED" })
  })

  test("reads the rows of an array from the start, with the same digest", async () => {
    const { sink, rows } = flaky(1, () => lost())
    const report = await createPipeline({ name: "array", retry: soon })
      .fromRows([{ n: 1 }, { n: 2 }])
      .into(sink)
      .run()
    const plain = await createPipeline({ name: "array" })
      .fromRows([{ n: 1 }, { n: 2 }])
      .into(memory())
      .run()
    expect(rows).toEqual([{ n: 1 }, { n: 2 }])
    expect(report.deliveries[0]?.sha256).toBe(plain.deliveries[0]?.sha256)
  })
})

describe("a delivery is not tried again", () => {
  test.each([
    ["the outcome of a commit is not known", lost("COMMIT_UNKNOWN"), "commit"],
    ["the database said no", lost("SINK_REFUSED"), "write"],
    ["the error will stay", lost("SINK_UNREACHABLE", false), "write"],
    ["the error is not the library's", new Error("bug"), "write"],
    ["the target was never reached", lost(), "open"],
    ["its sink was asked not to wait", new RowgateError({ code: "SINK_BUSY", message: "busy", retryable: true }), "open"],
  ] as const)("where %s", async (_, error, step) => {
    const { sink, rows } = flaky(1, () => error, step)
    await expect(numbers.into(sink).run()).rejects.toBe(error)
    expect(rows).toEqual([])
  })

  test("once a sink has committed", async () => {
    const first = memory<unknown>()
    const { sink } = flaky(1, () => lost(), "commit")
    await expect(numbers.into(first).into(sink).run()).rejects.toMatchObject({ message: "lost" })
    expect(first.rows).toHaveLength(2)
  })

  test.each([
    ["a generator", () => [{ n: 1 }].values()],
    ["an asynchronous source", () => (async function* () {})()],
  ])("where its rows come from %s", async (_, rows) => {
    const error = lost()
    const pipeline = createPipeline({ name: "once", retry: soon, empty: "allow" }).fromRows<{ n: number }>(rows())
    await expect(pipeline.into(flaky(1, () => error).sink).run()).rejects.toBe(error)
  })
})

const { pool, clear } = await ledgerDatabase()

describe("PostgreSQL", () => {
  beforeEach(async () => {
    await clear()
    await pool.query(`
      DROP TABLE IF EXISTS number; DROP SEQUENCE IF EXISTS tries;
      CREATE TABLE number (n int PRIMARY KEY); CREATE SEQUENCE tries`)
  })

  /** A trigger that only acts in its first two calls. A sequence counts the calls, because no rollback undoes that. */
  const trap = (what: string) =>
    pool.query(`
      CREATE OR REPLACE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('tries') <= 2 THEN ${what}; END IF; RETURN NEW; END $$;
      CREATE TRIGGER trap BEFORE INSERT ON number FOR EACH STATEMENT EXECUTE FUNCTION trap()`)

  test.each([
    ["a serialization failure (40001)", "RAISE EXCEPTION USING ERRCODE = '40001'"],
    ["a deadlock (40P01)", "RAISE EXCEPTION USING ERRCODE = '40P01'"],
    ["too many connections (53300)", "RAISE EXCEPTION USING ERRCODE = '53300'"],
    ["a server that goes down (57P01)", "RAISE EXCEPTION USING ERRCODE = '57P01'"],
    ["a server that crashed (57P02)", "RAISE EXCEPTION USING ERRCODE = '57P02'"],
    ["a server that starts (57P03)", "RAISE EXCEPTION USING ERRCODE = '57P03'"],
    ["a connection failure (08006)", "RAISE EXCEPTION USING ERRCODE = '08006'"],
    ["a backend that is killed", "PERFORM pg_terminate_backend(pg_backend_pid())"],
  ])("loads once after %s in the middle of its COPY", async (_, what) => {
    await trap(what)
    const rejects = memory<Reject>()
    const report = await numbers
      .into(postgres({ pool, table: "number" }))
      .rejectsInto(rejects)
      .run()
    expect(report).toMatchObject({ read: 3, loaded: 2, rejected: 1 })
    expect((await pool.query("SELECT n FROM number ORDER BY n")).rows).toEqual([{ n: 1 }, { n: 3 }])
    expect(rejects.rows).toHaveLength(1)
    expect((await pool.query("SELECT count(*)::int AS n FROM rowgate.reject")).rows).toEqual([{ n: 1 }])
    const runs = await pool.query("SELECT status, count(*)::int AS n FROM rowgate.run GROUP BY status ORDER BY status")
    expect(runs.rows).toEqual([
      { status: "committed", n: 1 },
      { status: "failed", n: 2 },
    ])
  })

  test("loads once after a deadlock with another transaction", async () => {
    await pool.query("CREATE TABLE lock_one (); CREATE TABLE lock_two ()")
    await trap("LOCK TABLE lock_one; LOCK TABLE lock_two")
    const other = await pool.connect()
    await other.query("BEGIN; SET LOCAL deadlock_timeout = '10s'; LOCK TABLE lock_two")
    const running = numbers.into(postgres({ pool, table: "number" })).run()
    // The load holds the first lock and waits for the second. Now this session waits for the first, and the load's backend detects the deadlock.
    const waits = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while ((await pool.query(waits)).rows[0].n === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await other.query("LOCK TABLE lock_one")
    await other.query("COMMIT")
    other.release()
    expect(await running).toMatchObject({ read: 3, loaded: 2, rejected: 1 })
    expect((await pool.query("SELECT last_value::int AS n FROM tries")).rows[0].n).toBeGreaterThan(1)
  })
})
