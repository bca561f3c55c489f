import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"
import pg from "pg"
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { ledgerDatabase } from "../ledger-database.ts"
import { postgresDatabase } from "../postgres-database.ts"
import { Rowgate } from "./command.ts"

const orders = [
  { "Order No.": 1, email: "ana@example.com", amount: "1.50" },
  { "Order No.": 2, email: "nobody", amount: "2.50" },
  { "Order No.": 3, email: "bo@example.com", amount: "3.50" },
  { "Order No.": 4, email: null, amount: "4.50" },
]
const zod = JSON.stringify(import.meta.resolve("zod"))
const schema = `import { z } from ${zod}
export const schema: z.ZodType = z.object({ "Order No.": z.number().int(), email: z.email(), amount: z.string() })`

const { url, pool } = await ledgerDatabase()
let rowgate: Rowgate
let cwd: string
beforeAll(async () => {
  rowgate = await Rowgate.compile()
})
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-ingest-"))
  await writeFile(join(cwd, "Orders 2025.json"), JSON.stringify(orders))
  await writeFile(join(cwd, "schema.ts"), schema)
})
afterEach(() => rm(cwd, { recursive: true }))

const ingest = (...args: string[]) => rowgate.call(["ingest", ...args], { cwd })

test("one command loads a file into an embedded database, and loads nothing the second time", async () => {
  const first = await ingest("Orders 2025.json")
  expect(first).toMatchObject({ code: 0, stderr: "" })
  expect(first.stdout).toContain("4 rows read, 4 loaded")
  expect(first.stdout).toContain("provisional")
  const again = await ingest("Orders 2025.json")
  expect(again).toMatchObject({ code: 0, stderr: "" })
  expect(again.stdout).toContain("loaded before")
  const rows = await embedded(join(cwd, ".rowgate/db"), "SELECT order_no, email, amount FROM orders_2025 ORDER BY order_no")
  expect(rows).toEqual(orders.map(({ "Order No.": order_no, email, amount }) => ({ order_no, email, amount })))
}, 60_000)

