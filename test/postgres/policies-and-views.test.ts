import pg from "pg"
import { afterAll, beforeEach, describe, expect, test } from "vitest"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { url, pool, clear } = await ledgerDatabase()

// Roles belong to the whole server, so each test file has its own.
const role = `loader_${new URL(url).pathname.slice(1)}`
await pool.query(`
  CREATE ROLE ${role} LOGIN PASSWORD 'secret';
  GRANT USAGE ON SCHEMA rowgate TO ${role};
  GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA rowgate TO ${role};
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA rowgate TO ${role}`)
const login = new URL(url)
login.username = role
login.password = "secret"
const loader = new pg.Pool({ connectionString: login.href, options: "-c app.tenant=1" })
loader.on("error", () => undefined)
afterAll(async () => {
  await loader.end()
  await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
})

beforeEach(async () => {
  await clear()
  await pool.query(`
    DROP TABLE IF EXISTS item, tenant CASCADE;
    CREATE TABLE tenant (id int PRIMARY KEY, open boolean); INSERT INTO tenant VALUES (1, true), (2, false), (3, true);
    CREATE TABLE item (id int PRIMARY KEY, tenant int DEFAULT current_setting('app.tenant')::int, size int CHECK (size > 0));
    GRANT SELECT ON tenant TO ${role}; GRANT SELECT, INSERT, UPDATE, DELETE ON item TO ${role}`)
})

const into = (table: string, options: object = {}) => postgres({ pool: loader, table, ...options } as PostgresOptions<object>)
const items = async () => (await pool.query("SELECT id, tenant, size FROM item ORDER BY id")).rows
const codes = async () =>
  (await pool.query("SELECT issues->0->>'code' AS code, count(*)::int AS n FROM rowgate.reject GROUP BY 1 ORDER BY 1")).rows
const mixed = (count: number) => batchOf(Array.from({ length: count }, (_, at) => ({ id: at + 1, tenant: (at % 3) + 1, size: 1 })))
const own = "ALTER TABLE item ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON item USING (tenant = current_setting('app.tenant')::int)"
const key = { key: ["id"] }

describe("a table with row-level security", () => {
  test.each([30, 45_000])("takes the rows that its policies allow and rejects the others: %i rows", async (count) => {
    await pool.query(own)
    expect(await deliver(into("item"), [mixed(count)])).toMatchObject({ loaded: count / 3, rejected: (2 * count) / 3 })
    expect(await codes()).toEqual([{ code: "postgres.42501", n: (2 * count) / 3 }])
    const { rows } = await pool.query("SELECT issues->0->>'message' AS message FROM rowgate.reject LIMIT 1")
    expect(rows).toEqual([{ message: 'new row violates row-level security policy for table "item"' }])
    expect((await pool.query("SELECT DISTINCT tenant FROM item")).rows).toEqual([{ tenant: 1 }])
  })

  test("is judged by all policies of the user, permissive and restrictive ones", async () => {
    await pool.query(`
      ALTER TABLE item ENABLE ROW LEVEL SECURITY;
      CREATE POLICY a ON item FOR INSERT WITH CHECK (tenant = 1);
      CREATE POLICY b ON item USING (EXISTS (SELECT FROM tenant WHERE tenant.id = item.tenant AND open));
      CREATE POLICY c ON item AS RESTRICTIVE FOR INSERT TO ${role} WITH CHECK (size < 5);
      CREATE POLICY d ON item TO pg_monitor USING (true)`)
    const rows = [1, 2, 3, 1].map((tenant, at) => ({ id: at + 1, tenant, size: at === 3 ? 5 : 1 }))
    expect(await deliver(into("item"), [batchOf(rows)])).toMatchObject({ loaded: 2, rejected: 2 })
    expect((await items()).map(({ id }) => id)).toEqual([1, 3])
  })

  test("also refuses rows for its constraints, and fills columns that the file lacks", async () => {
    await pool.query(own)
    const rows = [
      { id: 1, size: 1 },
      { id: 1, size: 2 },
      { id: 2, size: 0 },
    ]
    expect(await deliver(into("item"), [batchOf(rows)])).toMatchObject({ loaded: 1, rejected: 2 })
    expect(await items()).toEqual([{ id: 1, tenant: 1, size: 1 }])
    expect((await codes()).map(({ code }) => code)).toEqual(["postgres.23505", "postgres.23514"])
  })

  test("finds a key in a row that the user cannot see", async () => {
    await pool.query(`${own}; INSERT INTO item VALUES (1, 2, 1)`)
    const rows = [1, 2].map((id) => ({ id, tenant: 1, size: 1 }))
    expect(await deliver(into("item"), [batchOf(rows)])).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await codes()).toEqual([{ code: "postgres.23505", n: 1 }])
  })

  test("is replaced as far as the user sees its rows", async () => {
    await pool.query(`${own}; INSERT INTO item VALUES (1, 2, 1), (2, 1, 1)`)
    expect(await deliver(into("item", { mode: "replace" }), [batchOf([{ id: 3, tenant: 1, size: 1 }])])).toMatchObject({ loaded: 1 })
    expect((await items()).map(({ id }) => id)).toEqual([1, 3])
  })

  test.each([
    ["upsert", { mode: "upsert", ...key }],
    ["insert-only", { mode: "insert-only", ...key }],
    ["delete-missing", { mode: "delete-missing", ...key, scope: "table" }],
  ])("takes a merge, and sets aside what its policies forbid: %s", async (_, options) => {
    await pool.query(`${own}; INSERT INTO item VALUES (1, 1, 7)`)
    expect(await deliver(into("item", options), [mixed(9)])).toMatchObject({ rejected: 6 })
    expect((await items()).map(({ id }) => id)).toEqual([1, 4, 7])
    expect(await codes()).toEqual([{ code: "postgres.42501", n: 6 }])
  })

  test("takes a merge with more forbidden rows than could be tried one by one", async () => {
    await pool.query(own)
    expect(await deliver(into("item", { mode: "upsert", ...key }), [mixed(30_000)])).toMatchObject({ loaded: 10_000, rejected: 20_000 })
  })

  test("stops the load of a user without permission, instead of rejecting the rows", async () => {
    await pool.query(`${own}; REVOKE INSERT ON item FROM ${role}`)
    await expect(deliver(into("item"), [mixed(3)])).rejects.toMatchObject({ code: "SINK_REFUSED", remedy: expect.stringMatching(/Grant/) })
  })

  test("takes COPY from its owner, to whom policies do not apply", async () => {
    await pool.query(own)
    expect(await deliver(postgres({ pool, table: "item" }), [mixed(3)])).toMatchObject({ loaded: 3 })
  })
})

