import { setTimeout as wait } from "node:timers/promises"
import type pg from "pg"
import { beforeEach, describe, expect, test } from "vitest"
import type { ColumnSpec } from "../../src/index.ts"
import { pglite } from "../../src/pglite.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { embeddedDatabase } from "../embedded-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

// Not UTC, because widening a date must not depend on the time zone.
const { pool, clear } = await ledgerDatabase({ options: "-c timezone=America/New_York" })
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS thing CASCADE")
  await clear()
})

type Kind = Pick<ColumnSpec, "kind" | "precision" | "scale">

/** Loads one value of a declared kind into a table with one row, and returns the type and the values of the column. */
async function evolved(type: string, held: string, declared: Kind, value: unknown) {
  await pool.query(`CREATE TABLE thing (v ${type}); INSERT INTO thing VALUES (${held})`)
  const sink = postgres<{ v: unknown }>({ pool, table: "thing", evolve: true })
  const columns = [{ name: "v", nullable: true, ...declared }]
  const report = await deliver(sink as Parameters<typeof deliver>[0], [batchOf([{ v: value }])], { columns })
  const now = await pool.query(
    "SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'thing'::regclass AND attname = 'v'",
  )
  const client = await pool.connect()
  try {
    await client.query("SET timezone = 'UTC'")
    const { rows } = await client.query("SELECT v::text FROM thing ORDER BY ctid")
    return { type: now.rows[0].type, values: rows.map(({ v }) => v), loaded: report.loaded }
  } finally {
    client.release()
  }
}

describe("a column that is too narrow", () => {
  test.each<[string, string, Kind, unknown, string, string[]]>([
    ["smallint", "32767", { kind: "integer" }, 2 ** 40, "bigint", ["32767", "1099511627776"]],
    ["integer", "-2147483648", { kind: "integer" }, 2 ** 40, "bigint", ["-2147483648", "1099511627776"]],
    ["integer", "2147483647", { kind: "number" }, 1.5, "double precision", ["2147483647", "1.5"]],
    ["real", "0.5", { kind: "number" }, 0.1, "double precision", ["0.5", "0.1"]],
    ["bigint", "9223372036854775807", { kind: "decimal" }, "0.1", "numeric", ["9223372036854775807", "0.1"]],
    ["integer", "7", { kind: "decimal", precision: 12, scale: 2 }, "0.25", "numeric", ["7", "0.25"]],
    ["numeric(4,2)", "99.99", { kind: "decimal", precision: 10, scale: 2 }, "12345678.90", "numeric(10,2)", ["99.99", "12345678.90"]],
    ["numeric(4,2)", "99.99", { kind: "decimal", precision: 4, scale: 3 }, "9.999", "numeric(5,3)", ["99.990", "9.999"]],
    ["numeric(6,0)", "999999", { kind: "decimal", precision: 4, scale: 2 }, "1.25", "numeric(8,2)", ["999999.00", "1.25"]],
    ["numeric(4,2)", "99.99", { kind: "decimal" }, "1e-10", "numeric", ["99.99", "0.0000000001"]],
    ["numeric(4,2)", "99.99", { kind: "integer" }, 12345, "numeric(21,2)", ["99.99", "12345.00"]],
    ["numeric(4,2)", "99.99", { kind: "number" }, 1234.5678, "numeric", ["99.99", "1234.5678"]],
    ["bigint", "9223372036854775807", { kind: "number" }, 1.5, "numeric", ["9223372036854775807", "1.5"]],
    ["real", "0.5", { kind: "integer" }, 16777217, "double precision", ["0.5", "16777217"]],
    ["character varying(3)", "'abc'", { kind: "integer" }, 12345, "text", ["abc", "12345"]],
    ["character varying(3)", "'abc'", { kind: "decimal" }, "1.25", "text", ["abc", "1.25"]],
    [
      "timestamp(0) with time zone",
      "'2026-07-01 04:00Z'",
      { kind: "timestamp" },
      new Date("2026-07-01T10:30:00.250Z"),
      "timestamp with time zone",
      ["2026-07-01 04:00:00+00", "2026-07-01 10:30:00.25+00"],
    ],
    ["character varying(3)", "'abc'", { kind: "text" }, "abcdef", "text", ["abc", "abcdef"]],
    ["character(3)", "'ab'", { kind: "text" }, "abcdef", "text", ["ab", "abcdef"]],
    [
      "date",
      "'2026-07-01'",
      { kind: "timestamp" },
      new Date("2026-07-01T10:30:00.250Z"),
      "timestamp with time zone",
      ["2026-07-01 00:00:00+00", "2026-07-01 10:30:00.25+00"],
    ],
    ["date", "'infinity'", { kind: "timestamp" }, new Date(0), "timestamp with time zone", ["infinity", "1970-01-01 00:00:00+00"]],
  ])("of %s is widened, and keeps %s beside %j", async (type, held, declared, value, wider, values) => {
    expect(await evolved(type, held, declared, value)).toEqual({ type: wider, values, loaded: 1 })
  })

  test("is not widened if an existing value would not fit, and nothing is loaded", async () => {
    const running = evolved("date", "'5874897-12-31'", { kind: "timestamp" }, new Date(0))
    await expect(running).rejects.toMatchObject({
      code: "SINK_REFUSED",
      message: expect.stringMatching(/SQLSTATE 22008: a value does not fit/),
    })
    expect((await pool.query("SELECT v::text FROM thing")).rows).toEqual([{ v: "5874897-12-31" }])
  })

  test("is not widened under a view, and the error gives the database's reason", async () => {
    await pool.query("CREATE TABLE thing (v integer); CREATE VIEW seen AS SELECT v FROM thing")
    const sink = postgres<{ v: number }>({ pool, table: "thing", evolve: true })
    const columns = [{ name: "v", kind: "integer", nullable: true }] as const
    const running = deliver(sink as Parameters<typeof deliver>[0], [batchOf([{ v: 1 }])], { columns })
    await expect(running).rejects.toMatchObject({ code: "SINK_REFUSED", message: expect.stringContaining("view") })
  })
})

