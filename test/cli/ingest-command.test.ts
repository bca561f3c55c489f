import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { LateFaults } from "../../src/cli/late-faults.ts"
import { Printer } from "../../src/cli/printer.ts"
import { type CliStream, runCli } from "../../src/cli.ts"
import { bytes, createPipeline, memory, ndjsonFile } from "../../src/index.ts"
import { fullDisk } from "../fault/full-disk.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { url, pool, clear } = await ledgerDatabase()
let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-ingest-"))
  await writeFile(join(cwd, "stock.csv"), "sku,pieces\na,1\nb,many\nc,few\n")
  const zod = JSON.stringify(import.meta.resolve("zod"))
  await writeFile(
    join(cwd, "rowgate.config.mjs"),
    `import { z } from ${zod}
export default { to: ${JSON.stringify(url)}, name: "stock",
  pipeline: (files) => files.validate(z.object({ sku: z.string(), pieces: z.number().int() })) }`,
  )
  await pool.query("CREATE SCHEMA sales")
})
afterAll(() => rm(cwd, { recursive: true }))
beforeEach(clear)

async function rowgate(argv: readonly string[], streams: { readonly stdout?: CliStream } = {}) {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: (text: string) => err.push(text) } }
  const code = await runCli(argv, { ...io, env: {}, cwd, ...streams })
  return { code, out: out.join(""), err: err.join("") }
}

const ingest = (...more: string[]) => rowgate(["ingest", "stock.csv", "--create-table", ...more])
const rowsOf = async (table: string) => (await pool.query(`SELECT count(*)::int AS rows FROM ${table}`)).rows[0].rows
const deliveries = async () => (await pool.query("SELECT count(*)::int AS runs FROM rowgate.run WHERE status = 'committed'")).rows[0].runs

test("--quiet prints nothing but errors and what --json asks for", async () => {
  expect(await ingest("--quiet")).toEqual({ code: 0, out: "", err: "" })
  const again = await ingest("--quiet", "--json")
  expect([JSON.parse(again.out).deliveries[0].outcome, again.err]).toEqual(["duplicate", ""])
  expect(await ingest("--quiet", "--mode", "sell")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("--mode") })
})

test("a usual summary fits a screen of 24 lines, and ends with the commands to type next", async () => {
  const columns = ["name", "price", "day", "shelf", "colour", "maker", "weight", "note"]
  const rows = Array.from({ length: 300 }, (_, at) => `a${at},${at},${columns.map((each) => `${each} ${at}`)}`)
  const bad = [`b,many,,${columns.slice(1)}`, `c,few,${columns}`, `d,1.5,${columns}`, `e,,${columns}`]
  await writeFile(join(cwd, "wide.csv"), `sku,pieces,${columns}\n${[...rows, ...bad].join("\n")}\n`)
  const zod = JSON.stringify(import.meta.resolve("zod"))
  const declared = columns.map((column) => `${column}: z.string()`)
  const source = `import { z } from ${zod}\nexport default z.object({ sku: z.string(), pieces: z.number().int(), ${declared} })`
  await writeFile(join(cwd, "wide.mjs"), source)
  const { out } = await rowgate(["ingest", "wide.csv", "--schema", "wide.mjs", "--create-table"])
  const lines = out.trimEnd().split("\n")
  expect(lines.length).toBeLessThanOrEqual(24)
  const { rows: ids } = await pool.query("SELECT id FROM rowgate.run")
  expect(lines.slice(-3)).toEqual([
    "rows: rowgate show wide",
    `rejects: rowgate rejects ${ids[0].id} --xlsx rejects.xlsx`,
    `report: rowgate report ${ids[0].id}`,
  ])
})

test("the commands to type next begin with npx if the command was called by it", async () => {
  const out: string[] = []
  const stdout = { write: (text: string) => out.push(text) }
  const io = { stdout, stderr: { write: () => true }, env: { npm_command: "exec" }, cwd }
  expect(await runCli(["ingest", "stock.csv", "--create-table"], io)).toBe(0)
  expect(out.join("")).toMatch(/\nrows: npx rowgate show stock\nrejects: npx rowgate rejects \S+ --xlsx rejects\.xlsx\n/)
})

