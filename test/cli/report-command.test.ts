import { existsSync } from "node:fs"
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { TextStream } from "./text-stream.ts"

let database: PostgresDatabase
let cwd: string
let id: string
beforeAll(async () => {
  database = await postgresDatabase()
  cwd = await mkdtemp(join(tmpdir(), "rowgate-report-"))
  await writeFile(join(cwd, "stock.csv"), "sku,pieces\na,1\nb,many\nc,<b>few</b>\n")
  const zod = JSON.stringify(import.meta.resolve("zod"))
  await writeFile(
    join(cwd, "rowgate.config.mjs"),
    `import { z } from ${zod}
export default { to: ${JSON.stringify(database.url)}, name: "stock", table: "stock",
  pipeline: (files) => files.validate(z.object({ sku: z.string(), pieces: z.number().int() })) }`,
  )
  await rowgate("migrate", "--to", database.url)
  expect(await rowgate("ingest", "stock.csv", "--create-table", "--html", "pages/load.html", "--report", "stock.json")).toMatchObject({
    code: 0,
  })
  id = JSON.parse((await rowgate("runs", "--json")).out).id
})
afterAll(async () => {
  await database.drop()
  await rm(cwd, { recursive: true })
})

async function rowgate(...argv: string[]) {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli(argv, { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

const pageOf = (...path: string[]) => readFile(join(cwd, ...path), "utf8")

test("ingest --html writes a page with the rejected rows and the profile of the file", async () => {
  const page = await pageOf("pages", "load.html")
  expect(page).toContain("1 of 3 rows was loaded, 2 were set aside.")
  expect(page).toContain('<td class="fault"><span class="sr">faulty: </span>&lt;b&gt;few&lt;/b&gt;</td>')
  expect(page).toContain("<dt>distinct</dt><dd>3</dd>")
  expect((await stat(join(cwd, "pages", "load.html"))).mode & 0o777).toBe(0o600)
})

test("the page of ingest and of profile hides the values of columns, by their names or headers", async () => {
  await writeFile(join(cwd, "people.csv"), "Key,Pass Word\n1,hunter2\n2,swordfish\nx,letmein\n")
  const secrets = /hunter2|swordfish|letmein/
  await rowgate("ingest", "people.csv", "--no-config", "--to", "people.ndjson", "--html", "shown.html")
  expect(await pageOf("shown.html")).toMatch(secrets)
  for (const name of ["pass_word", "Pass Word"]) {
    const args = ["--html", "hidden.html", "--redact", name]
    expect(await rowgate("ingest", "people.csv", "--no-config", "--to", "people.ndjson", ...args)).toMatchObject({ code: 0 })
    expect(await pageOf("hidden.html")).not.toMatch(secrets)
    expect(await rowgate("profile", "people.csv", ...args)).toMatchObject({ code: 0 })
    expect(await pageOf("hidden.html")).not.toMatch(secrets)
  }
  expect(await rowgate("ingest", "people.csv", "--redact", "pass_word")).toMatchObject({ code: 2, err: expect.stringContaining("--html") })
})

test("ingest refuses a page that would overwrite the file or the report", async () => {
  expect(await rowgate("ingest", "stock.csv", "--html", "stock.csv")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--html would overwrite"),
  })
  expect(await rowgate("ingest", "stock.csv", "--html", "a.json", "--report", "a.json")).toMatchObject({ code: 2 })
})

test("report of a delivery takes its report and its rejects from the ledger", async () => {
  const { code, out, err } = await rowgate("report", id, "--out", "run.html")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toBe(`page: ${join(cwd, "run.html")}\n`)
  const page = await pageOf("run.html")
  expect(page).toContain("1 of 3 rows was loaded, 2 were set aside.")
  expect(page).toContain("&lt;b&gt;few&lt;/b&gt;")
  expect(page).toContain("public.stock")
  const unknown = await rowgate("report", "00000000-0000-4000-8000-000000000000")
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining("RUN_NOT_FOUND") })
})

test("report --redact hides the values of a column", async () => {
  await rowgate("report", id, "--out", "hidden.html", "--redact", "pieces")
  const page = await pageOf("hidden.html")
  expect(page).toContain("[redacted]")
  expect(page).not.toContain("few")
})

test("report of a saved report makes a page of it, and of any other file a profile", async () => {
  expect(await rowgate("report", "stock.json", "--out", "saved.html")).toMatchObject({ code: 0 })
  expect(await pageOf("saved.html")).toContain("1 of 3 rows was loaded, 2 were set aside.")
  expect(await rowgate("report", "stock.csv")).toMatchObject({ code: 0 })
  expect(await pageOf("rowgate-report.html")).toContain("3 rows, in 2 columns.")
  expect(await rowgate("profile", "stock.csv", "--html", "profile.html")).toMatchObject({ code: 0 })
  expect(await pageOf("profile.html")).toContain("3 rows, in 2 columns.")
})

test("report --ledger writes a page for each delivery, and an index that links them", async () => {
  expect(await rowgate("report", "--ledger", "--out", "all")).toMatchObject({ code: 0, out: `page: ${join(cwd, "all", "index.html")}\n` })
  expect((await readdir(join(cwd, "all"))).sort()).toEqual([`${id}.html`, "index.html"].sort())
  const index = await pageOf("all", "index.html")
  expect(index).toContain(`<a href="./${id}.html">stock.csv</a>`)
  expect(index).toContain("1 delivery; 2 rejected rows wait for a correction.")
})

test("report says what it needs", async () => {
  for (const argv of [[], ["a", "b"], [id, "--limit", "3"], ["--ledger", "--limit", "0"]]) {
    expect(await rowgate("report", ...argv), argv.join(" ")).toMatchObject({ code: 2 })
  }
  expect(existsSync(join(cwd, "a"))).toBe(false)
})