describe("a column that is wide enough, or of another family, stays as it is", () => {
  test.each<[string, string, Kind, unknown, number]>([
    ["bigint", "1", { kind: "integer" }, 2, 1],
    ["numeric", "1", { kind: "integer" }, 2, 1],
    ["numeric(12,4)", "1", { kind: "decimal", precision: 8, scale: 2 }, "2.25", 1],
    ["double precision", "1", { kind: "integer" }, 2, 1],
    ["text", "'a'", { kind: "integer" }, 2, 1],
    ["timestamp with time zone", "now()", { kind: "date" }, new Date("2026-01-01"), 1],
    ["numeric(21,2)", "1", { kind: "integer" }, 2, 1],
    ["bigint GENERATED BY DEFAULT AS IDENTITY", "1", { kind: "number" }, 2, 1],
    ["timestamp with time zone", "now()", { kind: "timestamp" }, new Date(1), 1],
    ["integer", "1", { kind: "text" }, "two", 0],
    ["boolean", "true", { kind: "text" }, "perhaps", 0],
  ])("%s with %s, where %j is declared", async (type, held, declared, value, loaded) => {
    expect(await evolved(type, held, declared, value)).toMatchObject({ type: type.replace(/ GENERATED.*/, ""), loaded })
  })
})

test("two loads that change the table at the same time both succeed", async () => {
  await pool.query("CREATE TABLE thing (v smallint)")
  const columns = [
    { name: "v", kind: "integer", nullable: true },
    { name: "w", kind: "text", nullable: true },
  ] as const
  const load = (v: number) => {
    const sink = postgres<{ v: number; w: string }>({ pool, table: "thing", evolve: true })
    return deliver(sink as Parameters<typeof deliver>[0], [batchOf([{ v, w: "x" }])], { columns, content: String(v) })
  }
  await Promise.all([1, 2, 3, 4].map((n) => load(n * 1e12)))
  expect((await pool.query("SELECT count(*)::int AS n FROM thing WHERE w = 'x'")).rows).toEqual([{ n: 4 }])
})

