import { randomBytes } from "node:crypto"
import pg from "pg"
import { bytes, createPipeline } from "rowgate"
import { grantLoads, postgres } from "rowgate/postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, url } = await ledgerDatabase()
const role = `Load "them" ${randomBytes(4).toString("hex")}`
const quoted = pg.escapeIdentifier(role)
let ofRole: pg.Pool

beforeAll(async () => {
  const password = randomBytes(8).toString("hex")
  await pool.query(`CREATE ROLE ${quoted} LOGIN PASSWORD '${password}'; CREATE SCHEMA "the shop"`)
  const ofUser = Object.assign(new URL(url), { username: encodeURIComponent(role), password })
  ofRole = new pg.Pool({ connectionString: ofUser.href })
})
afterAll(async () => {
  await ofRole.end()
  await pool.query(`DROP OWNED BY ${quoted}; DROP ROLE ${quoted}`)
})

const place = { schema: "the shop", table: "Stock.now" }
const key = { key: ["sku"] } as const
const modes = {
  append: { mode: "append" },
  replace: { mode: "replace" },
  upsert: { mode: "upsert", ...key },
  "insert-only": { mode: "insert-only", ...key },
  "delete-missing": { mode: "delete-missing", ...key, scope: "table" },
  scd2: { mode: "scd2", ...key },
} as const

const second = "sku,pieces\nb,3\nc,4\nc,5\n"

/** Loads two files, which replace, update, remove and add rows where the mode does. The second repeats a key. */
async function load(mode: keyof typeof modes): Promise<void> {
  const stock = createPipeline({ name: "stock" })
    .from(bytes(""))
    .validate(z.object({ sku: z.string(), pieces: z.number().int() }))
    .into(postgres({ pool: ofRole, ...place, ...modes[mode], lineage: true }))
  await stock.run({ source: bytes("sku,pieces\na,1\nb,2\n") })
  await stock.run({ source: bytes(second) })
}

async function newTable(mode: keyof typeof modes): Promise<void> {
  await pool.query('DELETE FROM rowgate.run; DROP TABLE IF EXISTS "the shop"."Stock.now"')
  const columns = mode === "scd2" ? "valid_from timestamptz, valid_to timestamptz" : "PRIMARY KEY (sku)"
  await pool.query(`CREATE TABLE "the shop"."Stock.now" (sku text, pieces int, _run_id text, _file text, _row bigint, ${columns})`)
}

test.each(Object.keys(modes) as (keyof typeof modes)[])(
  "a user who loads in the mode %s gets what this takes, and no more",
  async (mode) => {
    await newTable(mode)
    const { statements } = await grantLoads(pool, { user: role, ...place, mode })
    const rights = /^GRANT (.*) ON "the shop"\."Stock\.now" TO /.exec(statements.at(-1) ?? "")?.[1]?.split(", ") ?? []
    expect(rights.length).toBeGreaterThan(1)
    await load(mode)
    // Loads in parts make their staging table from the table, which takes SELECT in every mode.
    for (const right of rights.filter((each) => each !== "SELECT")) {
      await newTable(mode)
      await grantLoads(pool, { user: role, ...place, mode })
      await pool.query(`REVOKE ${right} ON "the shop"."Stock.now" FROM ${quoted}`)
      await expect(load(mode), `without ${right}`).rejects.toMatchObject({ code: "SINK_REFUSED" })
    }
  },
)

test("only a user who may reload can load a file again in place of itself", async () => {
  await newTable("append")
  const stock = createPipeline({ name: "stock" })
    .from(bytes(second))
    .validate(z.object({ sku: z.string(), pieces: z.number().int() }))
    .into(postgres({ pool: ofRole, ...place, lineage: true }))
  await grantLoads(pool, { user: role, ...place })
  await stock.run()
  await expect(stock.run({ reload: true })).rejects.toMatchObject({ code: "SINK_REFUSED" })
  await grantLoads(pool, { user: role, ...place, reload: true })
  expect(await stock.run({ reload: true })).toMatchObject({ loaded: 2, rejected: 1 })
})

test("the sequence of a serial column is granted too, and an identity column needs none", async () => {
  await newTable("append")
  await pool.query('ALTER TABLE "the shop"."Stock.now" ADD COLUMN "No" serial, ADD COLUMN other int GENERATED ALWAYS AS IDENTITY')
  const { statements } = await grantLoads(pool, { user: role, ...place })
  expect(statements.filter((statement) => statement.includes("the shop") && statement.includes("SEQUENCE"))).toHaveLength(1)
  await load("append")
  const { rows } = await pool.query(
    'SELECT count(DISTINCT "No")::int AS no, count(DISTINCT other)::int AS other FROM "the shop"."Stock.now"',
  )
  expect(rows).toEqual([{ no: 3, other: 3 }])
})

test("nothing is granted if the table or the user does not exist", async () => {
  await newTable("append")
  await pool.query(`DROP OWNED BY ${quoted}`)
  await expect(grantLoads(pool, { user: role, table: "nowhere" })).rejects.toMatchObject({
    code: "SINK_SCHEMA_MISMATCH",
    message: "The table nowhere does not exist, so nothing was granted.",
  })
  await expect(grantLoads(pool, { user: "nobody else", ...place })).rejects.toMatchObject({ code: "SINK_REFUSED" })
  await expect(grantLoads(ofRole, { user: role, ...place })).rejects.toMatchObject({ code: expect.stringMatching(/^SINK_/) })
  const { rows } = await pool.query("SELECT has_schema_privilege($1, 'rowgate', 'USAGE') AS granted", [role])
  expect(rows).toEqual([{ granted: false }])
})
