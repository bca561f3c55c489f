import { describe, expect, test } from "vitest"
import { conserves } from "../../src/model/run-report.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"
import { loadOneByOne, type OracleOptions, type Thing } from "./one-by-one-oracle.ts"

const { pool } = await ledgerDatabase()

/** Constraints of a table besides its key. */
const demands: { readonly [name: string]: string } = {
  nothing: "",
  "a foreign key": "ALTER TABLE thing ADD FOREIGN KEY (a) REFERENCES parent",
  "a check": "ALTER TABLE thing ADD CHECK (b < 8)",
  "a trigger before": "CREATE TRIGGER say_no BEFORE INSERT OR UPDATE ON thing FOR EACH ROW EXECUTE FUNCTION say_no()",
  "a trigger after": "CREATE TRIGGER say_no AFTER INSERT OR UPDATE ON thing FOR EACH ROW EXECUTE FUNCTION say_no()",
  "a second unique index": "CREATE UNIQUE INDEX ON thing (b) WHERE OPEN",
  "a unique index without distinct nulls": "CREATE UNIQUE INDEX ON thing (a, b) NULLS NOT DISTINCT WHERE OPEN",
  "a partial unique index": "CREATE UNIQUE INDEX ON thing (b) WHERE a > 2 AND OPEN",
  "a unique expression": "CREATE UNIQUE INDEX ON thing ((b % 5)) WHERE OPEN",
  "an exclusion constraint": "ALTER TABLE thing ADD EXCLUDE USING btree (b WITH =) WHERE (OPEN)",
  "all of it": `ALTER TABLE thing ADD FOREIGN KEY (a) REFERENCES parent, ADD CHECK (b < 8);
    CREATE UNIQUE INDEX ON thing (b) WHERE OPEN; CREATE TRIGGER say_no BEFORE INSERT OR UPDATE ON thing FOR EACH ROW EXECUTE FUNCTION say_no()`,
  "much of it": `ALTER TABLE thing ADD FOREIGN KEY (a) REFERENCES parent, ADD CHECK (b < 8); CREATE UNIQUE INDEX ON thing (b) WHERE OPEN;
    CREATE TRIGGER say_no AFTER INSERT OR UPDATE ON thing FOR EACH ROW EXECUTE FUNCTION say_no()`,
}

async function begin(demand: string, mode: OracleOptions["mode"], before: readonly Thing[]): Promise<void> {
  const isHistory = mode === "scd2"
  const values = before.map(({ id, a, b, v }) => `(${id}, ${a}, ${b}, ${v}${isHistory ? ", '2020-01-01Z'" : ""})`).join(", ")
  await pool.query(`
    DROP TABLE IF EXISTS thing; DROP TABLE IF EXISTS parent;
    CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent SELECT generate_series(0, 4);
    CREATE OR REPLACE FUNCTION say_no() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.a = 3 OR NEW.b = 6 THEN RAISE 'no to %', NEW; END IF; RETURN NEW; END $$;
    CREATE TABLE thing (id int${isHistory ? "" : " PRIMARY KEY"}, a int, b int, v int${isHistory ? ", valid_from timestamptz NOT NULL, valid_to timestamptz" : ""});
    ${isHistory ? "CREATE UNIQUE INDEX ON thing (id) WHERE valid_to IS NULL;" : ""}
    ${demands[demand]?.replaceAll("OPEN", isHistory ? "valid_to IS NULL" : "true")}`)
  const into = `INSERT INTO thing (id, a, b, v${isHistory ? ", valid_from" : ""})`
  // The table does not start with rows that it would refuse.
  for (const row of values === "" ? [] : values.split("), (")) {
    await pool.query(`${into} VALUES (${row.replace(/^\(|\)$/g, "")})`).catch(() => undefined)
  }
}

const content = async () =>
  (await pool.query("SELECT row_to_json(thing)::text AS row FROM thing ORDER BY row_to_json(thing)::text")).rows.map(({ row }) => row)

let file = 0
async function compare(demand: string, options: OracleOptions, before: readonly Thing[], rows: readonly Thing[]): Promise<void> {
  const { mode, newest } = options
  await begin(demand, mode, before)
  const client = await pool.connect()
  const start = await content()
  await client.query("BEGIN")
  const verdict = await loadOneByOne(client, rows, options)
  const expected = (await client.query("SELECT row_to_json(thing)::text AS row FROM thing ORDER BY row_to_json(thing)::text")).rows
  await client.query("ROLLBACK")
  client.release()
  file++
  const merge = { mode, key: ["id"], ...(newest ? { newest: "v" } : {}), ...(mode === "delete-missing" ? { scope: "table" } : {}) }
  const sink = postgres({ pool, table: "thing", ...merge } as unknown as PostgresOptions<object>)
  const report = await deliver(sink, [batchOf(rows.map((row) => ({ ...row })))], {
    content: `${file}`,
    context: { asOf: new Date("2026-06-01Z") },
  })
  expect(conserves(report)).toBe(true)
  const refused = await pool.query("SELECT row_number::int AS row FROM rowgate.reject WHERE run_id = $1 ORDER BY row_number", [
    report.deliveryId,
  ])
  const { loaded, superseded } = report
  const told = { refused: refused.rows.map(({ row }) => row), loaded, superseded, content: await content() }
  const context = JSON.stringify({ start, rows, options })
  expect(told, context).toEqual({ ...verdict, content: expected.map(({ row }) => row) })
}

