import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS from "exceljs"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"

let database: PostgresDatabase
let cwd: string
let id: string
beforeAll(async () => {
  database = await postgresDatabase()
  cwd = await mkdtemp(join(tmpdir(), "rowgate-operations-"))
  await writeFile(join(cwd, "stock.csv"), "sku,pieces\na,1\nb,many\nc,few\n")
  const zod = JSON.stringify(import.meta.resolve("zod"))
  await writeFile(
    join(cwd, "rowgate.config.mjs"),
    `import { z } from ${zod}
export default { to: ${JSON.stringify(database.url)}, name: "stock", table: "stock",
  pipeline: (files) => files.validate(z.object({ sku: z.string(), pieces: z.number().int() })) }`,
  )
  await rowgate("migrate", "--to", database.url)
  expect(await rowgate("ingest", "stock.csv", "--create-table")).toMatchObject({ code: 0 })
  id = JSON.parse((await rowgate("runs", "--json")).out).id
})
afterAll(async () => {
  await database.drop()
  await rm(cwd, { recursive: true })
})

async function rowgate(...argv: string[]) {
  let [out, err] = ["", ""]
  const write = (text: string) => {
    out += text
  }
  const stderr = {
    write: (text: string) => {
      err += text
    },
  }
  const code = await runCli(argv, { stdout: { write }, stderr, env: {}, cwd })
  return { code, out, err }
}

test("runs lists deliveries as a table, or as lines of JSON", async () => {
  const { code, out } = await rowgate("runs", "--table", "stock", "--since", "2020-01-01")
  expect(code).toBe(0)
  const [header = "", line = ""] = out.split("\n")
  expect(header).toMatch(/^STARTED +STATUS +PIPELINE +TARGET +FILE +READ +LOADED +REJECTED +OPEN +SCORE +ID$/)
  expect(line).toMatch(new RegExp(`committed +stock +public.stock +stock.csv +3 +1 +2 +2 +[\\d.]+ +${id}$`))
  expect((await rowgate("runs", "--status", "failed")).out).toBe("no deliveries\n")
  expect(await rowgate("runs", "--limit", "0")).toMatchObject({ code: 2, err: expect.stringContaining("whole number") })
})

test("rejects says why rows were rejected, and writes them to files", async () => {
  const { out } = await rowgate("rejects", id)
  expect(out.split("\n")).toEqual([expect.stringMatching(/^1 {2}line 3: pieces/), expect.stringMatching(/^2 {2}line 4: pieces/), ""])
  expect((await rowgate("rejects", id, "--limit", "1")).out).toContain("There are more")
  expect(JSON.parse((await rowgate("rejects", id, "--json", "--limit", "1")).out)).toMatchObject({
    number: 1,
    raw: { sku: "b", pieces: "many" },
  })
  const files = await rowgate("rejects", id, "--csv", "out.csv", "--xlsx", "out.xlsx", "--ndjson", "out.ndjson")
  expect(files.out.match(/^2 rejects: /gm)).toHaveLength(3)
  expect(await readFile(join(cwd, "out.csv"), "utf8")).toContain("\r\n1,b,many,3,3,,")
  expect(await rowgate("rejects", "none")).toMatchObject({ code: 1, err: expect.stringContaining("RUN_NOT_FOUND") })
  expect(await rowgate("rejects", id, "--json", "--csv", "x.csv")).toMatchObject({ code: 2 })
})

test("rejects writes a workbook with the rules of the pipeline's schema, or of the one that --schema names", async () => {
  const zod = JSON.stringify(import.meta.resolve("zod"))
  await writeFile(join(cwd, "stock.mjs"), `import { z } from ${zod}; export default z.object({ sku: z.enum(["b", "c"]) })`)
  const noteOf = async (cell: string, ...argv: string[]) => {
    expect(await rowgate("rejects", id, "--xlsx", "guided.xlsx", ...argv)).toMatchObject({ code: 0, err: "" })
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(join(cwd, "guided.xlsx"))
    return book.getWorksheet("Rejects")?.getCell(cell).note
  }
  expect(await noteOf("C1")).toBe("Required.\nA whole number.")
  expect(await noteOf("B1", "--schema", "stock.mjs")).toBe("Required.\nOne of: b, c.")
})