describe("a view", () => {
  const view = (definition: string) =>
    pool.query(`CREATE VIEW front AS ${definition}; GRANT SELECT, INSERT, UPDATE, DELETE ON front TO ${role}`)

  test("of one table takes rows and refuses those that the table refuses", async () => {
    await view("SELECT id, size FROM item")
    const rows = Array.from({ length: 300 }, (_, at) => ({ id: at % 10 === 9 ? 1 : at + 1, size: at % 3 }))
    const good = rows.filter(({ id, size }, at) => size > 0 && rows.findIndex((row) => row.id === id && row.size > 0) === at).length
    expect(await deliver(into("front"), [batchOf(rows)])).toMatchObject({ loaded: good, rejected: 300 - good })
    expect(await items()).toHaveLength(good)
  })

  test("that checks its rows refuses those that it would not show", async () => {
    await view("SELECT id, size FROM item WHERE size < 10 WITH CHECK OPTION")
    const rows = [1, 20].map((size, at) => ({ id: at + 1, size }))
    expect(await deliver(into("front"), [batchOf(rows)])).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await codes()).toEqual([{ code: "postgres.44000", n: 1 }])
  })

  test("is replaced as far as it shows the table", async () => {
    await pool.query("INSERT INTO item VALUES (1, 1, 5), (2, 1, 50)")
    await view("SELECT id, size FROM item WHERE size < 10")
    expect(await deliver(into("front", { mode: "replace" }), [batchOf([{ id: 3, size: 1 }])])).toMatchObject({ loaded: 1 })
    expect((await items()).map(({ id }) => id)).toEqual([2, 3])
  })

  test("with an INSTEAD OF trigger takes rows by the trigger", async () => {
    await view("SELECT i.id, t.open FROM item i JOIN tenant t ON t.id = i.tenant")
    await pool.query(`
      CREATE OR REPLACE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.id = 9 THEN RETURN NULL; END IF;
          INSERT INTO item VALUES (NEW.id, CASE WHEN NEW.open THEN 1 ELSE 2 END, 1);
          RETURN NEW;
        END $$;
      CREATE TRIGGER put INSTEAD OF INSERT ON front FOR EACH ROW EXECUTE FUNCTION put()`)
    const rows = [true, false, true].map((open, at) => ({ id: at === 2 ? 1 : at + 1, open }))
    const leftOut = { id: 9, open: true }
    expect(await deliver(into("front"), [batchOf([...rows, leftOut])])).toMatchObject({ loaded: 2, rejected: 1, skipped: 1 })
    expect((await items()).map(({ tenant }) => tenant)).toEqual([1, 2])
  })

  test("keeps a history in the table behind it", async () => {
    await pool.query(`DROP TABLE IF EXISTS log; CREATE TABLE log (id int, size int, valid_from timestamptz, valid_to timestamptz)`)
    await pool.query(`CREATE VIEW front AS SELECT * FROM log; GRANT SELECT, INSERT, UPDATE, DELETE ON front TO ${role}`)
    try {
      const load = (size: number, day: number) =>
        deliver(into("front", { mode: "scd2", ...key }), [batchOf([{ id: 1, size }])], {
          content: `${size}`,
          context: { asOf: new Date(day * 864e5) },
        })
      await load(1, 1)
      expect(await load(2, 2)).toMatchObject({ loaded: 1 })
      expect((await pool.query("SELECT size, valid_to IS NULL AS open FROM log ORDER BY size")).rows).toEqual([
        { size: 1, open: false },
        { size: 2, open: true },
      ])
    } finally {
      await pool.query("DROP TABLE log CASCADE")
    }
  })

  test.each(["upsert", "insert-only"])("is refused because a view has no unique index to merge by: %s", async (mode) => {
    await view("SELECT id, size FROM item")
    await expect(deliver(into("front", { mode, ...key }), [batchOf([{ id: 1, size: 1 }])])).rejects.toMatchObject({
      code: "SINK_SCHEMA_MISMATCH",
      message: expect.stringContaining("view"),
    })
  })

  test("is refused before the first row if it or one of the columns cannot be written", async () => {
    await view("SELECT tenant AS id, sum(size)::int AS size FROM item GROUP BY tenant")
    const refused = { code: "SINK_SCHEMA_MISMATCH", message: expect.stringContaining("view") }
    await expect(deliver(into("front"), [batchOf([{ id: 1, size: 1 }])])).rejects.toMatchObject(refused)
    await pool.query("DROP VIEW front")
    await view("SELECT id, size + 1 AS size FROM item")
    await expect(deliver(into("front"), [batchOf([{ id: 1, size: 1 }])])).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
  })
})
