import { execFile as execFileOf } from "node:child_process"
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import { faces } from "../../tools/faces.ts"
import { compiled } from "../compiled.ts"
import { pageFolder } from "../docs/page-folder.ts"
import { typeFaults } from "../docs/type-faults.ts"
import { german, monthOf, plain, textOf } from "./feed-files.ts"

const execFile = promisify(execFileOf)
const root = join(import.meta.dirname, "../..")
const june = { first: 1001, rows: 300, begins: "2025-06-01", statuses: ["new", "paid", "shipped"] as const }

/** A folder with files in which the command runs like a reader's, in a process of its own. */
async function project(files: { readonly [name: string]: string }) {
  const folder = await pageFolder(root, [])
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text)
  const rowgate = async (line: string) => {
    const run = folder.shell({ code: `rowgate ${line}` } as Parameters<typeof folder.shell>[0])
    return await run.catch((error: { readonly stdout: string; readonly stderr: string }) => `${error.stdout}${error.stderr}`)
  }
  const read = (name: string) => readFile(join(folder.path, name), "utf8")
  const report = async (file: string, more = "") => JSON.parse(await rowgate(`ingest ${file} --to rows-${file}.ndjson --json ${more}`))
  const faults = () => typeFaults(root, [join(folder.path, "rowgate.config.ts")])
  return { rowgate, read, report, faults, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

describe.each([
  ["programs", plain],
  ["an office in Germany", german],
])("a contract from a month of orders that %s wrote", (_, style) => {
  test("accepts the month, and the next one with another status, new values and a new column", async () => {
    const july = {
      first: 1301,
      rows: 340,
      begins: "2025-07-01",
      statuses: [...june.statuses, "returned"] as const,
      channel: true,
      factor: 1.5,
    }
    await using folder = await project({
      "orders-2025-06.csv": textOf(monthOf(june, style), style),
      "orders-2025-07.csv": textOf(monthOf(july, style), style),
    })
    expect(await folder.rowgate("init orders-2025-06.csv")).toContain("Review it, then run: rowgate ingest orders-2025-06.csv")
    expect(folder.faults()).toEqual([])
    const source = await folder.read("rowgate.config.ts")
    expect(source).toContain('table: "orders",')
    expect(source).toContain("orderNo: z.int(),")
    expect(source).toContain("shippedOn: z.date().nullable(),")
    expect(source).toContain('      .check(check.unique("orderNo"))')
    expect(source).toContain('      // .check(check.unique("eMail"))')
    expect(source).toContain("Math.abs(Number(Net) + Number(Tax) - Number(Total)) < 0.006")
    expect(source).toContain("Math.abs(Qty * Number(unitPrice) - Number(lineTotal)) < 0.006")
    expect(source).toContain("shippedOn === null || orderedOn <= shippedOn")
    const first = await folder.report("orders-2025-06.csv")
    expect(first).toMatchObject({ read: 300, loaded: 300, rejected: 0 })
    expect(first.deliveries[0].score.overall).toBe(100)
    const second = await folder.report("orders-2025-07.csv")
    expect(second).toMatchObject({ read: 340, loaded: 340, rejected: 0 })
    expect(second.deliveries[0].score.overall).toBeLessThan(100)
    expect(JSON.stringify(second.deliveries[0].notices)).toContain("Channel")
  })

  test("rejects rows that break what every row of the month has kept", async () => {
    const cells = monthOf({ ...june, first: 5001 }, style)
    const column = (name: string) => (cells[0] ?? []).indexOf(name)
    const set = (row: number, name: string, text: string) => {
      const line = cells[row]
      if (line !== undefined) line[column(name)] = text
    }
    set(3, "Total", style.amount(1))
    set(5, "Line total", style.amount(99_999_999))
    set(7, "Order No.", "")
    set(9, "Order No.", cells[8]?.[0] ?? "")
    set(11, "Net", "many")
    set(13, "Ordered on", style.day(Date.parse("2025-12-31")))
    set(13, "Shipped on", style.day(Date.parse("2025-06-01")))
    set(15, "Status", "lost")
    await using folder = await project({ "june.csv": textOf(monthOf(june, style), style), "bad.csv": textOf(cells, style) })
    await folder.rowgate("init june.csv --table orders")
    const report = await folder.report("bad.csv", "--rejects bad.ndjson")
    expect(report).toMatchObject({ read: 300, loaded: 294, rejected: 6 })
    const rejects = (await folder.read("bad.ndjson"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(rejects.map(({ origin }) => origin.row - 1)).toEqual([3, 5, 7, 9, 11, 13])
  })
})

test("a contract names the rows that it rejects, and rejects no others", async () => {
  const cells = monthOf({ ...june, rows: 600 }, plain)
  const damaged = cells.map((line, at) => {
    if (at === 20) return line.with(line.length - 3, "2025-02-30")
    if (at === 40) return line.with(3, "n.n.")
    return at === 60 ? line.with(0, cells[59]?.[0] ?? "") : line
  })
  await using folder = await project({ "orders.csv": textOf(damaged, plain) })
  const said = await folder.rowgate("init orders.csv")
  const source = await folder.read("rowgate.config.ts")
  expect(source).toContain("row 61, which is rejected")
  expect(said).toContain("2 of 600 rows cannot be read and will be rejected:")
  for (const row of ["row 21", "row 41"]) expect(source).toContain(row)
  const report = await folder.report("orders.csv", "--rejects rejects.ndjson")
  const rejects = (await folder.read("rejects.ndjson"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).origin.row)
  expect(rejects).toEqual([21, 41, 61])
  expect(report.rejected).toBe(3)
})

test("rules from a few rows are comments, and no column is required", async () => {
  await using folder = await project({ "few.csv": "id,colour\n1,red\n2,blue\n3,red\n4,red\n5,blue\n" })
  await folder.rowgate("init few.csv")
  const source = await folder.read("rowgate.config.ts")
  expect(source).toContain("id: z.int().nullable(),")
  expect(source).toContain("Not required: 5 rows are few.")
  expect(source).toContain('// .check(check.unique("id"))')
  expect(folder.faults()).toEqual([])
  expect(await folder.report("few.csv")).toMatchObject({ loaded: 5 })
})

test("names and values of the file cannot leave their quotes or their comments", async () => {
  const evil = [
    '"*/ throw 1 //',
    `\${process.exit(9)}`,
    "`);process.exit(9)//",
    "a\u2028process.exit(9)",
    "__proto__",
    "constructor",
    "%",
    "class",
    "Größe in m²",
  ]
  const field = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = Array.from({ length: 80 }, (_, at) => evil.map((text) => field(at % 2 === 0 ? text : `${text}${at % 3}`)).join(","))
  await using folder = await project({ "evil.csv": `${evil.map(field).join(",")}\n${lines.slice(1).join("\n")}\n` })
  await folder.rowgate("init evil.csv --header 1")
  expect(folder.faults()).toEqual([])
  const report = await folder.report("evil.csv")
  expect(report).toMatchObject({ read: 79, loaded: 79 })
  const [row] = (await folder.read("rows-evil.csv.ndjson")).split("\n")
  expect(Object.keys(JSON.parse(row ?? ""))).toHaveLength(evil.length)
})

test("init replaces a configuration only with --force, and says so before it reads the file", async () => {
  await using folder = await project({ "a.csv": "id\n1\n", "rowgate.config.mjs": "export default {}\n" })
  expect(await folder.rowgate("init missing.csv")).toContain(
    "rowgate.config.mjs exists. Use --force to replace it, or --out to write another file.",
  )
  expect(await folder.rowgate("init a.csv --out other.config.ts")).toContain("other.config.ts: 1 column, ")
  expect(await folder.read("rowgate.config.mjs")).toBe("export default {}\n")
})

test("the configuration is JavaScript where Node does not run TypeScript and jiti is not installed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-init-"))
  try {
    const packages = join(folder, "node_modules")
    await mkdir(join(packages, "rowgate"), { recursive: true })
    for (const name of await readdir(join(root, "node_modules")))
      if (name !== "jiti" && name !== "rowgate" && !name.startsWith("."))
        await symlink(join(root, "node_modules", name), join(packages, name))
    const built = await compiled(Object.fromEntries(faces().map((face) => [basename(face, ".ts"), face])))
    await cp(built.folder, join(packages, "rowgate/dist"), { recursive: true })
    await cp(join(root, "package.json"), join(packages, "rowgate/package.json"))
    await writeFile(join(folder, "orders.csv"), textOf(monthOf(june, plain), plain))
    const run = (...argv: string[]) => execFile(process.execPath, [join(packages, "rowgate/dist/bin.js"), ...argv], { cwd: folder })
    const isNative = "typescript" in process.features && Boolean(process.features.typescript)
    const name = isNative ? "rowgate.config.ts" : "rowgate.config.mjs"
    expect((await run("init", "orders.csv")).stdout).toContain(`${name}: 12 columns`)
    const { stdout } = await run("ingest", "orders.csv", "--to", "rows.ndjson", "--json")
    expect(JSON.parse(stdout)).toMatchObject({ read: 300, loaded: 300 })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test("the contract keeps how the file is read, and names the feed's table without its numbers", async () => {
  const rows = Array.from({ length: 80 }, (_, at) => ({ id: at, note: null }))
  await using folder = await project({
    "page-7.json": JSON.stringify({ meta: [{ a: 1 }], data: { rows } }),
    "plain.csv": `${rows.map(({ id }) => `${id},x`).join("\n")}\n`,
  })
  await folder.rowgate("init page-7.json --path /data/rows")
  const source = await folder.read("rowgate.config.ts")
  expect(source).toContain('.parse(json({ path: "/data/rows" }))')
  expect(source).toContain('table: "page",')
  expect(folder.faults()).toEqual([])
  expect(await folder.report("page-7.json")).toMatchObject({ read: 80, loaded: 80 })
  await folder.rowgate("init plain.csv --no-header --force")
  expect(folder.faults()).toEqual([])
  expect(await folder.report("plain.csv")).toMatchObject({ read: 80, loaded: 80 })
})

test("totals below the table make no rules, and the contract names them", async () => {
  const rows = Array.from({ length: 90 }, (_, at) => `${at + 1},shop ${at % 3},${10 + (at % 7)}`)
  const sum = Array.from({ length: 90 }, (_, at) => 10 + (at % 7)).reduce((one, other) => one + other, 0)
  await using folder = await project({ "takings.csv": `id,shop,pieces\n${rows.join("\n")}\nTotal,,${sum}\n` })
  await folder.rowgate("init takings.csv")
  const source = await folder.read("rowgate.config.ts")
  expect(source).toContain("from its 90 rows.")
  expect(source).toContain("// Row 92 is a total or a note below the table.")
  expect(source).toContain("shop: z.string(),")
  expect(source).toContain("Seen 10 to 16 in 90 rows.")
  expect(folder.faults()).toEqual([])
  expect(await folder.report("takings.csv")).toMatchObject({ read: 91, loaded: 90, rejected: 1 })
})

test("columns of JSON stay JSON, and a key of two columns is a check", async () => {
  const rows = Array.from({ length: 300 }, (_, at) => {
    const day = new Date(Date.UTC(2025, 0, 1 + Math.floor(at / 10))).toISOString()
    return `shop ${at % 10},${day.slice(0, day.indexOf("T"))},"{""pieces"":${at}}"`
  })
  await using folder = await project({ "days.csv": `shop,day,details\n${rows.join("\n")}\n` })
  await folder.rowgate("init days.csv")
  const source = await folder.read("rowgate.config.ts")
  expect(source).toContain("details: z.json(),")
  expect(source).toContain("details: cell.json(),")
  expect(source).toContain('      .check(check.unique("shop", "day"))')
  expect(folder.faults()).toEqual([])
  expect(await folder.report("days.csv")).toMatchObject({ read: 300, loaded: 300 })
  const [row = ""] = (await folder.read("rows-days.csv.ndjson")).split("\n")
  expect(JSON.parse(row).details).toEqual({ pieces: 0 })
})

test("a contract has proven dependencies and conditions as checks, and likely ones as comments", async () => {
  const line = (at: number, town = `Town ${"abcdefghijkl".charAt(at % 12)}`) => {
    const isTransfer = at % 3 === 0
    const price = (5 + (at % 15)).toFixed(2)
    return `${at},${10_000 + (at % 12)},${town},${isTransfer ? "transfer" : "card"},${isTransfer ? `acc ${at}` : ""},P-${at % 15},${price}`
  }
  const header = "id,zip,town,paid,account,product,price"
  const lines = Array.from({ length: 300 }, (_, at) => line(at))
  const bad = lines.with(30, line(30, "Elsewhere")).with(33, lines[33]?.replace("acc 33", "") ?? "")
  await using folder = await project({ "sales.csv": `${[header, ...lines].join("\n")}\n`, "bad.csv": `${[header, ...bad].join("\n")}\n` })
  await folder.rowgate("init sales.csv")
  const source = await folder.read("rowgate.config.ts")
  expect(source).toContain('import { dependsOn, requiredIf } from "rowgate/checks"')
  expect(source).toContain(`      // Rows with the same zip have the same town: 12 values in 300 rows. A guess would be right in 8 %.
      .check(dependsOn("town", ["zip"]))`)
  expect(source).toContain('Left out: "price" may change by right.\n      // .check(dependsOn("price", ["product"]))')
  expect(source).toContain(`      // Filled in all 100 rows with this value, and empty in 100 % of the other 200.
      .check(requiredIf("account", "paid", ["transfer"]))`)
  expect(folder.faults()).toEqual([])
  expect(await folder.report("sales.csv")).toMatchObject({ read: 300, loaded: 300, rejected: 0 })
  const report = await folder.report("bad.csv", "--rejects bad.ndjson")
  expect(report).toMatchObject({ loaded: 298, rejected: 2 })
  const rejects = (await folder.read("bad.ndjson")).trimEnd().split("\n")
  expect(rejects.map((each) => JSON.parse(each).issues.at(-1).code)).toEqual(["dependency.broken", "required"])
})
