import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS from "exceljs"
import { strToU8, zipSync } from "fflate"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { TextStream } from "./text-stream.ts"

const { url, pool } = await ledgerDatabase()

type Cells = readonly (readonly (string | number)[])[]
const orders = (from: number, rows: number): Cells => [
  ["id", "town", "amount"],
  ...Array.from({ length: rows }, (_, at) => [from + at, at % 2 === 0 ? "Bonn" : "Ulm", (from + at) * 10]),
]
const customers: Cells = [
  ["customer", "mail"],
  ["Ann", "ann@example.com"],
  ["Bob", "bob@example.com"],
]
const csv = (cells: Cells) => cells.map((row) => `${row.join(",")}\n`).join("")

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-tables-"))
  const files: { readonly [name: string]: string | Uint8Array } = {
    "two.csv": `${csv(orders(1, 4))}\n${csv(customers)}`,
    "one.csv": csv(orders(1, 4)),
    "empty.csv": "",
    "book.xlsx": await workbook({
      Cover: [["Prepared by Finance"], ["30 June 2025"]],
      Jan: orders(1, 3),
      Feb: orders(11, 2),
      Blank: [],
      "Side by side": [...orders(21, 3), [], ["customer", "since"], ["Ann", 2020], ["Bob", 2021]],
      Lists: [["status"], ["new"], ["paid"]],
    }),
    "mixed.zip": zip({
      "q/january.csv": csv(orders(1, 3)),
      "q/february.csv": csv(orders(11, 2)),
      "q/old/january.csv": csv(orders(21, 1)),
      "q/customers.csv": csv(customers),
      "README.txt": "Ask Finance.\n",
    }),
    "api.json": JSON.stringify({ page: 1, data: { orders: [{ id: 1 }, { id: 2 }], customers: [{ name: "Ann" }] }, errors: [] }),
    "parts.zip": zip({ "1.csv": csv(orders(1, 3)), "2.csv": csv(orders(11, 2)) }),
    "pages.zip": zip({ "1.json": '[{"id":1,"note":"a"},{"id":2}]', "2.json": '[{"id":3},{"id":4}]' }),
    "gaps.zip": zip({ "0.csv": "", "1.csv": csv(orders(1, 3)), "2.json": "\ufeff \r\n", "3.csv": csv(orders(11, 2)) }),
    "gap.zip": zip({ "orders.csv": csv(orders(1, 3)), "none.csv": "", "head.csv": "a,b\n", "customers.csv": csv(customers) }),
    "nothing.zip": zip({ "1.csv": "", "2.csv": "\n\n" }),
    "single.zip": zip({ "export-2025.csv": csv(orders(1, 3)) }),
    "books.zip": zip({ "a.csv": csv(customers), "b.xlsx": await workbook({ Jan: orders(1, 3), Feb: orders(11, 2) }) }),
    "rejects.xlsx": await workbook({ One: [...orders(1, 700), [99, "Bonn", "oops"]], Two: [...orders(1, 700), [98, "Ulm", "nope"]] }),
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content)
})
afterAll(() => rm(cwd, { recursive: true }))

beforeEach(async () => {
  const { rows } = await pool.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
  for (const { name } of rows) await pool.query(`DROP TABLE public."${name}"`)
  await pool.query("DELETE FROM rowgate.reject; DELETE FROM rowgate.run")
})

async function workbook(sheets: { readonly [name: string]: Cells }): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  for (const [name, rows] of Object.entries(sheets)) {
    const state = name === "Lists" ? "hidden" : "visible"
    book.addWorksheet(name, { state }).addRows(rows.map((row) => [...row]))
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

function zip(files: { readonly [name: string]: string | Uint8Array }): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, typeof content === "string" ? strToU8(content) : content])),
  )
}