test("with a TypeScript schema, bad rows are rejected with their reasons, in the database and in a file", async () => {
  const { code, stdout, stderr } = await ingest(
    "Orders 2025.json",
    "--schema",
    "schema.ts",
    "--to",
    url,
    "--create-table",
    "--table",
    "judged",
    "--rejects",
    "rejects.ndjson",
    "--report",
    "report.json",
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  expect(stdout).toContain("4 rows read, 2 loaded, 2 rejected")
  expect(stdout).not.toContain("provisional")
  const rejects = (await readFile(join(cwd, "rejects.ndjson"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(rejects).toMatchObject([
    { raw: { "Order No.": 2, email: "nobody" }, issues: [{ column: "email", dimension: "validity" }] },
    { raw: { "Order No.": 4, email: null }, issues: [{ column: "email", dimension: "completeness" }] },
  ])
  const report = JSON.parse(await readFile(join(cwd, "report.json"), "utf8"))
  expect(report).toMatchObject({ read: 4, loaded: 2, rejected: 2, deliveries: [{ outcome: "loaded", score: { provisional: false } }] })
  expect((await pool.query("SELECT row_number::int AS row FROM rowgate.reject ORDER BY 1")).rows).toEqual([{ row: 2 }, { row: 4 }])
})

test("a dry run judges the rows and loads nothing", async () => {
  const { code, stdout } = await ingest("Orders 2025.json", "--schema", "schema.ts", "--to", "out.ndjson", "--dry-run")
  expect(code).toBe(0)
  expect(stdout).toContain("4 rows read, 0 loaded, 2 rejected, 2 withheld")
  expect(await readdir(cwd)).not.toContain("out.ndjson")
})

test("a plan is printed as JSON on request, without anything else", async () => {
  const { code, stdout } = await ingest("Orders 2025.json", "--schema", "schema.ts", "--to", "out.ndjson", "--plan", "--json")
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ read: 4, loaded: 0, rejected: 2, withheld: 2, deliveries: [{ outcome: "dry" }] })
  expect(await readdir(cwd)).not.toContain("out.ndjson")
})

test("--fail-on-rejects exits with code 4 although rows were loaded", async () => {
  const { code, stdout } = await ingest("Orders 2025.json", "--schema", "schema.ts", "--to", "out.ndjson", "--fail-on-rejects")
  expect(code).toBe(4)
  expect(stdout).toContain("2 loaded")
  expect((await readFile(join(cwd, "out.ndjson"), "utf8")).trim().split("\n")).toHaveLength(2)
})

test("a command exits with code 3 and loads nothing if a gate refuses the file", async () => {
  await writeFile(
    join(cwd, "rowgate.config.ts"),
    `import { defineConfig } from ${JSON.stringify(rowgate.face("cli"))}
     import { schema } from "./schema.ts"
     export default defineConfig({ to: "out.ndjson", pipeline: (files) => files.validate(schema).score({ minimum: { overall: 99 } }) })`,
  )
  const { code, stdout, stderr } = await ingest("Orders 2025.json")
  expect({ code, stderr }).toEqual({ code: 3, stderr: "" })
  expect(stdout).toContain("refused (overall is ")
  expect(stdout).toContain("2 withheld")
  expect(await readdir(cwd)).not.toContain("out.ndjson")
})

test("the command line overrides the configuration, which overrides the environment", async () => {
  await writeFile(join(cwd, "rowgate.config.mjs"), 'export default { to: "from-config.ndjson", name: "configured" }')
  const env = { DATABASE_URL: "postgres://127.0.0.1:1/never" }
  const configured = await rowgate.call(["ingest", "Orders 2025.json"], { cwd, env })
  expect(configured.stdout).toMatch(/^configured -> .*from-config\.ndjson/)
  const named = await rowgate.call(["ingest", "Orders 2025.json", "--to", "named.ndjson", "--name", "named"], { cwd, env })
  expect(named.stdout).toMatch(/^named -> .*named\.ndjson/)
  await rm(join(cwd, "rowgate.config.mjs"))
  expect((await rowgate.call(["ingest", "Orders 2025.json"], { cwd, env })).stderr).toContain("SINK_UNREACHABLE")
})

test("weights in the environment change the score, unless the pipeline has its own", async () => {
  const overall = async (env: { readonly [name: string]: string }, ...args: string[]) => {
    const { stderr } = await rowgate.call(["ingest", "Orders 2025.json", "--to", "out.ndjson", "--report", "report.json", ...args], {
      cwd,
      env,
    })
    expect(stderr).toBe("")
    return JSON.parse(await readFile(join(cwd, "report.json"), "utf8")).deliveries[0].score
  }
  const one = await overall({ QUALITY_WEIGHT_VALIDITY: "80" }, "--schema", "schema.ts")
  const other = await overall({}, "--schema", "schema.ts")
  expect(one.dimensions.validity.weight).toBeCloseTo(80 / 170)
  expect(other.dimensions.validity.weight).toBeCloseTo(0.1)
  expect(one.overall).not.toBe(other.overall)
  await writeFile(
    join(cwd, "own.config.ts"),
    `import { schema } from "./schema.ts"
     export default { pipeline: (files) => files.validate(schema).score({ weights: { validity: 10 } }) }`,
  )
  const own = await overall({ QUALITY_WEIGHT_VALIDITY: "80", QUALITY_WEIGHT_ACCURACY: "15" }, "--config", "own.config.ts")
  expect(own.dimensions.validity.weight).toBeCloseTo(10 / 90)
})

test("several files load into separate tables, or all into one", async () => {
  await writeFile(join(cwd, "more.json"), JSON.stringify(orders.map((order) => ({ ...order, "Order No.": order["Order No."] + 10 }))))
  const apart = await ingest("Orders 2025.json", "more.json", "--to", url, "--create-table", "--name", "apart")
  expect(apart).toMatchObject({ code: 0, stderr: "" })
  const together = await ingest(
    "Orders 2025.json",
    "more.json",
    "--to",
    url,
    "--create-table",
    "--name",
    "together",
    "--table",
    "all_orders",
  )
  expect(together.stdout).toContain("all 2 files: 8 rows read, 8 loaded")
  const { rows } = await pool.query(
    "SELECT (SELECT count(*)::int FROM orders_2025) AS one, (SELECT count(*)::int FROM more) AS other, (SELECT count(*)::int FROM all_orders) AS both",
  )
  expect(rows).toEqual([{ one: 4, other: 4, both: 8 }])
})

test("a PostgreSQL database is migrated once, then loaded into, and its table is created on request", async () => {
  await using database = await postgresDatabase()
  const env = { DATABASE_URL: database.url }
  expect(await rowgate.call(["migrate"], { cwd, env })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^applied: .*ledger, .*corrections, .*places, .*without_outbox_and_part, .*outbox_and_parts, .*quality_views, .*column_profile\n$/,
    ),
  })
  expect(await rowgate.call(["migrate"], { cwd, env })).toMatchObject({ code: 0, stdout: "up to date\n" })
  const args = ["ingest", "Orders 2025.json", "--table", "orders", "--create-table", "--schema", "schema.ts"]
  expect(await rowgate.call(args, { cwd, env })).toMatchObject({ code: 0, stderr: "" })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query("SELECT order_no, email FROM orders ORDER BY 1")
  await client.end()
  expect(rows).toEqual([
    { order_no: expect.anything(), email: "ana@example.com" },
    { order_no: expect.anything(), email: "bo@example.com" },
  ])
})

