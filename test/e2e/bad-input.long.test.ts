import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { type Ended, Rowgate } from "./command.ts"

let rowgate: Rowgate
let database: PostgresDatabase
let cwd: string
beforeAll(async () => {
  ;[rowgate, database] = await Promise.all([Rowgate.compile(), postgresDatabase()])
  cwd = await mkdtemp(join(tmpdir(), "rowgate-bad-"))
  await writeFile(
    join(cwd, "orders.json"),
    JSON.stringify([
      { id: 1, amount: "1.50" },
      { id: 2, amount: "2.50" },
    ]),
  )
  expect(await rowgate.call(["migrate", "--to", database.url], { cwd })).toMatchObject({ code: 0, stderr: "" })
})
afterAll(async () => {
  await database.drop()
  await rm(cwd, { recursive: true })
})

/** Expects short lines: a code, a place unless the command line itself is wrong, and what to do. They have no place in the code of rowgate. */
function expectError({ code, stdout, stderr }: Ended, { exit, error, place }: { exit: number; error: string; place?: string }): void {
  const [first = "", ...lines] = stderr.split("\n")
  expect(first).toMatch(new RegExp(`^${error}: `))
  if (place !== undefined) {
    const at = lines.shift()
    expect(at).toMatch(/^ {2}at: /)
    expect(at).toContain(place)
  }
  expect(lines.shift()).toMatch(/^ {2}do: .{10}/)
  expect(lines).toEqual([""])
  expect(stderr).not.toMatch(/\bat .*\.(ts|mjs|js):\d+/)
  expect(stdout).toBe("")
  expect(code).toBe(exit)
}

describe("files that cannot be ingested", () => {
  const target = () => ["--to", "out.ndjson"]
  const call = (...args: string[]) => rowgate.call(["ingest", ...args, ...target()], { cwd })
  beforeEach(() => rm(join(cwd, "out.ndjson"), { force: true }))

  test("a missing file", async () => {
    expectError(await call("none.csv"), { exit: 1, error: "SOURCE_NOT_FOUND", place: "none.csv" })
  })

  test("a folder without tables", async () => {
    await mkdir(join(cwd, "folder"), { recursive: true })
    expectError(await call("folder"), { exit: 2, error: "CONFIG_INVALID" })
  })

  test.each(["empty.csv", "empty.json", "empty.xlsx"])("an empty file: %s", async (name) => {
    await writeFile(join(cwd, name), "")
    expectError(await call(name), { exit: 1, error: "SOURCE_EMPTY", place: name })
  })

  test("a header with no rows", async () => {
    await writeFile(join(cwd, "header.csv"), "id,amount\n")
    expectError(await call("header.csv"), { exit: 1, error: "TABLE_EMPTY", place: "header.csv" })
  })

  test("an unknown format, whatever its name suggests", async () => {
    const noise = Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919 + (at >> 3)) & 255))
    await writeFile(join(cwd, "noise.csv"), noise)
    expectError(await call("noise.csv"), { exit: 1, error: "FORMAT_UNKNOWN", place: "noise.csv" })
  })

  test("a known format that cannot be read, by its name", async () => {
    await writeFile(join(cwd, "page.xls"), "<html><body><table><tr><td>1</td></tr></table></body></html>")
    const ended = await call("page.xls")
    expectError(ended, { exit: 1, error: "FORMAT_UNSUPPORTED", place: "page.xls" })
    expect(ended.stderr).toContain("web page")
  })

  test("a file that lacks a column of the schema", async () => {
    await writeFile(
      join(cwd, "schema.mjs"),
      `import { z } from ${JSON.stringify(import.meta.resolve("zod"))}\nexport default z.object({ id: z.number(), customer: z.string() })`,
    )
    const ended = await call("orders.json", "--schema", "schema.mjs")
    expectError(ended, { exit: 1, error: "COLUMN_MISSING", place: "orders.json" })
    expect(ended.stderr).toContain("customer")
  })

  test("none of them leaves anything behind", async () => {
    expect(await readdir(cwd)).not.toContain("out.ndjson")
    expect(existsSync(join(cwd, ".rowgate"))).toBe(false)
    expect((await readdir(cwd)).filter((name) => name.includes("out."))).toEqual([])
  })
})

