import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import pg from "pg"
import { bytes, createPipeline, type Sink } from "rowgate"
import { finishFollowUp, grantLoads, migrate, postgres, purge, storedRejects, storedRuns, takeFollowUps } from "rowgate/postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { loadWhole, partsOf, publish, stage, type TestParts } from "../postgres/stage-parts.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { rightsOf } from "../rights-of.ts"

const page = readFileSync(fileURLToPath(new URL("../../docs/postgres.md", import.meta.url)), "utf8")

/** The statements in a block of the page. */
function block(name: string): readonly string[] {
  const code = page.split(`\`\`\`sql file=${name}\n`)[1]?.split("```")[0] ?? ""
  return code.trim().split("\n")
}

/** Does something as a user with the grants of a role. */
async function as<R>(role: string, work: (pool: pg.Pool) => Promise<R>): Promise<R> {
  const pool = new pg.Pool({ connectionString: database.url, options: `-c role=${role}` })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}

const products = (pool: pg.Pool, content: string) =>
  createPipeline({ name: "products" })
    .from(bytes(content))
    .validate(z.object({ sku: z.string(), price: z.number() }))
    .into(postgres({ pool, table: "product" }))

/** A load that needs everything: rows that are loaded, rejected and refused by the database, lineage, and a second run. */
async function load(pool: pg.Pool): Promise<readonly (string | undefined)[]> {
  const pipeline = products(pool, "sku,price\na,1.50\nb,x\nc,3\nc,4\n")
  const outcomes: (string | undefined)[] = []
  for (let run = 0; run < 2; run++) outcomes.push((await pipeline.run()).deliveries[0]?.outcome)
  return outcomes
}

/** A correction of the load's only readable reject. */
async function replay(pool: pg.Pool): Promise<void> {
  const pipeline = products(pool, "sku,price\na,1.50\nb,x\n")
  const { deliveries } = await pipeline.run()
  await pipeline.replay(deliveries[0]?.deliveryId ?? "", [{ _reject: 1, sku: "b", price: "2" }])
}

async function look(pool: pg.Pool): Promise<void> {
  for await (const { id } of storedRuns(pool)) for await (const { number } of storedRejects(pool, id)) expect(number).toBeGreaterThan(0)
}

async function purgeAll(pool: pg.Pool): Promise<void> {
  const soon = new Date(Date.now() + 60_000)
  expect((await purge(pool, { rejectsOlderThan: soon, profilesOlderThan: soon })).rejects).toBeGreaterThan(0)
}

let database: PostgresDatabase
let admin: pg.Pool
let role: string
beforeAll(async () => {
  database = await postgresDatabase()
  admin = new pg.Pool({ connectionString: database.url })
  role = `loader_${randomBytes(4).toString("hex")}`
  await migrate(admin)
  await admin.query(`CREATE ROLE ${role}`)
})
afterAll(async () => {
  await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`).catch(() => undefined)
  await admin.end()
  await database.drop()
})

/** Acts with all grants, and then without each of them in turn. */
async function needsEach(grants: readonly string[], before: () => Promise<unknown>, act: () => Promise<unknown>): Promise<void> {
  const granted = grants.map((grant) => grant.replaceAll("loader", role))
  for (const left of [undefined, ...granted]) {
    await admin.query("DROP TABLE IF EXISTS product; CREATE TABLE product (sku text PRIMARY KEY, price double precision)")
    await admin.query(`DELETE FROM rowgate.reject; DELETE FROM rowgate.run; DELETE FROM rowgate.staging; DROP OWNED BY ${role}`)
    await before()
    for (const grant of granted) if (grant !== left) await admin.query(grant)
    if (left === undefined) await act()
    else await expect(act(), `without ${left}`).rejects.toMatchObject({ code: "SINK_REFUSED" })
  }
}

test("docs/postgres.md grants what a load needs, and nothing more", async () => {
  const grants = block("grants.sql")
  expect(grants.length).toBeGreaterThan(3)
  await needsEach(
    grants,
    async () => undefined,
    async () => expect(await as(role, load)).toEqual(["loaded", "duplicate"]),
  )
})

test("what a replay needs in addition", async () => {
  const grants = block("grants-replay.sql")
  expect(grants.length).toBeGreaterThan(1)
  const base = async () => {
    for (const grant of block("grants.sql")) await admin.query(grant.replaceAll("loader", role))
  }
  await needsEach(grants, base, () => as(role, replay))
})

test("what reading and purging need", async () => {
  await needsEach(
    block("grants-look.sql"),
    () => load(admin),
    () => as(role, look),
  )
  await needsEach(
    block("grants-purge.sql"),
    () => load(admin),
    () => as(role, purgeAll),
  )
})

const base = async () => {
  for (const grant of block("grants.sql")) await admin.query(grant.replaceAll("loader", role))
}

test("what a load with follow-ups needs in addition", async () => {
  const after = [{ topic: "archive", payload: {} }]
  const act = (pool: pg.Pool) =>
    loadInParts(postgres<object>({ pool, table: "product" }), partsOf([[{ sku: "a", price: 1 }]], { after }), false).then(async () => {
      for (const { id } of await takeFollowUps(pool)) await finishFollowUp(pool, id)
    })
  await needsEach(block("grants-outbox.sql"), base, () => as(role, act))
})

test("what a load in parts needs in addition", async () => {
  const parts = [
    [{ sku: "a", price: 1 }],
    [
      { sku: "b", price: 2 },
      { sku: "c", price: "x" },
    ],
  ]
  await needsEach(block("grants-parts.sql"), base, () =>
    as(role, (pool) => loadInParts(postgres<object>({ pool, table: "product", control: false }), partsOf(parts), true)),
  )
})

test("grantLoads() grants what these blocks list, and nothing else", async () => {
  await admin.query(`DROP TABLE IF EXISTS product; CREATE TABLE product (sku text); DROP OWNED BY ${role}`)
  for (const name of ["grants.sql", "grants-outbox.sql", "grants-parts.sql", "grants-replay.sql", "grants-look.sql"])
    for (const grant of block(name)) await admin.query(grant.replaceAll("loader", role))
  await admin.query(`GRANT USAGE ON SCHEMA public TO ${role}`)
  const listed = await rightsOf(admin, role)
  expect(listed.length).toBeGreaterThan(20)
  await admin.query(`DROP OWNED BY ${role}`)
  const { statements } = await grantLoads(admin, { user: role, table: "product" })
  expect(await rightsOf(admin, role)).toEqual(listed)
  await admin.query(`DROP OWNED BY ${role}`)
  for (const statement of statements) await admin.query(statement)
  expect(await rightsOf(admin, role)).toEqual(listed)
})

async function loadInParts(sink: Sink<object>, given: TestParts, staged: boolean): Promise<void> {
  if (!staged) return void (await loadWhole(sink, given))
  for (const part of given.parts.keys()) await stage(sink, given, part)
  expect(await publish(sink, given)).toMatchObject({ loaded: 2, rejected: 1 })
}