test("replay loads what was corrected, by the configuration's contract, and leaves the rest open", async () => {
  await rowgate("rejects", id, "--csv", "corrected.csv")
  const path = join(cwd, "corrected.csv")
  await writeFile(path, (await readFile(path, "utf8")).replace("b,many", "b,20"))
  await writeFile(join(cwd, "bare.mjs"), `export default { to: ${JSON.stringify(database.url)} }`)
  expect(await rowgate("replay", id, "corrected.csv", "--config", "bare.mjs")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--schema"),
  })
  const replayed = await rowgate("replay", id, "corrected.csv", "--fail-on-rejects")
  expect(replayed).toMatchObject({ code: 4, err: "" })
  expect(replayed.out).toContain("2 rows read, 1 loaded, 1 rejected")
  expect(replayed.out).toContain(`still open: rowgate rejects ${id} --open`)
  expect((await rowgate("rejects", id, "--open")).out).toMatch(/^2 {2}line 4: .*\n$/)
  expect((await rowgate("rejects", id)).out).toContain("corrected by")
  expect((await rowgate("replay", id, "corrected.csv")).out).toContain("loaded before")
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  expect((await client.query("SELECT sku, pieces::int FROM stock ORDER BY sku")).rows).toEqual([
    { sku: "a", pieces: 1 },
    { sku: "b", pieces: 20 },
  ])
  await client.end()
})

test("purge counts first, then removes, and still knows what was loaded", async () => {
  expect((await rowgate("purge")).out).toBe("0 rejects of 0 deliveries removed\n")
  const counted = await rowgate("purge", "--older-than", "0d", "--run", id, "--dry-run", "--json")
  expect(JSON.parse(counted.out)).toEqual({ deliveries: 2, rejects: 3, copies: [], dryRun: true })
  expect((await rowgate("purge", "--older-than", "0d")).out).toBe("3 rejects of 2 deliveries removed\n")
  expect((await rowgate("rejects", id)).out).toBe("no rejects\n")
  expect((await rowgate("ingest", "stock.csv")).out).toContain("loaded before")
  expect((await rowgate("purge", "--profiles-older-than", "0d")).out).toBe(
    "0 rejects of 0 deliveries removed\n0 profiles of columns removed\n",
  )
  expect(await rowgate("purge", "--profiles-older-than", "soon")).toMatchObject({ code: 2 })
  expect(await rowgate("purge", "--older-than", "soon")).toMatchObject({ code: 2 })
})

test("show prints rows of a table in the order of its columns, as PostgreSQL writes them", async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 })
  await pool.query(`CREATE SCHEMA odd; CREATE TABLE odd."a.b" (z numeric, "na me" text, d date)`)
  await pool.query(`INSERT INTO odd."a.b" VALUES (12345678901234567890.10, 'x', '2025-03-01'), (2, NULL, NULL)`)
  await pool.end()
  expect((await rowgate("show")).out).toBe('stock\nodd."a.b"\n')
  expect((await rowgate("show", 'odd."a.b"')).out.split("\n")).toEqual([
    "                      z  na me  d",
    "12345678901234567890.10  x      2025-03-01",
    "                      2  NULL   NULL",
    "",
  ])
  expect((await rowgate("show", 'odd."a.b"', "--limit", "1")).out).toContain("There are more rows: raise --limit.")
  expect(JSON.parse((await rowgate("show", 'odd."a.b"', "--json", "--limit", "1")).out)).toEqual({
    z: "12345678901234567890.10",
    "na me": "x",
    d: "2025-03-01",
  })
  expect((await rowgate("show", 'odd."a.b"', "--csv")).out).toBe("z,na me,d\n12345678901234567890.10,x,2025-03-01\n2,,\n")
  expect(await rowgate("show", 'odd."a.b"', "--csv", "--json")).toMatchObject({ code: 2 })
  expect(await rowgate("show", "none")).toMatchObject({ code: 1, err: expect.stringContaining("Name one of its tables: stock,") })
})