test("the commands to type next name the same database, and show no password", async () => {
  const { password } = new URL(url)
  expect(password).not.toBe("")
  const { code, out } = await ingest("--to", url)
  expect([code, out]).toEqual([0, expect.stringMatching(/^rows: rowgate show stock --to '?postgres:\/\//m)])
  expect(out).not.toContain(`:${password}@`)
})

describe("--table", () => {
  test("with a schema means the table in that schema, and the hint quotes it as the shell does", async () => {
    const { code, out } = await ingest("--table", "sales.stock")
    expect(code).toBe(0)
    expect(out).toContain("rows: rowgate show sales.stock\n")
    expect(await rowsOf("sales.stock")).toBe(1)
    expect((await rowgate(["runs", "--table", "sales.stock"])).out).toContain("sales.stock")
    expect((await rowgate(["runs", "--table", "stock"])).out).toContain("sales.stock")
  })

  test("that does not exist is answered with the one that was meant", async () => {
    await ingest("--table", "sales.stock")
    expect(await rowgate(["show", "sales.stok"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("The database has no table sales.stok. Did you mean sales.stock?\n"),
    })
  })

  test("takes a name with a dot or a quote in double quotes", async () => {
    for (const name of ['"a.b"', '"say ""hi"""', 'sales."x.y"']) {
      const { code, out } = await ingest("--table", name)
      const sql = name.startsWith("sales.") ? '"sales"."x.y"' : name
      expect([name, code, out]).toEqual([name, 0, expect.stringContaining(`rows: rowgate show '${name}'\n`)])
      expect(await rowsOf(sql)).toBe(1)
      expect((await rowgate(["runs", "--table", name])).out).toContain("committed")
    }
  })

  test("that is not a name is refused before anything is opened", async () => {
    for (const name of ["a.b.c", "a.", ".b", '"a', "a..b"])
      expect(await ingest("--table", name)).toMatchObject({ code: 2, err: expect.stringContaining(`--table is ${name},`) })
  })

  test("is not needed for a replay into another schema than the search path's", async () => {
    await ingest("--table", "sales.replayed")
    const id = JSON.parse((await rowgate(["runs", "--json"])).out).id
    await rowgate(["rejects", id, "--csv", "corrected.csv"])
    const path = join(cwd, "corrected.csv")
    await writeFile(path, (await readFile(path, "utf8")).replace("b,many", "b,20"))
    expect(await rowgate(["replay", id, "corrected.csv"])).toMatchObject({ code: 0, out: expect.stringContaining("table sales.replayed") })
    expect(await rowsOf("sales.replayed")).toBe(2)
  })
})

describe("files about a load", () => {
  test("are written into folders that are made for them", async () => {
    const { code } = await ingest("--table", "made", "--report", "new/report.json", "--rejects", "newer/rejects.ndjson")
    expect(code).toBe(0)
    expect(JSON.parse(await readFile(join(cwd, "new/report.json"), "utf8"))).toMatchObject({ loaded: 1, rejected: 2 })
    expect((await readFile(join(cwd, "newer/rejects.ndjson"), "utf8")).split("\n")).toHaveLength(3)
    expect(await readdir(join(cwd, "new"))).toEqual(["report.json"])
  })

  test.each(["report", "rejects"])("that cannot be written are found before the load: --%s", async (option) => {
    await mkdir(join(cwd, "folder"), { recursive: true })
    for (const path of ["stock.csv/x.json", "folder"]) {
      const { code, err } = await ingest("--table", "unwritten", `--${option}`, path)
      expect([path, code, err]).toEqual([path, 2, expect.stringContaining(`--${option} cannot write ${join(cwd, path)}`)])
    }
    expect(await deliveries()).toBe(0)
  })

  test("that fail after the commit do not make the load a failure", async () => {
    const { code, out, err } = await ingest("--table", "full", "--report", "/dev/full")
    expect([code, out]).toEqual([5, expect.stringContaining("1 loaded")])
    expect(err).toMatch(/^SINK_REFUSED: The rows are committed, but \/dev\/full could not be written: ENOSPC/)
    expect(await deliveries()).toBe(1)
    const again = await ingest("--table", "full", "--report", "report.json")
    expect([again.code, again.out]).toEqual([0, expect.stringContaining("loaded before")])
    expect((await ingest("--table", "full2", "--report", "/dev/full", "--fail-on-rejects")).code).toBe(4)
  })

  test("are printed, and a full output does not make the load a failure, nor stop the next file", async () => {
    await writeFile(join(cwd, "other.csv"), "sku,pieces\nx,1\n")
    const stdout: CliStream = {
      write() {
        throw new Error("no space left")
      },
    }
    for (const flags of [[], ["--json"]]) {
      await clear()
      const { code, err } = await rowgate(["ingest", "stock.csv", "other.csv", "--create-table", ...flags], { stdout })
      expect([code, err.match(/are committed, but the output could not be written: no space left/g)]).toEqual([
        5,
        expect.objectContaining({ length: 1 }),
      ])
      expect(await deliveries()).toBe(2)
    }
  })

  test("of rejects that do not fit on the disk at the end leave the load as it is", async ({ skip }) => {
    await using disk = await fullDisk("64k")
    if (disk === undefined) return skip("no file system may be mounted here")
    const path = join(disk.path, "rejects.ndjson")
    const said: string[] = []
    const late = new LateFaults(new Printer({ write: (text) => said.push(text) }))
    const loaded = memory<unknown>()
    const rows = Array.from({ length: 500 }, (_, at) => `${at},${at === 0 ? "x" : `${"many".repeat(5)}`}\n`).join("")
    const { z } = await import("zod")
    const report = await createPipeline({ name: "full" })
      .from(bytes(`sku,pieces\n0,1\n${rows}`))
      .validate(z.object({ sku: z.number(), pieces: z.number() }))
      .into(loaded)
      .rejectsInto(late.sink(path, ndjsonFile(path)))
      .run()
    expect([report.loaded, late.any]).toEqual([1, true])
    expect(said.join("")).toMatch(/The rows are committed, but .*rejects.ndjson could not be written/)
  })
})

test("a plan shows why rows would be rejected, and does not mention files that it did not write", async () => {
  const { code, out } = await ingest("--table", "planned", "--plan", "--rejects", "planned.ndjson")
  expect(code).toBe(0)
  expect(out).toContain("  for example\n    line 3: pieces")
  expect(out).not.toMatch(/rowgate\.reject|planned\.ndjson/)
  expect(await readdir(cwd)).not.toContain("planned.ndjson")
})

test("a file of which no row passes is refused, whatever its score", async () => {
  await writeFile(join(cwd, "garbage.csv"), "sku,pieces\na,x\nb,y\n")
  const { code, out } = await rowgate(["ingest", "garbage.csv", "--create-table", "--table", "garbage"])
  expect([code, out]).toEqual([3, expect.stringContaining("garbage.csv: refused (all 2 rows were rejected)")])
})