/** Numbers from 0 to 1, the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function things(random: () => number, most: number, ids: number): Thing[] {
  const below = (limit: number) => Math.floor(random() * limit)
  const maybe = (limit: number) => (random() < 0.1 ? null : below(limit))
  return Array.from({ length: 1 + below(most) }, () => ({ id: below(ids), a: maybe(6), b: maybe(10), v: maybe(4) }))
}

/** Cases without a promise: a history inserts several rows at once here, and a row that staging refuses is not missing. */
const beside: { readonly [mode: string]: readonly string[] } = { scd2: ["an exclusion constraint"], "delete-missing": ["a check"] }
const trials = 4

describe.each(["upsert", "insert-only", "delete-missing", "scd2"] as const)("%s has the same result as one row after another", (mode) => {
  test.each(Object.keys(demands).filter((demand) => !beside[mode]?.includes(demand)))("into a table with %s", async (demand) => {
    // Triggers and exclusion constraints only judge rows that are inserted.
    const judgesAll = !demands[demand]?.includes(" BEFORE ") && demand !== "an exclusion constraint"
    for (let trial = 0; trial < trials; trial++) {
      const random = randomFrom(trial * 1000 + demand.length)
      const before = [...new Map(things(random, 5, 8).map((row) => [row.id, row])).values()]
      const rows = things(random, trial % 3 === 0 ? 60 : 9, trial % 2 === 0 ? 5 : 30)
      const newest = mode !== "scd2" && trial % 4 > 1
      await compare(demand, { mode, newest, judgesAll }, before, rows)
    }
  })
})

test("rows may refer to each other in any order, even with repeated keys, and a row that refers to a refused one is refused", async () => {
  await pool.query(
    "DROP TABLE IF EXISTS node; CREATE TABLE node (id int PRIMARY KEY, parent int REFERENCES node, size int CHECK (size > 0))",
  )
  const node = (id: number, parent: number | null, size = 1) => ({ id, parent, size })
  const rows = [node(3, 2), node(2, 1), node(1, null), node(3, 1), node(6, 5), node(5, 4), node(4, 9)]
  const sink = postgres({ pool, table: "node", mode: "upsert", key: ["id"] } as unknown as PostgresOptions<object>)
  const report = await deliver(sink, [batchOf(rows)], { content: "nodes" })
  expect(report).toMatchObject({ loaded: 3, superseded: 1, rejected: 3 })
  expect((await pool.query("SELECT id, parent FROM node ORDER BY id")).rows).toEqual([
    { id: 1, parent: null },
    { id: 2, parent: 1 },
    { id: 3, parent: 1 },
  ])
})

test("a key with too many rows to be merged one by one stops the load and names the limit", async () => {
  await begin("a trigger before", "upsert", [])
  const rows = Array.from({ length: 45_000 }, (_, at) => ({ id: 1, a: 1, b: 1, v: at }))
  const sink = postgres({ pool, table: "thing", mode: "upsert", key: ["id"] } as unknown as PostgresOptions<object>)
  await expect(deliver(sink, [batchOf(rows)], { content: "too often" })).rejects.toMatchObject({
    code: "SINK_REFUSED",
    message: expect.stringContaining("45000 rows with one key"),
  })
})

test("if the database refuses a row, the row before it with the same key stays", async () => {
  for (const mode of ["upsert", "insert-only", "delete-missing", "scd2"] as const) {
    for (const demand of ["a foreign key", "a trigger before", "a trigger after"]) {
      await begin(demand, mode, [])
      const merge = { mode, key: ["id"], ...(mode === "delete-missing" ? { scope: "table" } : {}) }
      const sink = postgres({ pool, table: "thing", ...merge } as unknown as PostgresOptions<object>)
      const rows = [
        { id: 1, a: 1, b: 1, v: 1 },
        { id: 1, a: demand === "a foreign key" ? 9 : 3, b: 2, v: 2 },
      ]
      const report = await deliver(sink, [batchOf(rows)], { content: `before ${mode} ${demand}` })
      expect(report).toMatchObject({ loaded: 1, rejected: 1, superseded: 0 })
      expect((await pool.query("SELECT id, b FROM thing")).rows).toEqual([{ id: 1, b: 1 }])
    }
  }
})