describe("targets that cannot be loaded into", () => {
  const call = (to: string, ...args: string[]) => rowgate.call(["ingest", "orders.json", "--to", to, ...args], { cwd })

  test("an invalid connection string is not repeated", async () => {
    const ended = await call("mysql://me:hunter2@localhost/shop")
    expectError(ended, { exit: 2, error: "CONFIG_INVALID" })
    expect(ended.stderr).not.toContain("hunter2")
  })

  test("a server that does not answer", async () => {
    const ended = await call("postgres://me:hunter2@127.0.0.1:1/shop")
    expectError(ended, { exit: 1, error: "SINK_UNREACHABLE", place: "127.0.0.1:1/shop" })
    expect(ended.stderr).not.toContain("hunter2")
  })

  test("a wrong password and a database that does not exist", async () => {
    const wrong = new URL(database.url)
    wrong.password = "hunter2"
    expectError(await call(wrong.href), { exit: 1, error: "SINK_UNREACHABLE", place: database.name })
    const absent = new URL(database.url)
    absent.pathname = "no_such_database"
    expectError(await call(absent.href), { exit: 1, error: "SINK_UNREACHABLE", place: "no_such_database" })
  })

  test("a database without the ledger explains how to create it", async () => {
    await using bare = await postgresDatabase()
    const ended = await call(bare.url)
    expectError(ended, { exit: 1, error: "LEDGER_MISSING", place: bare.name })
    expect(ended.stderr).toContain("rowgate migrate")
  })

  test("a table that does not exist", async () => {
    const ended = await call(database.url, "--table", "nowhere")
    expectError(ended, { exit: 1, error: "SINK_SCHEMA_MISMATCH", place: "nowhere" })
  })

  test("a table with missing columns names them and does not change", async () => {
    await query("CREATE TABLE orders_short (id int)")
    const ended = await call(database.url, "--table", "orders_short")
    expectError(ended, { exit: 1, error: "SINK_SCHEMA_MISMATCH", place: "orders_short" })
    expect(ended.stderr).toContain("amount")
    expect(await query("SELECT * FROM orders_short")).toEqual([])
    expect(await query("SELECT count(*)::int AS count FROM rowgate.run WHERE status = 'committed'")).toEqual([{ count: 0 }])
  })
})

describe("commands that cannot be run", () => {
  test.each([
    [["ingest"], "at least one file"],
    [["ingest", "orders.json", "--tabel", "x"], "--tabel"],
    [["ingest", "orders.json", "--as-of", "yesterday"], "--as-of"],
    [["ingest", "orders.json", "--schema", "none.mjs"], "none.mjs"],
    [["ingest", "orders.json", "--config", "orders.json"], "orders.json"],
    [["migrate"], "DATABASE_URL"],
    [["frobnicate"], "frobnicate"],
  ])("%j is a usage error", async (args, word) => {
    const { code, stderr, stdout } = await rowgate.call(args, { cwd })
    expect(stderr).toMatch(/^(CONFIG|SCHEMA)_INVALID: /)
    expect(stderr).toContain(word)
    expect(stdout).toBe("")
    expect(code).toBe(2)
  })

  test("a negative weight is refused by its variable's name before anything is opened", async () => {
    const ended = await rowgate.call(["ingest", "none.csv"], { cwd, env: { QUALITY_WEIGHT_ACCURACY: "-1" } })
    expectError(ended, { exit: 2, error: "CONFIG_INVALID", place: "QUALITY_WEIGHT_ACCURACY" })
  })

  test("LOG_LEVEL=debug shows the place in the code, even from .env.local", async () => {
    const { stderr } = await rowgate.call(["ingest", "none.csv"], { cwd, env: { LOG_LEVEL: "debug" } })
    expect(stderr).toMatch(/^SOURCE_NOT_FOUND: [\s\S]*\n {4}at .*:\d+/)
    await writeFile(join(cwd, ".env.local"), "LOG_LEVEL=debug\n")
    const fromFile = await rowgate.call(["ingest", "none.csv"], { cwd })
    await rm(join(cwd, ".env.local"))
    expect(fromFile.stderr).toMatch(/\n {4}at .*:\d+/)
  })
})

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test("an uncaught error ends the command, with its text made printable", async () => {
  const folder = join(cwd, "thrown")
  await mkdir(folder)
  await writeFile(
    join(folder, "rowgate.config.mjs"),
    'setTimeout(() => { throw Object.assign(new Error("\\x1b[2J\\nforged"), { syscall: "open" }) })\nawait new Promise((end) => setTimeout(end, 5000))',
  )
  const { code, stderr } = await rowgate.call(["ingest", "any.csv"], { cwd: folder })
  expect([code, stderr.split("\n")[0]]).toEqual([1, "INTERNAL: \\x1b[2J\\nforged"])
  expect(stderr).not.toContain("\x1b")
})
