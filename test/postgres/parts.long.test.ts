import fc from "fast-check"
import pg from "pg"
import { beforeEach, describe, expect, test } from "vitest"
import type { Delivery } from "../../src/contract/delivery.ts"
import type { Sink } from "../../src/contract/sink.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { loadWhole, partsOf, publish, stage, type TestRow } from "./stage-parts.ts"

const { pool, url, clear } = await ledgerDatabase()

type Options = Omit<PostgresOptions<{ readonly [column: string]: unknown }>, "pool" | "table" | "url">
const sinkOf = (options: Options) => postgres<object>({ pool, table: "stock", ...options } as PostgresOptions<object>) as Sink<object>

const create = `
  CREATE TABLE stock (shop text NOT NULL, id int, qty int CHECK (qty >= 0), seen timestamptz, note varchar(8),
    serial bigserial, half numeric GENERATED ALWAYS AS (qty / 2.0) STORED, _run_id text, _file text, _row bigint, score float8, version bigint`

async function reset(more = ", PRIMARY KEY (shop, id))"): Promise<void> {
  await pool.query(`DROP TABLE IF EXISTS stock CASCADE; DROP TABLE IF EXISTS shop; CREATE TABLE shop (name text PRIMARY KEY);
    INSERT INTO shop VALUES ('a'), ('b'); ${create} ${more};
    INSERT INTO stock (shop, id, qty, seen) VALUES ('a', 1, 10, '2026-01-01'), ('a', 2, 20, '2026-01-03'), ('b', 3, 30, '2026-01-02')`)
  await clear()
  for (const { tablename } of (await left()).tables) await pool.query(`DROP TABLE rowgate.${tablename}`)
  await pool.query("DELETE FROM rowgate.staging")
}
beforeEach(() => reset())

const left = async () => ({
  tables: (await pool.query("SELECT tablename FROM pg_tables WHERE schemaname = 'rowgate' AND tablename LIKE 'stage%'")).rows,
  staging: (await pool.query("SELECT * FROM rowgate.staging")).rows,
  parts: (await pool.query("SELECT * FROM rowgate.part")).rows,
  refusals: (await pool.query("SELECT * FROM rowgate.part_refusal")).rows,
})
const nothingLeft = { tables: [], staging: [], parts: [], refusals: [] }

/** What a load has done: rows, rejects and counts, without what differs in each run. */
async function effect(report: { readonly deliveryId: string; readonly outcome: string; readonly reason?: string | undefined }) {
  const columns = "shop, id, qty, seen, note, half, _run_id IS NOT NULL AS marked, _file, _row, score, version"
  const history =
    (
      await pool.query(
        "SELECT count(*)::int AS n FROM information_schema.columns WHERE table_name = 'stock' AND column_name = 'valid_from'",
      )
    ).rows[0].n > 0
  const { rows } = await pool.query(
    `SELECT ${columns}${history ? ", valid_from, valid_to" : ""} FROM stock ORDER BY shop, id, qty, seen, note, _row${history ? ", valid_from" : ""}`,
  )
  const { rows: rejects } = await pool.query(
    `SELECT row_number, raw, (SELECT json_agg(i ->> 'code' ORDER BY i ->> 'code') FROM json_array_elements(issues) AS i) AS codes,
            (SELECT json_agg(i ->> 'rule' ORDER BY i ->> 'rule') FROM json_array_elements(issues) AS i) AS rules, corrected_by
     FROM rowgate.reject WHERE run_id = $1 ORDER BY row_number`,
    [report.deliveryId],
  )
  const { rows: runs } = await pool.query(
    "SELECT status, mode, read, loaded, rejected, filtered, superseded, skipped, withheld, deleted, header FROM rowgate.run WHERE id = $1",
    [report.deliveryId],
  )
  return { outcome: report.outcome, reason: report.reason, rows, rejects, runs }
}

const cell = fc.record(
  {
    shop: fc.constantFrom("a", "b", "c", null),
    id: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 12 }) }, { weight: 1, arbitrary: fc.constantFrom("x", 2 ** 40) }),
    qty: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) }, { weight: 1, arbitrary: fc.constantFrom(-1, null) }),
    seen: fc.constantFrom(new Date("2026-01-01"), new Date("2026-01-02"), new Date("2026-01-04"), null),
    note: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom("", "é\t\\", "n") },
      { weight: 1, arbitrary: fc.constantFrom("much too long", "a\0b") },
    ),
    bad: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  },
  { noNullPrototype: true },
)

/** Rows, and places where they are cut into 1 to 20 parts. Parts may be empty. */
const cutRows = fc.record({
  rows: fc.array(cell, { minLength: 1, maxLength: 60 }),
  cuts: fc.array(fc.nat(60), { maxLength: 19 }),
  order: fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }),
  repeated: fc.array(fc.nat(19), { maxLength: 4 }),
})

