import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import pg from "pg"
import { createHandlers, type Handlers } from "rowgate/lambda"
import { storedRejects, storedRuns } from "rowgate/postgres"
import { s3Storage } from "rowgate/s3"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest"
import { handler as migrate } from "../../examples/lambda/migrate.ts"
import { orders } from "../../examples/lambda/pipeline.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { rightsOf } from "../rights-of.ts"
import { bucket, type S3Server, startS3Server } from "../sources/s3/s3-server.ts"
import { asCsv, orderRows } from "./order-files.ts"
import { type Functions, functionRoles, runShippedMachine } from "./shipped-machine.ts"

/** A name that SQL has to quote. */
const user = `load "them" ${randomBytes(4).toString("hex")}`
const password = randomBytes(8).toString("hex")
let database: PostgresDatabase
let owner: pg.Pool
let server: S3Server
let ofUser: string

beforeAll(async () => {
  server = await startS3Server()
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
  database = await postgresDatabase()
  owner = new pg.Pool({ connectionString: database.url })
  ofUser = Object.assign(new URL(database.url), { username: encodeURIComponent(user), password }).href
})

afterAll(async () => {
  await owner.query(`DROP OWNED BY ${pg.escapeIdentifier(user)}; DROP ROLE ${pg.escapeIdentifier(user)}`).catch(() => undefined)
  await owner.end()
  await database.drop()
  await server[Symbol.asyncDispose]()
})