async function rowgate(...argv: readonly string[]) {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli([...argv, "--no-config"], { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

const ingest = (...argv: readonly string[]) => rowgate("ingest", ...argv, "--to", url, "--create-table")

/** How many rows each table has. */
async function tables(): Promise<{ readonly [table: string]: number }> {
  const { rows } = await pool.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
  const counts: [string, number][] = []
  for (const { name } of rows) {
    const counted = await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM public."${name}"`)
    counts.push([name, counted.rows[0]?.count ?? -1])
  }
  return Object.fromEntries(counts)
}

const columnsOf = async (table: string) => {
  const { fields } = await pool.query(`SELECT * FROM public."${table}" LIMIT 0`)
  return fields.map(({ name }) => name)
}

describe("a workbook", () => {
  test("gives a table for each sheet with --all-sheets, and says which sheets have none", async () => {
    const { code, out, err } = await ingest("book.xlsx", "--all-sheets")
    expect([code, err]).toEqual([0, ""])
    expect(await tables()).toEqual({ book_feb: 2, book_jan: 3, book_lists: 2, book_side_by_side: 3 })
    expect(out).toContain("book.xlsx, sheet Jan: loaded")
    expect(out).toContain("table book_feb\n\nbook.xlsx, sheet Feb: loaded")
    expect(out).toContain('The sheet "Cover" was not read')
    expect(out).toContain("add --all to read it")
  })

  test("gives a table for the second table of a sheet with --all", async () => {
    const { code, out } = await ingest("book.xlsx", "--all")
    expect(code).toBe(0)
    expect(await tables()).toEqual({ book_feb: 2, book_jan: 3, book_lists: 2, book_side_by_side: 3, book_side_by_side_2: 2 })
    expect(await columnsOf("book_side_by_side_2")).toEqual(["customer", "since"])
    expect(out).toContain("book.xlsx, sheet Side by side, table 2: loaded")
    expect(out).not.toContain("Another table begins")
  })

  test("loads each sheet once, and all of them into one table with --table", async () => {
    await ingest("book.xlsx", "--sheet", "Feb", "--table", "months")
    const first = await ingest("book.xlsx", "--sheet", "Jan", "--table", "months")
    expect([first.code, await tables()]).toEqual([0, { months: 5 }])
    const { out } = await ingest("book.xlsx", "--all-sheets", "--table", "months", "--evolve")
    expect(out).toContain("book.xlsx, sheet Jan: loaded before")
    expect(out).toContain("book.xlsx, sheet Feb: loaded before")
    expect(await tables()).toEqual({ months: 5 + 3 + 2 })
  })

  test("has a delivery, a report and the examples of its own rejects for each sheet", async () => {
    const { out } = await ingest("rejects.xlsx", "--all-sheets")
    const [, one = "", two = ""] = out.split(/^rejects_(?:one|two) -> .*$/m)
    expect([one.includes("oops"), one.includes("nope"), two.includes("oops"), two.includes("nope")]).toEqual([true, false, false, true])
    const report = JSON.parse((await ingest("rejects.xlsx", "--all-sheets", "--json")).out)
    expect(report.map(({ deliveries }: { deliveries: unknown[] }) => deliveries)).toMatchObject([
      [{ outcome: "duplicate" }],
      [{ outcome: "duplicate" }],
    ])
    const { rows } = await pool.query(
      "SELECT pipeline, loaded::int, rejected::int FROM rowgate.run WHERE status = 'committed' ORDER BY pipeline",
    )
    expect(rows).toEqual([
      { pipeline: "rejects_one", loaded: 700, rejected: 1 },
      { pipeline: "rejects_two", loaded: 700, rejected: 1 },
    ])
  })
})

test("a header that repeats within a sheet does not make text of its columns", async () => {
  await writeFile(join(cwd, "pages.xlsx"), await workbook({ One: [...orders(1, 30), ...orders(31, 30), ...orders(61, 3)] }))
  const { out } = await ingest("pages.xlsx")
  expect(out).toMatch(/amount {2}integer/)
  expect(out).toContain("65 rows read, 63 loaded, 2 rejected")
  expect(await tables()).toEqual({ pages: 63 })
})

test("rejects of a sheet are exported, corrected and loaded into the table of the sheet", async () => {
  const zod = JSON.stringify(import.meta.resolve("zod"))
  const schema = join(cwd, "order.mjs")
  await writeFile(schema, `import { z } from ${zod}\nexport default z.object({ id: z.int(), town: z.string(), amount: z.int() })`)
  await ingest("rejects.xlsx", "--all-sheets", "--schema", schema)
  expect(await tables()).toEqual({ rejects_one: 700, rejects_two: 700 })
  const { out } = await rowgate("runs", "--to", url)
  expect(out).toContain("rejects.xlsx, Two")
  const id = /rejects_two.* (\S+)$/m.exec(out)?.[1] ?? ""
  await rowgate("rejects", id, "--to", url, "--csv", "corrected.csv")
  const exported = await readFile(join(cwd, "corrected.csv"), "utf8")
  expect(exported).toContain("nope")
  await writeFile(join(cwd, "corrected.csv"), exported.replace("nope", "980"))
  const replayed = await rowgate("replay", id, "corrected.csv", "--to", url, "--schema", schema)
  expect([replayed.code, replayed.err]).toEqual([0, ""])
  expect(await tables()).toEqual({ rejects_one: 700, rejects_two: 701 })
})

describe("an empty file in a zip", () => {
  test.each([[[]], [["--table", "gaps"]], [["--all"]]])("is named, and the other files are loaded: %j", async (flags) => {
    const { code, out, err } = await ingest("gaps.zip", ...flags)
    expect([code, err]).toEqual([0, ""])
    expect(Object.values(await tables()).reduce((sum, rows) => sum + rows, 0)).toBe(5)
    for (const name of ["0.csv", "2.json"])
      expect(out).toContain(`note: The file ${name} in the zip file is empty, so nothing of it is loaded.`)
  })

  test("or one that only has a header does not keep other tables from being loaded", async () => {
    const { code, out, err } = await ingest("gap.zip")
    expect([code, err]).toEqual([0, ""])
    expect(await tables()).toEqual({ gap_customers: 2, gap_orders: 3 })
    expect(out).toContain("The file none.csv in the zip file is empty")
    expect(out).toContain("gap.zip, head.csv: empty, nothing to load")
  })

  test("is an error if all of them are empty", async () => {
    expect(await ingest("nothing.zip")).toMatchObject({ code: 1, err: expect.stringContaining("SOURCE_EMPTY") })
  })
})

test("runs name the file in a zip, and the number of a table", async () => {
  await ingest("mixed.zip", "two.csv", "--all")
  const { out } = await rowgate("runs", "--to", url)
  for (const name of ["mixed.zip!/q/customers.csv", "two.csv, table 2"]) expect(out).toContain(` ${name} `)
})

test("a delivery of tables with different headers says that it mixes them", async () => {
  expect((await ingest("mixed.zip", "--table", "mixed")).out).toContain(
    'The delivery has the rows of 3 tables: "january.csv", "february.csv", "customers.csv". Their headers differ.',
  )
  expect((await ingest("parts.zip")).out).not.toContain("headers differ")
})

describe("a csv file with a second table", () => {
  test("gives two tables with --all, each without the rows of the other", async () => {
    const { code, out } = await ingest("two.csv", "--all")
    expect([code, await tables()]).toEqual([0, { two: 4, two_2: 2 }])
    expect(await columnsOf("two_2")).toEqual(["customer", "mail"])
    expect(out).toContain("two.csv, table 2: loaded")
    expect((await ingest("two.csv", "--all")).out.match(/loaded before/g)).toHaveLength(2)
    expect(await tables()).toEqual({ two: 4, two_2: 2 })
  })

  test("gives a table named after the file if there is one table", async () => {
    await ingest("one.csv", "--all")
    expect(await tables()).toEqual({ one: 4 })
  })
})

describe("a zip", () => {
  test("gives a table for each file if their headers differ; a text about them is none", async () => {
    const { code, out, err } = await ingest("mixed.zip")
    expect([code, err]).toEqual([0, ""])
    expect(await tables()).toEqual({ mixed_customers: 2, mixed_february: 2, mixed_january: 3, mixed_old_january: 1 })
    expect(await columnsOf("mixed_customers")).toEqual(["customer", "mail"])
    expect(out).toContain("mixed.zip, q/customers.csv: loaded")
    expect(out).toContain("README.txt")
  })

  test.each([
    ["parts.zip", "parts", 5],
    ["pages.zip", "pages", 4],
    ["single.zip", "single", 3],
  ])("of files with one header is one table and one delivery: %s", async (name, table, rows) => {
    const report = JSON.parse((await ingest(name, "--json")).out)
    expect(await tables()).toEqual({ [table]: rows })
    expect(report.deliveries).toHaveLength(1)
  })

  test("of files with one header gives a table for each with --all", async () => {
    await ingest("parts.zip", "--all")
    expect(await tables()).toEqual({ parts_1: 3, parts_2: 2 })
  })

  test("goes into one table with --table", async () => {
    await ingest("parts.zip", "--table", "whole")
    expect(await tables()).toEqual({ whole: 5 })
  })

  test("gives the sheets of a workbook in it with --all-sheets", async () => {
    const { out } = await ingest("books.zip", "--all-sheets")
    expect(await tables()).toEqual({ books_a: 2, books_b_feb: 2, books_b_jan: 3 })
    expect(out).toContain("books.zip, b.xlsx, sheet Feb: loaded")
  })
})

test("a JSON document gives a table for each of its arrays of objects with --all", async () => {
  const { out } = await ingest("api.json", "--all")
  expect(await tables()).toEqual({ api_data_customers: 1, api_data_orders: 2 })
  expect(out).toContain("api.json, array /data/orders: loaded")
})

test("a file that cannot be read fails by itself, and the tables before it stay loaded", async () => {
  const { code, out, err } = await ingest("two.csv", "empty.csv", "one.csv", "--all")
  expect(code).not.toBe(0)
  expect(await tables()).toEqual({ two: 4, two_2: 2 })
  expect(err).toContain("SOURCE_EMPTY")
  expect(out).toContain("empty.csv: failed, nothing of it was loaded")
  expect(out).toContain("one.csv: not tried")
})

test.each([
  [["book.xlsx", "--all", "--sheet", "Jan"], "Use either --all or --sheet."],
  [["api.json", "--all", "--path", "/data/orders"], "Use either --all or --path."],
  [["book.xlsx", "--all", "--all-sheets"], "Use either --all or --all-sheets."],
  [["book.xlsx", "--all", "--table", "t", "--mode", "replace"], "takes one file for each table"],
])("%j is refused before anything is loaded", async (argv, message) => {
  const { code, err } = await ingest(...argv)
  expect([code, err]).toEqual([2, expect.stringContaining(message)])
  expect(await tables()).toEqual({})
})