function cut(rows: readonly TestRow[], cuts: readonly number[]): TestRow[][] {
  const places = [...cuts.map((place) => Math.min(place, rows.length)).sort((one, other) => one - other), rows.length]
  return places.map((end, at) => rows.slice(at === 0 ? 0 : places[at - 1], end))
}

const lines: Options = { lineage: true, quality: "score", sequence: "version" }
const key = ["shop", "id"]
const modes: readonly (readonly [name: string, options: Options, table: string | undefined])[] = [
  ["append", { ...lines, mode: "append" }],
  ["append without a key", lines, ")"],
  ["append with a foreign key", lines, ", FOREIGN KEY (shop) REFERENCES shop)"],
  ["append with a further unique index", lines, ", PRIMARY KEY (shop, id)); CREATE UNIQUE INDEX ON stock (qty, id)"],
  ["append with a deferred constraint", lines, ", UNIQUE (shop, id) DEFERRABLE INITIALLY DEFERRED)"],
  ["replace", { ...lines, mode: "replace" }],
  ["upsert", { ...lines, mode: "upsert", key }],
  ["upsert by the newest row", { mode: "upsert", key, newest: "seen" }],
  [
    "upsert with a further unique index",
    { ...lines, mode: "upsert", key },
    ", PRIMARY KEY (shop, id)); CREATE UNIQUE INDEX ON stock (qty) WHERE qty > 3 AND qty < 10",
  ],
  ["insert-only", { mode: "insert-only", key }],
  ["delete-missing", { mode: "delete-missing", key, scope: "table", onUnreadableKey: "keep" }],
  ["delete-missing in a scope", { mode: "delete-missing", key, scope: { shop: "a" } }],
  ["scd2", { ...lines, mode: "scd2", key }, ", valid_from timestamptz NOT NULL DEFAULT '2020-01-01', valid_to timestamptz)"],
].map(([name, options, table]) => [name, options, table] as unknown as readonly [string, Options, string | undefined])

describe("a delivery that is loaded in parts has the effect of one load", () => {
  test.each(modes)("in the mode %s", async (_name, options, table) => {
    const sink = sinkOf(options)
    await fc.assert(
      fc.asyncProperty(cutRows, async ({ rows, cuts, order, repeated }) => {
        const parts = cut(rows, cuts)
        const shared = { sequence: 7, asOf: new Date("2026-02-01") }
        await reset(table)
        const whole = await effect(await loadWhole(sink, partsOf(parts, shared, { asOf: shared.asOf })))
        await reset(table)
        const given = partsOf(parts, shared, { asOf: shared.asOf })
        const numbers = [...parts.keys(), ...repeated.filter((part) => part < parts.length)].sort(
          (one, other) => (order[one] ?? 0) - (order[other] ?? 0),
        )
        await Promise.all(numbers.map((part) => stage(sink, given, part)))
        expect(await effect(await publish(sink, given))).toEqual(whole)
        expect(await left()).toEqual(nothingLeft)
      }),
      { numRuns: 4 },
    )
  })
})

/** Loads the same rows at once and in three parts, and expects the same effect. */
async function sameEffect(options: Options, rows: readonly TestRow[], prepare: () => Promise<unknown>, columns: Delivery["columns"] = []) {
  const parts = cut(rows, [Math.floor(rows.length / 3), Math.floor(rows.length / 2)])
  const sink = sinkOf(options)
  await prepare()
  const whole = await effect(await loadWhole(sink, partsOf(parts, { columns })))
  await prepare()
  const given = partsOf(parts, { columns })
  for (const part of [2, 0, 1]) await stage(sink, given, part)
  expect(await effect(await publish(sink, given))).toEqual(whole)
  expect(await left()).toEqual(nothingLeft)
  return whole
}