beforeEach(() => {
  vi.stubEnv("DATABASE_URL", database.url).stubEnv("LOAD_USER", user)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

test("it creates the ledger, the table and the user, and a second call changes nothing", async () => {
  const first = await migrate()
  expect(first).toMatchObject({ user, created: true, iam: false })
  expect(first.migrations.length).toBeGreaterThan(3)
  const rights = await rightsOf(owner, user)
  expect(rights.length).toBeGreaterThan(8)
  await owner.query(`ALTER ROLE ${pg.escapeIdentifier(user)} PASSWORD '${password}'`)
  expect(await migrate()).toEqual({ ...first, created: false, migrations: [] })
  expect(await rightsOf(owner, user)).toEqual(rights)
})

test("files of one and of many parts are loaded, corrected and archived by this user, who also sweeps", async () => {
  vi.stubEnv("DATABASE_URL", ofUser)
  const one = orderRows(300, 1_000)
  const many = orderRows(5_000, 100_000)
  await server.put("one.csv", asCsv(one.rows))
  await server.put("many.csv", asCsv(many.rows))
  expect((await deliver("one.csv")).at(-1)).toBe("Loaded")
  expect(await deliver("many.csv")).toEqual(expect.arrayContaining(["Stage", "Loaded"]))
  const { rows } = await owner.query("SELECT count(*)::int AS n FROM orders")
  expect(rows[0].n).toBe(5_300 - one.rejected - many.rejected)
  const { key, csv } = await correctionOf("one.csv")
  await server.put(key, csv)
  expect((await deliver(key)).at(-1)).toBe("Loaded")
  await server.put("lost.csv", asCsv(orderRows(300, 2_000).rows))
  expect(await handlers({ graceMs: 0 }).sweeper({})).toMatchObject({ started: 1, failures: { count: 0 } })
  expect((await owner.query("SELECT status, count(*)::int AS n FROM rowgate.run GROUP BY status")).rows).toEqual([
    { status: "committed", n: 4 },
  ])
})

test("this user can do nothing else", async () => {
  const pool = new pg.Pool({ connectionString: ofUser, max: 1 })
  try {
    await owner.query("CREATE TABLE IF NOT EXISTS salary (amount int)")
    // PostgreSQL only warns about a grant by somebody who may not grant.
    for (const statement of [
      "DELETE FROM orders",
      "TRUNCATE orders",
      "ALTER TABLE orders ADD COLUMN more text",
      "DROP TABLE orders",
      "CREATE TABLE own (id int)",
      "SELECT * FROM salary",
      "DELETE FROM rowgate.run",
      "DELETE FROM rowgate.reject",
      "UPDATE rowgate.reject SET raw = NULL",
      "DELETE FROM rowgate.quality_score",
      "DELETE FROM rowgate.column_profile",
      "DELETE FROM rowgate.outbox",
      "DROP TABLE rowgate.run",
      "INSERT INTO rowgate.goose_db_version (version_id, is_applied) VALUES (1, true)",
      "CREATE ROLE other",
      "CREATE SCHEMA other",
      `GRANT SELECT ON orders TO PUBLIC`,
    ])
      if (statement.startsWith("GRANT")) await pool.query(statement)
      else await expect(pool.query(statement), statement).rejects.toMatchObject({ code: "42501" })
    const { rows } = await owner.query(
      "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS more, has_table_privilege('public', 'orders', 'SELECT') AS shared FROM pg_roles WHERE rolname = $1",
      [user],
    )
    expect(rows).toEqual([{ more: false, shared: false }])
  } finally {
    await pool.end()
  }
})

test("an error has the code as its name and says what to do, because Lambda shows no more of it", async () => {
  vi.stubEnv("DATABASE_URL", "postgres://owner:secret@127.0.0.1:1/rowgate")
  await expect(migrate()).rejects.toMatchObject({ name: "SINK_UNREACHABLE", message: expect.stringMatching(/ECONNREFUSED.* \w.*\.$/) })
  vi.stubEnv("DATABASE_URL", "")
  await expect(migrate()).rejects.toMatchObject({
    name: "CONFIG_INVALID",
    message: "Neither DATABASE_URL nor DATABASE_SECRET_ARN is set. Set one of them, or both.",
  })
})

test("a database of RDS gives the user the role that logs in with tokens", async () => {
  const role = await owner.query("SELECT FROM pg_roles WHERE rolname = 'rds_iam'")
  if (role.rowCount === 0) await owner.query("CREATE ROLE rds_iam")
  try {
    expect(await migrate()).toMatchObject({ iam: true })
    const { rows } = await owner.query("SELECT pg_has_role($1, 'rds_iam', 'MEMBER') AS member", [user])
    expect(rows).toEqual([{ member: true }])
  } finally {
    await owner.query("DROP ROLE rds_iam")
  }
})

test("the user who owns the database is refused as the user of the functions", async () => {
  vi.stubEnv("LOAD_USER", decodeURIComponent(new URL(database.url).username))
  await expect(migrate()).rejects.toThrow('LOAD_USER is "postgres", which owns the database.')
})

test("first calls at the same time wait for each other", async () => {
  await using fresh = await postgresDatabase()
  vi.stubEnv("DATABASE_URL", fresh.url).stubEnv("LOAD_USER", `at_once_${fresh.name}`)
  try {
    const answers = await Promise.all([migrate(), migrate(), migrate(), migrate()])
    expect(answers.filter(({ created }) => created)).toHaveLength(1)
    expect(answers.filter(({ migrations }) => migrations.length > 0)).toHaveLength(1)
  } finally {
    await removeUser(fresh.url, `at_once_${fresh.name}`)
  }
})

test.each([
  ["LOGIN SUPERUSER", "is a superuser"],
  ["LOGIN CREATEROLE", "may create roles"],
  ["LOGIN CREATEDB", "may create databases"],
  ["LOGIN BYPASSRLS", "is not bound by row security"],
  ["LOGIN REPLICATION", "may replicate"],
  ["NOLOGIN", "may not log in"],
  ["LOGIN IN ROLE pg_monitor", 'is a member of "pg_monitor"'],
  ["LOGIN IN ROLE postgres", 'is a member of "postgres"'],
])("an existing user with the attributes %s is refused, and gets no rights", async (attributes, reason) => {
  const name = `unfit_${randomBytes(6).toString("hex")}`
  await owner.query(`CREATE ROLE ${name} ${attributes}`)
  try {
    vi.stubEnv("LOAD_USER", name)
    await expect(migrate()).rejects.toThrow(`LOAD_USER is "${name}", which ${reason}.`)
    expect(await rightsOf(owner, name)).toEqual([])
  } finally {
    await owner.query(`DROP ROLE ${name}`)
  }
})

test("a member of a role that may create roles is refused too", async () => {
  const name = `unfit_${randomBytes(6).toString("hex")}`
  await owner.query(`CREATE ROLE ${name}_admins CREATEROLE; CREATE ROLE ${name}_team IN ROLE ${name}_admins`)
  await owner.query(`CREATE ROLE ${name} LOGIN IN ROLE ${name}_team`)
  try {
    vi.stubEnv("LOAD_USER", name)
    await expect(migrate()).rejects.toThrow(`is a member of "${name}_admins".`)
  } finally {
    await owner.query(`DROP ROLE ${name}, ${name}_team, ${name}_admins`)
  }
})

test.each([
  [" ", 'LOAD_USER is " ".'],
  ["load ", 'LOAD_USER is "load ".'],
  ["load\nthem", 'LOAD_USER is "load\\nthem".'],
  ["x".repeat(64), "LOAD_USER has 64 bytes, and names of PostgreSQL have at most 63."],
  ["ä".repeat(32), "LOAD_USER has 64 bytes"],
])("the name %j is refused before anything is created", async (name, message) => {
  await using fresh = await postgresDatabase()
  vi.stubEnv("DATABASE_URL", fresh.url).stubEnv("LOAD_USER", name)
  await expect(migrate()).rejects.toThrow(message)
  const pool = new pg.Pool({ connectionString: fresh.url, max: 1 })
  expect((await pool.query("SELECT to_regnamespace('rowgate') AS ledger")).rows).toEqual([{ ledger: null }])
  await pool.end()
})

test("an owner who is no superuser migrates, and removes everything as docs/aws/remove.md says", async () => {
  await using fresh = await postgresDatabase()
  const [name, loads] = [`owner_${fresh.name}`, `loads_${fresh.name}`]
  await owner.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${password}'; ALTER DATABASE ${fresh.name} OWNER TO ${name}`)
  const url = Object.assign(new URL(fresh.url), { username: name, password }).href
  vi.stubEnv("DATABASE_URL", url).stubEnv("LOAD_USER", loads)
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  try {
    expect(await migrate()).toMatchObject({ created: true })
    expect(await migrate()).toMatchObject({ created: false })
    const guide = readFileSync(new URL("../../docs/aws/remove.md", import.meta.url), "utf8")
    const [, statements = ""] = /```sql\n(DROP SCHEMA[^`]+)```/.exec(guide) ?? []
    expect(statements).toContain("rowgate_load")
    for (const statement of statements.replaceAll("rowgate_load", loads).trim().split("\n")) await pool.query(statement)
    const left = "SELECT to_regnamespace('rowgate') AS ledger, to_regclass('orders') AS orders, to_regrole($1) AS loads"
    expect((await pool.query(left, [loads])).rows).toEqual([{ ledger: null, orders: null, loads: null }])
  } finally {
    await pool.end()
    await removeUser(fresh.url, loads)
    await removeUser(fresh.url, name)
  }
})

/** Removes a user with everything that it owns in this database, if it exists. */
async function removeUser(url: string, name: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const { rowCount } = await pool.query("SELECT FROM pg_roles WHERE rolname = $1", [name])
  if (rowCount === 1) {
    await pool.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO CURRENT_USER`)
    await pool.query(`DROP OWNED BY ${name} CASCADE`)
    await pool.query(`DROP ROLE ${name}`)
  }
  await pool.end()
}

