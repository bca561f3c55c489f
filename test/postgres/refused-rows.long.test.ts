import { beforeEach, describe, expect, test } from "vitest"
import { bytes, cell, createPipeline } from "../../src/index.ts"
import { conserves } from "../../src/model/run-report.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query(`
    DROP TABLE IF EXISTS item, shop CASCADE; DROP DOMAIN IF EXISTS percent; DROP TYPE IF EXISTS color;
    CREATE TABLE shop (id int PRIMARY KEY); INSERT INTO shop VALUES (1), (2);
    CREATE DOMAIN percent AS numeric(5,2) CHECK (VALUE BETWEEN 0 AND 100);
    CREATE TYPE color AS ENUM ('red', 'green');
    CREATE TABLE item (id int PRIMARY KEY, shop int REFERENCES shop DEFERRABLE INITIALLY DEFERRED, code varchar(4) UNIQUE,
      price numeric(8,2) CHECK (price > 0), rate percent, color color, on_day date NOT NULL)`)
})

const good = (id: number) => ({ id, shop: 1, code: `c${id % 1000}`, price: "1.50", rate: "10", color: "red", on_day: "2026-01-01" })

/** The only fault of each of these rows, as an SQLSTATE. */
const faults: readonly (readonly [string, object])[] = [
  ["postgres.23505", { id: 1, code: "dup" }],
  ["postgres.23503", { shop: 9 }],
  ["postgres.22001", { code: "12345" }],
  ["postgres.23514", { price: "-1" }],
  ["postgres.22P02", { price: "x1" }],
  ["postgres.23514", { rate: "101" }],
  ["postgres.22P02", { color: "blue" }],
  ["postgres.23502", { on_day: null }],
  ["postgres.22008", { on_day: "2026-02-30" }],
]

const merge = { mode: "upsert", key: ["id"] }
const into = (table: string, options: object) => postgres({ pool, table, ...options } as PostgresOptions<object>)
const lots = (count: number) => Array.from({ length: count }, (_, at) => ({ id: at + 1, size: 1 }))

async function rejects(): Promise<readonly { row: number; codes: readonly string[] }[]> {
  const { rows } = await pool.query(
    `SELECT row_number::int AS row, (SELECT array_agg(i->>'code') FROM json_array_elements(issues) i) AS codes
     FROM rowgate.reject ORDER BY row_number`,
  )
  return rows
}

function batches(rows: readonly object[], size = 1000) {
  const parts = []
  for (let at = 0; at < rows.length; at += size)
    parts.push(batchOf(rows.slice(at, at + size) as { [column: string]: unknown }[], undefined, at + 1))
  return parts
}

describe("rows that PostgreSQL refuses", () => {
  test.each([1, 4, 300])("become rejects with the server's reasons, and all other rows are loaded (%i times each fault)", async (times) => {
    const rows: object[] = Array.from({ length: 900 }, (_, at) => good(at + 1))
    const expected = new Map<number, string>()
    for (let time = 0; time < times; time++) {
      for (const [code, change] of faults) {
        // In the middle, but after row 1, whose key the first fault repeats.
        rows.push({ ...good(10_000 + rows.length), code: `d${rows.length}`.slice(0, 4), ...change })
        expected.set(rows.length, code)
      }
    }
    for (const [at, row] of rows.entries()) if (!expected.has(at + 1) && at >= 900) throw new Error(`no fault at ${JSON.stringify(row)}`)
    const report = await deliver(postgres({ pool, table: "item" }), batches(rows, 700))
    expect(conserves(report)).toBe(true)
    expect(report).toMatchObject({ read: rows.length, loaded: 900, rejected: faults.length * times })
    const found = await rejects()
    expect(found.map(({ row }) => row)).toEqual([...expected.keys()])
    for (const { row, codes } of found) expect(codes).toContain(expected.get(row))
    expect((await pool.query("SELECT count(*)::int AS n FROM item")).rows).toEqual([{ n: 900 }])
  })

  test("name the constraint and the column", async () => {
    await deliver(postgres({ pool, table: "item" }), batches([good(1), { ...good(2), shop: 9 }, { ...good(3), code: "c1" }]))
    const { rows } = await pool.query(
      "SELECT issues->0->>'rule' AS rule, issues->0->>'column' AS column, issues->0->>'message' AS message FROM rowgate.reject ORDER BY row_number",
    )
    expect(rows).toMatchObject([
      { rule: "item_shop_fkey", column: "shop", message: expect.stringContaining("Key (shop)=(9) is not present") },
      { rule: "item_code_key", column: "code", message: expect.stringContaining("Key (code)=(c1) already exists") },
    ])
  })

  test("may be all rows of a file, for any reason, in bounded time", async () => {
    const storms = faults.map(([code, change]) => ({
      code,
      rows: Array.from({ length: 3000 }, (_, at) => ({ ...good(at + 2), code: `${at}`, ...change })),
    }))
    await deliver(postgres({ pool, table: "item" }), batches([{ ...good(1), code: "dup" }]), { content: "first" })
    for (const { code, rows } of storms) {
      const report = await deliver(postgres({ pool, table: "item" }), batches(rows), { content: code + JSON.stringify(rows[0]) })
      expect(report).toMatchObject({ loaded: 0, rejected: 3000 })
    }
    expect((await pool.query("SELECT count(*)::int AS n FROM rowgate.reject")).rows).toEqual([{ n: 3000 * faults.length }])
    // Rows that joins find are read back in the order of the file. In any other order, each row would have to load its batch again.
    const { rows: turns } = await pool.query(
      `SELECT count(*)::int AS n FROM (
         SELECT row_number < lag(row_number) OVER (PARTITION BY run_id ORDER BY reject) AS back, reject FROM rowgate.reject) AS one
       WHERE back AND reject > 100`,
    )
    expect(turns).toEqual([{ n: 0 }])
  }, 60_000)

  test("are found if only a trigger or an exclusion constraint refuses them", async () => {
    await pool.query(`
      DROP TABLE IF EXISTS booking;
      CREATE EXTENSION IF NOT EXISTS btree_gist;
      CREATE TABLE booking (id int PRIMARY KEY, room int, during int4range, EXCLUDE USING gist (room WITH =, during WITH &&));
      CREATE OR REPLACE FUNCTION no_thirteen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.id % 13 = 0 THEN RAISE EXCEPTION 'unlucky %', NEW.id; END IF; RETURN NEW; END $$;
      CREATE TRIGGER thirteen BEFORE INSERT ON booking FOR EACH ROW EXECUTE FUNCTION no_thirteen()`)
    const rows = Array.from({ length: 1000 }, (_, at) => ({ id: at + 1, room: 1, during: `[${at - (at % 10 === 5 ? 1 : 0)},${at + 1})` }))
    const report = await deliver(postgres({ pool, table: "booking" }), batches(rows))
    const unlucky = rows.filter(({ id }) => id % 13 === 0).length
    // A booking that begins a step early overlaps the one before it, unless that one was refused.
    const early = rows.filter(({ id }) => id % 13 !== 0 && id % 10 === 6 && (id - 1) % 13 !== 0).length
    expect(report).toMatchObject({ loaded: 1000 - unlucky - early, rejected: unlucky + early })
  })

  test.each([
    ["with a code of its own", "AB123"],
    ["with a code of the standard's for others", "45000"],
    ["with one for triggers", "27000"],
  ])("are found where a trigger says no %s, one by one or by the set", async (_, code) => {
    await pool.query(`
      DROP TABLE IF EXISTS lot;
      CREATE TABLE lot (id int PRIMARY KEY, size int);
      CREATE OR REPLACE FUNCTION no_thirteen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.id % 13 = 0 THEN RAISE EXCEPTION 'unlucky %', NEW.id USING ERRCODE = '${code}'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER thirteen BEFORE INSERT ON lot FOR EACH ROW EXECUTE FUNCTION no_thirteen()`)
    for (const count of [50, 2000]) {
      await pool.query("TRUNCATE lot; DELETE FROM rowgate.reject")
      const report = await deliver(postgres({ pool, table: "lot" }), batches(lots(count)), { content: `${code} ${count}` })
      const unlucky = Math.floor(count / 13)
      expect(report).toMatchObject({ loaded: count - unlucky, rejected: unlucky })
      expect((await rejects()).every(({ row, codes: said }) => row % 13 === 0 && said[0] === `postgres.${code}`)).toBe(true)
    }
  })

  test("do not hide a trigger that fails for another reason", async () => {
    await pool.query(`
      DROP TABLE IF EXISTS lot;
      CREATE TABLE lot (id int PRIMARY KEY, size int);
      CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM missing_function(); RETURN NEW; END $$;
      CREATE TRIGGER broken BEFORE INSERT ON lot FOR EACH ROW EXECUTE FUNCTION broken()`)
    for (const options of [{}, merge])
      await expect(deliver(into("lot", options), batches(lots(3)))).rejects.toMatchObject({ code: "SINK_REFUSED" })
  })

  test("are found by a join, not by comparing all pairs, if a unique index treats nulls as equal", async () => {
    await pool.query(`
      DROP TABLE IF EXISTS seat;
      CREATE TYPE spot AS (x int, y int);
      CREATE TABLE seat (id int PRIMARY KEY, hall int, place spot, UNIQUE NULLS NOT DISTINCT (hall, place));
      INSERT INTO seat SELECT -n, n, CASE WHEN n % 2 = 0 THEN (NULL, NULL)::spot END FROM generate_series(1, 40000) AS n`)
    const seat = (id: number) => ({ id, hall: id <= 39_000 ? id : null, place: id <= 39_000 && id % 2 === 0 ? "(,)" : null })
    // The first booking without a hall has no conflict.
    const rows = Array.from({ length: 39_002 }, (_, at) => seat(at + 1))
    for (const options of [{}, merge]) {
      await pool.query("DELETE FROM seat WHERE id > 0")
      const since = performance.now()
      const report = await deliver(into("seat", options), batches(rows), { content: `seats ${JSON.stringify(options)}` })
      expect(report).toMatchObject({ loaded: 1, rejected: 39_001 })
      // Comparing all pairs took more than 40 s.
      expect(performance.now() - since).toBeLessThan(20_000)
    }
    await pool.query("DROP TABLE seat; DROP TYPE spot")
  })

  test("are found if they are too large for an index", async () => {
    await pool.query("DROP TABLE IF EXISTS memo; CREATE TABLE memo (id int PRIMARY KEY, body text); CREATE INDEX ON memo (body)")
    const body = Array.from({ length: 2000 }, (_, at) => Math.sin(at)).join("")
    const rows = [1, 2, 3].map((id) => ({ id, body: id === 2 ? body : "short" }))
    const report = await deliver(postgres({ pool, table: "memo" }), batches(rows))
    expect(report).toMatchObject({ loaded: 2, rejected: 1 })
    expect(await rejects()).toMatchObject([{ row: 2, codes: ["postgres.54000"] }])
    // A merge does not keep its rows for this case. It throws and loads nothing.
    const merged = deliver(into("memo", merge), batches(rows), { content: "merge" })
    await expect(merged).rejects.toMatchObject({ code: "SINK_REFUSED", message: expect.stringContaining("SQLSTATE 54000") })
  })

  describe("are found if they are too large for a page", () => {
    const width = 1100
    const names = Array.from({ length: width }, (_, at) => `c${at}`)
    const key = { key: ["id"] }
    const ways: [string, string, object][] = [
      ["append in binary form", "int", {}],
      ["append as text", "money", {}],
      ["append of a table that grows", "int", { evolve: true }],
      ["replace", "int", { mode: "replace" }],
      ["upsert", "int", { mode: "upsert", ...key }],
      ["insert-only", "int", { mode: "insert-only", ...key }],
      ["delete-missing", "money", { mode: "delete-missing", scope: "table", ...key }],
      ["scd2", "int", { mode: "scd2", ...key }],
    ]

    /** Rows with 1,100 numbers of 8 bytes are too large; rows with 100 of them are not. */
    const wide = (id: number, isBad: boolean) => ({
      id,
      extra: 1,
      ...Object.fromEntries(names.map((name, at) => [name, isBad || at % 11 === 0 ? id : null])),
    })

    test.each(ways)("few or many: %s", async (_, type, options) => {
      const grown = ["id", "extra", ...names].map((name) => ({ name, kind: "integer", nullable: true }) as const)
      // With many faults, those of a narrow table are found in the staging table of texts, for which such rows are too wide.
      const many = type === "int" && Object.keys(options).length === 0 ? [[120, 2] as const] : []
      for (const [count, nth] of [[50, 17] as const, [50, 50] as const, ...many]) {
        await pool.query(`
          DROP TABLE IF EXISTS wide;
          CREATE TABLE wide (id int ${"mode" in options && options.mode === "scd2" ? "" : "PRIMARY KEY"}, ${"evolve" in options ? "" : `extra ${type},`}
            valid_from timestamptz DEFAULT now(), valid_to timestamptz, ${names.map((name) => `${name} bigint`).join(", ")})`)
        await pool.query("DELETE FROM rowgate.reject")
        const rows = Array.from({ length: count }, (_, at) => wide(at + 1, (at + 1) % nth === 0))
        const bad = Math.floor(count / nth)
        const columns = "evolve" in options ? grown : []
        const report = await deliver(into("wide", options), batches(rows, 40), { content: `${count} ${nth}`, columns })
        expect(report).toMatchObject({ loaded: count - bad, rejected: bad })
        const found = await rejects()
        expect(found).toEqual(Array.from({ length: bad }, (_, at) => ({ row: (at + 1) * nth, codes: ["postgres.54000"] })))
        expect((await pool.query("SELECT count(*)::int AS n FROM wide")).rows).toEqual([{ n: count - bad }])
      }
    })

    test("also in the staging table, if the target keeps whole rows in its pages", async () => {
      await pool.query(`
        DROP TABLE IF EXISTS memo; CREATE TABLE memo (id int PRIMARY KEY, body text);
        ALTER TABLE memo ALTER COLUMN body SET STORAGE PLAIN`)
      const long = Array.from({ length: 600 }, (_, at) => Math.sin(at)).join("")
      const rows = Array.from({ length: 1000 }, (_, at) => ({ id: at + 1, body: at % 10 === 9 ? long : "short" }))
      expect(await deliver(into("memo", {}), batches(rows))).toMatchObject({ loaded: 900, rejected: 100 })
      expect((await rejects()).every(({ row, codes }) => row % 10 === 0 && codes[0] === "postgres.54000")).toBe(true)
    })

    test("far from the line that PostgreSQL names, which is the last line that it read", async () => {
      await pool.query(`
        DROP TABLE IF EXISTS memo; CREATE TABLE memo (id int PRIMARY KEY, body text);
        ALTER TABLE memo ALTER COLUMN body SET STORAGE PLAIN`)
      const long = Array.from({ length: 600 }, (_, at) => Math.sin(at)).join("")
      const rows = Array.from({ length: 5000 }, (_, at) => ({ id: at + 1, body: at === 3210 ? long : "short" }))
      expect(await deliver(into("memo", {}), batches(rows))).toMatchObject({ loaded: 4999, rejected: 1 })
      expect(await rejects()).toMatchObject([{ row: 3211, codes: ["postgres.54000"] }])
    })
  })

  test("are found if PostgreSQL calls their values a syntax error", async () => {
    await pool.query("DROP TABLE IF EXISTS search; CREATE TABLE search (id int, query tsquery)")
    const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ id: at + 1, query: at % 2 === 0 ? "cat" : "cat &" }))
    for (const count of [3, 400]) {
      const report = await deliver(postgres({ pool, table: "search" }), batches(rows(count)), { content: `${count}` })
      expect(report).toMatchObject({ loaded: Math.ceil(count / 2), rejected: Math.floor(count / 2) })
    }
  })

  test("cannot point at another row by their content", async () => {
    await pool.query("DROP TABLE IF EXISTS note; CREATE TABLE note (id int, note text CHECK (note NOT LIKE '%bad%'))")
    const rows = [
      { id: 1, note: "fine" },
      { id: 2, note: "bad\nCOPY note, line 1: bad" },
      { id: 3, note: "fine" },
    ]
    await deliver(postgres({ pool, table: "note" }), batches(rows))
    expect((await rejects()).map(({ row }) => row)).toEqual([2])
  })

  test.each([
    ["few", 3],
    ["many", 2],
  ])("are told from rows that a trigger leaves out, which count as skipped: %s", async (_, nth) => {
    await pool.query(`
      DROP TABLE IF EXISTS lot;
      CREATE TABLE lot (id int PRIMARY KEY, size int CHECK (size > 0)) PARTITION BY RANGE (id);
      CREATE TABLE lot_1 PARTITION OF lot FOR VALUES FROM (0) TO (100000);
      CREATE OR REPLACE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RETURN CASE WHEN NEW.id % 5 = 0 THEN NULL ELSE NEW END; END $$;
      CREATE TRIGGER leave_out BEFORE INSERT ON lot_1 FOR EACH ROW EXECUTE FUNCTION leave_out()`)
    const rows = lots(600).map((lot) => ({ ...lot, size: lot.id % nth === 0 && (nth === 2 || lot.id < 20) ? 0 : 1 }))
    const report = await deliver(postgres({ pool, table: "lot" }), batches(rows))
    const taken = rows.filter(({ id }) => id % 5 !== 0)
    const loaded = taken.filter(({ size }) => size > 0).length
    expect(report).toMatchObject({ loaded, rejected: taken.length - loaded, skipped: 120 })
    expect((await pool.query("SELECT count(*)::int AS n FROM lot")).rows).toEqual([{ n: loaded }])
  })

  test("are not those that a trigger repairs, however many others are refused", async () => {
    await pool.query(`
      DROP TABLE IF EXISTS lot;
      CREATE TABLE lot (id int PRIMARY KEY, size int CHECK (size > 0));
      CREATE OR REPLACE FUNCTION mend() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.id % 2 = 0 THEN NEW.size := 1; END IF; RETURN NEW; END $$;
      CREATE TRIGGER mend BEFORE INSERT ON lot FOR EACH ROW EXECUTE FUNCTION mend()`)
    const rows = lots(900).map((lot) => ({ ...lot, size: 0 }))
    for (const options of [{}, merge]) {
      await pool.query("TRUNCATE lot")
      const report = await deliver(into("lot", options), batches(rows), { content: JSON.stringify(options) })
      expect(report).toMatchObject({ loaded: 450, rejected: 450 })
    }
    const storm = Array.from({ length: 20_800 }, (_, at) => ({ id: at + 1, size: 0 }))
    for (const options of [{}, merge]) {
      await pool.query("TRUNCATE lot")
      const report = await deliver(into("lot", options), batches(storm), { content: `storm ${JSON.stringify(options)}` })
      expect(report).toMatchObject({ loaded: 10_400, rejected: 10_400 })
    }
  })

  test("leave no savepoint, temporary table, function or open transaction behind", async () => {
    await deliver(postgres({ pool, table: "item" }), batches(Array.from({ length: 500 }, (_, at) => ({ ...good(at), price: "x" }))))
    const { rows } = await pool.query(
      `SELECT (SELECT count(*)::int FROM pg_class WHERE relpersistence = 't') AS tables,
              (SELECT count(*)::int FROM pg_proc WHERE proname LIKE 'rowgate%') AS functions,
              (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%') AS open`,
    )
    expect(rows).toEqual([{ tables: 0, functions: 0, open: 0 }])
    expect(pool.idleCount).toBe(pool.totalCount)
  })
})

test("a row that is refused long after its batch was read keeps the cells of the file, even if the reader has reused that memory", async () => {
  await pool.query("DROP TABLE IF EXISTS narrow; CREATE TABLE narrow (id int, code varchar(9))")
  const bad = new Set([3, 500, 1999])
  const lines = Array.from({ length: 2000 }, (_, at) => `${at},"${bad.has(at) ? `much ""too"" long ${at}` : `c${at}`}"`)
  const narrow = createPipeline({ name: "narrow", batchRows: 50 })
    .from(bytes(Buffer.from(`id,code\n${lines.join("\n")}\n`), { name: "narrow.csv" }))
    .normalize({ columns: { id: cell.integer(), code: cell.text() } })
    .into(postgres({ pool, table: "narrow" }))
  expect(await narrow.run()).toMatchObject({ loaded: 1997, rejected: 3 })
  const { rows } = await pool.query("SELECT raw FROM rowgate.reject ORDER BY row_number")
  expect(rows.map(({ raw }) => raw)).toEqual([...bad].map((at) => ({ id: String(at), code: `much "too" long ${at}` })))
})
