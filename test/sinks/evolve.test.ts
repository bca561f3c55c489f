import { beforeEach, describe, expect, test } from "vitest"
import type { ColumnSpec } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { batchOf } from "./batch-of.ts"
import { deliver } from "./deliver.ts"

// Not UTC: what a widening makes of a date must not hang on it.
const { pool, clear } = await ledgerDatabase({ options: "-c timezone=America/New_York" })
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS thing CASCADE")
  await clear()
})

type Kind = Pick<ColumnSpec, "kind" | "precision" | "scale">

/** Loads one value of a declared kind into a table of one row, and gives the type and the values that are there then. */
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

  test("is not widened where a value that is there would not fit: nothing is loaded", async () => {
    const running = evolved("date", "'5874897-12-31'", { kind: "timestamp" }, new Date(0))
    await expect(running).rejects.toMatchObject({ code: "SINK_REFUSED", message: expect.stringMatching(/out of range/) })
    expect((await pool.query("SELECT v::text FROM thing")).rows).toEqual([{ v: "5874897-12-31" }])
  })

  test("is not widened under a view: the database's own reason is given", async () => {
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
    // A double does not hold every bigint, so it stays, and takes whole numbers only.
    ["bigint", "9223372036854775807", { kind: "number" }, 1.5, 0],
    ["integer", "1", { kind: "text" }, "two", 0],
    ["boolean", "true", { kind: "text" }, "perhaps", 0],
  ])("%s with %s, where %j is declared", async (type, held, declared, value, loaded) => {
    expect(await evolved(type, held, declared, value)).toMatchObject({ type, loaded })
  })
})

test("two loads that grow the table at once both go in", async () => {
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