describe("a table that is changed", () => {
  const columns = [
    { name: "id", kind: "integer", nullable: false },
    { name: "size", kind: "number", nullable: true },
    { name: "note", kind: "text", nullable: true },
  ] as const
  const into = (options: object = {}) => postgres({ pool, table: "thing", evolve: true, ...options } as PostgresOptions<object>)
  const key = { key: ["id"] }
  const modes: [string, object][] = [
    ["append", {}],
    ["replace", { mode: "replace" }],
    ["upsert", { mode: "upsert", ...key }],
    ["insert-only", { mode: "insert-only", ...key }],
    ["delete-missing", { mode: "delete-missing", scope: "table", ...key }],
    ["scd2", { mode: "scd2", ...key, validFrom: "since", validTo: "until" }],
  ]
  const made = "CREATE TABLE thing (id int, size int, since timestamptz NOT NULL DEFAULT 'epoch', until timestamptz)"
  const unique = "CREATE UNIQUE INDEX ON thing (id) WHERE until IS NULL; CREATE UNIQUE INDEX ON thing (id)"
  const seed = "INSERT INTO thing (id, size) VALUES (1, 10)"
  const shape = async () =>
    (
      await pool.query(
        `SELECT attname || ' ' || format_type(atttypid, atttypmod) AS column FROM pg_attribute
         WHERE attrelid = 'thing'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      )
    ).rows
      .map(({ column }) => column)
      .slice(0, 2)
      .join()
  const rows = () => [batchOf([{ id: 2 ** 40, size: 1.5, note: "wide" }]), batchOf([{ id: 3, size: 2.5, note: "" }], undefined, 2)]

  /** A delivery that pauses until the test lets it continue. */
  function slowLoad(options: object = {}, delivery: object = {}) {
    const [begins, begun] = signal()
    const [gone, go] = signal()
    async function* batches() {
      yield* rows()
      begun()
      await gone
    }
    return { report: deliver(into(options), batches(), { columns, ...delivery }), begins, go }
  }

  async function reader(): Promise<pg.PoolClient> {
    const client = await pool.connect()
    await client.query("SET lock_timeout = '500ms'")
    return client
  }

  test.each(modes)("takes wider rows in every mode: %s", async (mode, options) => {
    await pool.query(`${made}; ${mode === "scd2" ? "" : `${unique};`} ${seed}`)
    expect(await deliver(into(options), rows(), { columns })).toMatchObject({ loaded: 2 })
    expect(await shape()).toBe("id bigint,size double precision")
    const kept = mode === "replace" || mode === "delete-missing" ? [] : [{ id: "1", size: 10, note: null }]
    expect((await pool.query("SELECT id, size, note FROM thing ORDER BY id")).rows).toEqual([
      ...kept,
      { id: "3", size: 2.5, note: "" },
      { id: "1099511627776", size: 1.5, note: "wide" },
    ])
  })

  test.each(modes)("is unchanged after a load that is refused, aborted or fails: %s", async (mode, options) => {
    await pool.query(`${made}; ${mode === "scd2" ? "" : `${unique};`} ${seed}`)
    await deliver(into(options), rows(), { columns, refuse: "score too low" })
    const calledOff = new AbortController()
    const { report, begins, go } = slowLoad(options, { context: { signal: calledOff.signal } })
    await begins
    calledOff.abort()
    go()
    await expect(report).rejects.toThrow(/abort/)
    async function* failing() {
      yield* rows()
      throw new Error("the file ends in the middle")
    }
    await expect(deliver(into(options), failing(), { columns })).rejects.toThrow("the file ends")
    expect(await shape()).toBe("id integer,size integer")
    expect((await pool.query("SELECT id, size FROM thing")).rows).toEqual([{ id: 1, size: 10 }])
  })

  test.each(modes)("can be read while rows are staged: %s", async (mode, options) => {
    await pool.query(`${made}; ${mode === "scd2" ? "" : `${unique};`} ${seed}`)
    const { report, begins, go } = slowLoad(options)
    await begins
    const client = await reader()
    try {
      for (let look = 0; look < 5; look++) {
        expect((await client.query("SELECT id, size FROM thing")).rows).toEqual([{ id: 1, size: 10 }])
        await wait(20)
      }
    } finally {
      client.release()
    }
    go()
    expect(await report).toMatchObject({ loaded: 2 })
  })

  test("can be read while the load waits for a session that uses it, and the wait can be aborted", async () => {
    await pool.query(`${made}; ${seed}`)
    const [busy, client] = [await pool.connect(), await reader()]
    const calledOff = new AbortController()
    try {
      await busy.query("BEGIN; SELECT FROM thing")
      const first = deliver(into(), rows(), { columns, context: { signal: calledOff.signal } })
      for (let look = 0; look < 40; look++) {
        expect((await client.query("SELECT id FROM thing")).rows).toEqual([{ id: 1 }])
        await wait(20)
      }
      calledOff.abort()
      await expect(first).rejects.toThrow(/abort/)
      const second = deliver(into(), rows(), { columns })
      expect(await Promise.race([second, wait(600, "waits")])).toBe("waits")
      await busy.query("COMMIT")
      expect(await second).toMatchObject({ loaded: 2 })
    } finally {
      busy.release()
      client.release()
    }
  })

  test("is waited for until `lockTimeoutMs` is over", async () => {
    await pool.query(`${made}; ${seed}`)
    const busy = await pool.connect()
    try {
      await busy.query("BEGIN; SELECT FROM thing")
      await expect(deliver(into({ lockTimeoutMs: 400 }), rows(), { columns })).rejects.toMatchObject({ code: "SINK_BUSY", retryable: true })
    } finally {
      await busy.query("COMMIT")
      busy.release()
    }
    expect(await shape()).toBe("id integer,size integer")
  })

  test("refuses rows for the same reasons as without evolve, few or many", async () => {
    for (const count of [20, 900]) {
      await pool.query(`DROP TABLE IF EXISTS thing; CREATE TABLE thing (id int UNIQUE, size int CHECK (size < 100)); ${seed}`)
      const all = Array.from({ length: count }, (_, at) => {
        const id = at + 2
        return { id: at % 4 === 0 ? 1 : id, size: at % 4 === 1 ? 100.5 : 1.5, note: at % 4 === 2 ? "a\u0000" : "ok" }
      })
      const report = await deliver(into(), [batchOf(all)], { columns, content: `${count}` })
      expect(report).toMatchObject({ loaded: count / 4, rejected: (3 * count) / 4 })
      const codes = await pool.query(
        `SELECT issues->0->>'code' AS code, count(*)::int AS n FROM rowgate.reject WHERE run_id = $1 GROUP BY 1 ORDER BY 1`,
        [report.deliveryId],
      )
      const n = count / 4
      expect(codes.rows).toEqual([
        { code: "postgres.23505", n },
        { code: "postgres.23514", n },
        { code: "postgres.null_character", n },
      ])
      expect((await pool.query("SELECT count(*)::int AS n FROM thing")).rows).toEqual([{ n: n + 1 }])
    }
  })

  test("of an embedded database is unchanged after a refused load, and changed after a successful one", async () => {
    await using db = await embeddedDatabase()
    await db.exec(`${made}; ${seed}`)
    const sink = pglite<object>({ db, table: "thing", evolve: true })
    const types = async () =>
      (
        await db.query<{ type: string }>(
          "SELECT format_type(atttypid, -1) AS type FROM pg_attribute WHERE attrelid = 'thing'::regclass AND attname = 'id'",
        )
      ).rows[0]?.type
    await deliver(sink, rows(), { columns, refuse: "score too low" })
    expect(await types()).toBe("integer")
    expect(await deliver(sink, rows(), { columns })).toMatchObject({ loaded: 2 })
    expect(await types()).toBe("bigint")
  })

  test("must not be a view", async () => {
    await pool.query("CREATE TABLE thing_behind (id int); CREATE VIEW thing AS SELECT * FROM thing_behind")
    try {
      await expect(deliver(into(), rows(), { columns })).rejects.toMatchObject({
        code: "SINK_SCHEMA_MISMATCH",
        message: expect.stringContaining("view"),
      })
    } finally {
      await pool.query("DROP TABLE thing_behind CASCADE")
    }
  })
})

function signal(): [Promise<void>, () => void] {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return [given, give]
}