function handlers(sweep = {}): Handlers {
  return createHandlers(orders, {
    sweep,
    landing: bucket,
    processing: "processing",
    archive: "archive",
    s3: { client: server.client },
    partBytes: 40_000,
    directParts: 1,
    logger: silentLogger,
    metrics: false,
  })
}

/** The states that a file passes through. */
async function deliver(key: string): Promise<readonly string[]> {
  const of = handlers()
  const functions = Object.fromEntries(functionRoles.map((role) => [role, of[role]])) as unknown as Functions
  const { states, error, cause } = await runShippedMachine({ bucket, key }, { functions, getObject })
  expect(`${error ?? ""} ${cause ?? ""}`.trim()).toBe("")
  return states
}

async function getObject(of: string, key: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of s3Storage({ bucket: of, client: server.client }).read(key)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** The first reject of a file with a right e-mail address, and the key for it. */
async function correctionOf(name: string): Promise<{ readonly key: string; readonly csv: string }> {
  for await (const { id } of storedRuns(owner, { uri: `s3://${bucket}/${name}` }))
    for await (const { number, raw } of storedRejects(owner, id)) {
      const cells: { readonly [column: string]: unknown } = { _reject: number, ...(raw as object), "E-Mail": "right@example.com" }
      return { key: `corrections/${id}/${name}`, csv: `${Object.keys(cells).join(",")}\n${Object.values(cells).join(",")}\n` }
    }
  throw new Error(`The file ${name} has no reject.`)
}