describe("a delivery in parts has the effect of one load", () => {
  const good = Array.from({ length: 90 }, (_, n) => ({ shop: "a", id: n + 10, qty: n % 7, seen: null, note: `n${n}` }))

  test("if the database refuses more rows than it tries one by one", async () => {
    const rows = Array.from({ length: 900 }, (_, n) => ({
      ...good[n % 90],
      id: n % 5 === 1 ? "x" : n + 10,
      qty: n % 5 === 2 ? -1 : n,
      note: n % 5 === 3 ? "much too long" : "n",
      shop: n % 5 === 4 ? null : "a",
    }))
    for (const options of [
      lines,
      { mode: "upsert", key } as unknown as Options,
      { mode: "delete-missing", key, scope: "table", onUnreadableKey: "keep" } as unknown as Options,
    ]) {
      const { rejects } = await sameEffect(options, rows, () => reset())
      expect(rejects.length).toBe(720)
    }
  }, 60_000)

  test("if the load creates the table, or adds and widens columns", async () => {
    const columns: Delivery["columns"] = [
      { name: "shop", kind: "text", nullable: false },
      { name: "id", kind: "integer", nullable: false },
      { name: "qty", kind: "integer", nullable: true },
      { name: "seen", kind: "timestamp", nullable: true },
      { name: "note", kind: "text", nullable: true },
    ]
    const rows = [...good, { ...good[0], shop: null }, { ...good[1], id: 2 ** 40, note: "longer than eight" }]
    const extra = "ALTER TABLE stock ADD COLUMN half numeric; COMMENT ON COLUMN stock.half IS 'not from the file'"
    const missing = async () => {
      await reset()
      await pool.query("DROP TABLE stock")
    }
    const plain = async (sql: string) => {
      const sink = sinkOf({
        createTable: true,
        lineage: true,
        quality: "score",
        sequence: "version",
        mode: "upsert",
        key,
      } as unknown as Options)
      await missing()
      const given = partsOf(cut(rows, [30, 60]), { columns })
      for (const part of [1, 2, 0]) await stage(sink, given, part)
      expect((await pool.query("SELECT to_regclass('stock') IS NULL AS missing")).rows[0].missing).toBe(true)
      const report = await publish(sink, given)
      await pool.query(sql)
      return effect(report)
    }
    const whole = async () => {
      const sink = sinkOf({
        createTable: true,
        lineage: true,
        quality: "score",
        sequence: "version",
        mode: "upsert",
        key,
      } as unknown as Options)
      await missing()
      const report = await loadWhole(sink, partsOf(cut(rows, [30, 60]), { columns }))
      await pool.query(extra)
      return effect(report)
    }
    const created = await whole()
    expect(await plain(extra)).toEqual(created)
    expect(created.rows).toHaveLength(91)

    const narrow = async () => {
      await reset()
      await pool.query("ALTER TABLE stock DROP COLUMN seen, DROP COLUMN half; ALTER TABLE stock ADD COLUMN half numeric")
    }
    const evolved = await sameEffect({ ...lines, evolve: true }, rows, narrow, columns)
    expect(evolved.rows).toHaveLength(94)
    expect(evolved.rejects).toHaveLength(1)
  })

  test("if a trigger repairs rows, leaves them out, and raises exceptions", async () => {
    const prepare = async () => {
      await reset()
      await pool.query(`CREATE OR REPLACE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.qty = 1 THEN RETURN NULL; END IF;
        IF NEW.qty = 2 THEN RAISE EXCEPTION 'two is refused' USING ERRCODE = 'RG001'; END IF;
        NEW.qty := abs(NEW.qty); NEW.shop := coalesce(NEW.shop, 'z'); RETURN NEW; END $$;
        CREATE TRIGGER judge BEFORE INSERT ON stock FOR EACH ROW EXECUTE FUNCTION judge()`)
    }
    const rows = [...good, { ...good[0], shop: null, id: 500 }, { ...good[0], id: 501, qty: -9 }]
    const { rejects, runs } = await sameEffect(lines, rows, prepare)
    expect(rejects).toHaveLength(13)
    expect(runs[0]).toMatchObject({ skipped: "13", loaded: "66" })
  })

  test("into a view, and into a table with policies", async () => {
    const view = async () => {
      await reset()
      await pool.query("ALTER TABLE stock RENAME TO base; CREATE VIEW stock AS SELECT * FROM base WHERE qty < 5 WITH CHECK OPTION")
    }
    const back = async () => void (await pool.query("DROP TABLE IF EXISTS base CASCADE"))
    const again = async () => {
      await back()
      await view()
    }
    expect((await sameEffect(lines, good, again)).rejects.length).toBeGreaterThan(20)
    await back()
    const role = `loader_${process.pid}`
    const policies = async () => {
      await reset()
      await pool.query(`GRANT ALL ON SCHEMA rowgate TO ${role}; GRANT ALL ON ALL TABLES IN SCHEMA rowgate TO ${role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA rowgate TO ${role};
        GRANT ALL ON stock TO ${role}; GRANT ALL ON SEQUENCE stock_serial_seq TO ${role};
        ALTER TABLE stock ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON stock USING (qty < 5)`)
    }
    await pool.query(`CREATE ROLE ${role}`)
    const as = new pg.Pool({ connectionString: url, options: `-c role=${role}` })
    const sink = postgres<object>({ pool: as, table: "stock", ...lines } as PostgresOptions<object>) as Sink<object>
    const clean = async () => {
      await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
    try {
      await policies()
      const parts = cut(good, [20, 40])
      const whole = await effect(await loadWhole(sink, partsOf(parts)))
      await policies()
      const given = partsOf(parts)
      for (const part of [2, 1, 0]) await stage(sink, given, part)
      expect(await effect(await publish(sink, given))).toEqual(whole)
      expect(whole.rejects.every(({ codes }) => codes[0] === "postgres.42501")).toBe(true)
      expect(await left()).toEqual(nothingLeft)
    } finally {
      await as.end()
      await clean()
    }
  })
})
