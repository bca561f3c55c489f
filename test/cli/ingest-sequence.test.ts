import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { url, pool, clear } = await ledgerDatabase()
let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-sequence-"))
  await writeFile(join(cwd, "north.csv"), "id,pieces\n1,5\n2,6\n")
  await writeFile(join(cwd, "south.csv"), "id,pieces\n3,7\n")
  await writeFile(join(cwd, "west.csv"), "id,pieces,shelf\n4,8,x\n")
  await writeFile(join(cwd, "east.csv"), "id,pieces\n5,9\n")
})
afterAll(() => rm(cwd, { recursive: true }))
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS stock, north, south, west, east")
})

async function rowgate(...argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: (text: string) => err.push(text) } }
  const code = await runCli(argv, { ...io, env: {}, cwd })
  return { code, out: out.join(""), err: err.join("") }
}

const all = ["north.csv", "south.csv", "west.csv", "east.csv"]
const intoOne = (...more: string[]) => rowgate("ingest", ...all, "--to", url, "--create-table", "--table", "stock", ...more)
const ids = async () => (await pool.query("SELECT array_agg(id::int ORDER BY id) AS ids FROM stock")).rows[0].ids

test("if the third of four files fails, the summary shows what the first two loaded and what was not tried", async () => {
  const { code, out, err } = await intoOne()
  expect([code, err]).toEqual([1, expect.stringContaining("has no column shelf")])
  expect(out).toMatch(/^north\.csv: loaded\n {2}2 rows read, 2 loaded$/m)
  expect(out).toMatch(/^south\.csv: loaded\n {2}1 row read, 1 loaded$/m)
  expect(out).toContain("\nwest.csv: failed, nothing of it was loaded\neast.csv: not tried\n")
  expect(await ids()).toEqual([1, 2, 3])
})

test("if a file fails that has a table of its own, the summary of the tables before it stays and names the file", async () => {
  await pool.query("CREATE TABLE west (id int)")
  const { code, out } = await rowgate("ingest", ...all, "--to", url, "--create-table")
  expect(code).toBe(1)
  expect(out).toMatch(/^south\.csv: loaded$/m)
  expect(out).toContain("table west\n\nwest.csv: failed, nothing of it was loaded\neast.csv: not tried\n")
})

test.each([
  ["into one table", ["--table", "stock"]],
  ["into a table each", []],
])("a load of several files %s that is stopped says what is loaded, and can be run again", async (_, table) => {
  const files = ["north.csv", "south.csv", "east.csv"]
  const controller = new AbortController()
  const out: string[] = []
  const err: string[] = []
  const stderr = {
    isTTY: true,
    write(text: string) {
      err.push(text)
      if (text.includes("[2/3]")) controller.abort(new RowgateError({ code: "ABORTED", message: "SIGINT stopped the command." }))
    },
  }
  const stdout = { write: (text: string) => out.push(text) }
  const argv = ["ingest", ...files, "--to", url, "--create-table", ...table]
  expect(await runCli(argv, { stdout, stderr, env: { NO_COLOR: "1" }, cwd, signal: controller.signal })).toBe(1)
  expect(out.join("")).toContain("\nsouth.csv: stopped, nothing of it was loaded\neast.csv: not tried\n")
  expect(err.join("")).toMatch(
    /[\r\n]ABORTED: SIGINT stopped the command\. north\.csv is loaded\. Nothing of south\.csv was loaded\. east\.csv was not tried\.\n {2}do: Run it again: rowgate does not load the same file twice\.\n$/,
  )
  const again = await rowgate(...argv)
  expect([again.code, again.out]).toEqual([0, expect.stringContaining("north.csv: loaded before")])
  expect(again.out).toMatch(/^south\.csv: loaded$/m)
})

test("--json and --report have the deliveries before a failure", async () => {
  const { code, out } = await intoOne("--json", "--report", "report.json")
  expect(code).toBe(1)
  const report = JSON.parse(out)
  expect(report).toMatchObject({ loaded: 3, deliveries: [{ outcome: "loaded" }, { outcome: "loaded" }] })
  expect(JSON.parse(await readFile(join(cwd, "report.json"), "utf8"))).toEqual(report)
})

test("a failure of the first file prints no summary", async () => {
  const { code, out } = await rowgate("ingest", "none.csv", "north.csv", "--to", url, "--create-table", "--table", "stock")
  expect([code, out]).toEqual([1, ""])
})

test("--reload brings back the rows of one file that was loaded with --lineage", async () => {
  await intoOne("--lineage")
  await pool.query("DELETE FROM stock WHERE id = 3")
  expect(await rowgate("ingest", "south.csv", "--to", url, "--table", "stock", "--lineage", "--reload")).toMatchObject({ code: 0 })
  expect(await ids()).toEqual([1, 2, 3])
})