test("rows are merged by a key, and a mode without its key is a usage error", async () => {
  await writeFile(
    join(cwd, "first.json"),
    JSON.stringify([
      { id: 1, name: "one" },
      { id: 2, name: "two" },
    ]),
  )
  await writeFile(
    join(cwd, "second.json"),
    JSON.stringify([
      { id: 2, name: "deux" },
      { id: 3, name: "trois" },
    ]),
  )
  const load = (file: string, ...args: string[]) => ingest(file, "--to", url, "--create-table", "--table", "numbers", ...args)
  expect((await load("first.json", "--mode", "upsert")).stderr).toMatch(/^CONFIG_INVALID: The mode upsert needs --key/)
  expect((await load("first.json", "--mode", "append", "--key", "id")).code).toBe(2)
  expect(await load("first.json", "--mode", "upsert", "--key", "id")).toMatchObject({ code: 0, stderr: "" })
  expect(await load("second.json", "--mode", "upsert", "--key", "id")).toMatchObject({ code: 0, stderr: "" })
  expect((await pool.query("SELECT id::int, name FROM numbers ORDER BY id")).rows).toEqual([
    { id: 1, name: "one" },
    { id: 2, name: "deux" },
    { id: 3, name: "trois" },
  ])
})

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends the run with %i, and nothing of the file is loaded", async (signal, code) => {
  await writeFile(
    join(cwd, "slow.config.mjs"),
    `export default { pipeline: (files) => files.pipe(async function* slow(batches) {
       for await (const batch of batches) {
         console.error("a batch")
         await new Promise((resolve) => setTimeout(resolve, 200))
         yield batch
       }
     }) }`,
  )
  const many = Array.from({ length: 200_000 }, (_, id) => ({ id, name: `name ${id}` }))
  await writeFile(join(cwd, "many.ndjson"), many.map((row) => `${JSON.stringify(row)}\n`).join(""))
  let sent = false
  const ended = await rowgate.call(["ingest", "many.ndjson", "--config", "slow.config.mjs", "--to", "out.ndjson"], {
    cwd,
    onStderr(_, kill) {
      if (!sent) kill(signal)
      sent = true
    },
  })
  expect(ended.stderr).toMatch(/ABORTED: /)
  expect(ended.code).toBe(code)
  expect((await readdir(cwd)).filter((name) => name.startsWith("out") || name.startsWith(".out"))).toEqual([])
})

async function embedded(folder: string, sql: string): Promise<unknown[]> {
  const database = await PGlite.create(folder)
  try {
    return (await database.query(sql)).rows
  } finally {
    await database.close()
  }
}

test("--reload replaces what was loaded with --lineage, and refuses anything else", async () => {
  await writeFile(join(cwd, "items.csv"), "id,qty\n1,10\n2,20\n")
  const rows = () => embedded(join(cwd, ".rowgate/db"), "SELECT id, qty FROM items ORDER BY id")
  expect(await ingest("items.csv", "--lineage")).toMatchObject({ code: 0 })
  for (let time = 0; time < 2; time++) expect(await ingest("items.csv", "--lineage", "--reload")).toMatchObject({ code: 0 })
  expect(await rows()).toHaveLength(2)
  expect(await ingest("items.csv", "--reload")).toMatchObject({ code: 0 })
  const refused = await ingest("items.csv", "--reload")
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("DELIVERY_REFUSED") })
  expect(refused.stderr).toContain("--lineage")
  expect(await rows()).toHaveLength(2)
}, 60_000)

test("files of one table are refused in a mode that keeps one, before anything is loaded, even from two folders", async () => {
  await mkdir(join(cwd, "more"))
  await writeFile(join(cwd, "items.csv"), "id,qty\n1,10\n")
  await writeFile(join(cwd, "more/items.csv"), "id,qty\n2,20\n")
  for (const table of [[], ["--table", "items"]]) {
    const refused = await ingest("items.csv", "more/items.csv", "--mode", "replace", ...table)
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("more/items.csv") })
    expect(refused.stderr).toContain("zip")
  }
  expect(await ingest("items.csv", "--on-all-rejected", "empty")).toMatchObject({ code: 2 })
}, 60_000)

test("no output overwrites an input or another output, under any name", async () => {
  const text = `${JSON.stringify({ id: 1 })}\n`
  await writeFile(join(cwd, "in.ndjson"), text)
  await symlink("in.ndjson", join(cwd, "link.ndjson"))
  for (const options of [
    ["--to", "in.ndjson"],
    ["--to", "link.ndjson"],
    ["--report", "./in.ndjson"],
    ["--rejects", "in.ndjson"],
    ["--report", "out.json", "--rejects", `../${cwd.split("/").at(-1)}/out.json`],
    ["--schema", "schema.ts", "--rejects", "schema.ts"],
  ]) {
    expect(await ingest("in.ndjson", ...options), options.join(" ")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("would overwrite"),
    })
    expect(await readFile(join(cwd, "in.ndjson"), "utf8")).toBe(text)
  }
  expect(await readFile(join(cwd, "schema.ts"), "utf8")).toBe(schema)
}, 60_000)
