import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import exceljs from "exceljs"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Parser } from "../../src/contract/parser.ts"
import type { Row } from "../../src/model/cell-value.ts"
import { toBatches } from "../../src/model/to-batches.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { type ReadTablesOptions, readTables, type Table } from "../../src/pipeline/tables/read-tables.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { file } from "../../src/sources/file.ts"

const folder = mkdtempSync(join(tmpdir(), "rowgate-read-tables-"))
const orders = join(folder, "orders.csv")
let book: Uint8Array

beforeAll(async () => {
  writeFileSync(orders, "id,amount\n1,2.50\n2,3.50\n")
  const workbook = new exceljs.Workbook()
  for (const [name, state] of [
    ["First", "visible"],
    ["Second", "hidden"],
    ["Third", "visible"],
  ] as const)
    workbook.addWorksheet(name, { state }).addRows([["n"], [name], [`${name} again`]])
  book = new Uint8Array(await workbook.xlsx.writeBuffer())
})
afterAll(() => rmSync(folder, { recursive: true }))

async function rowsOf(source: Parameters<typeof readTables>[0], options?: ReadTablesOptions): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const table of readTables(source, options)) for await (const row of table.rows()) rows.push(row)
  return rows
}

const orderRows = [
  { id: "1", amount: "2.50" },
  { id: "2", amount: "3.50" },
]

test("a file is read by its path, its URL, its bytes, or as a source", async () => {
  expect(await rowsOf(orders)).toEqual(orderRows)
  expect(await rowsOf(pathToFileURL(orders))).toEqual(orderRows)
  expect(await rowsOf(Buffer.from("id,amount\n1,2.50\n2,3.50\n"))).toEqual(orderRows)
  expect(await rowsOf(file(orders, orders))).toEqual([...orderRows, ...orderRows])
})

test("a table tells its name, its file, its header and how it was read", async () => {
  for await (const table of readTables(orders)) {
    expect(table).toMatchObject({
      name: "orders.csv",
      uri: pathToFileURL(orders).href,
      header: ["id", "amount"],
      hidden: false,
      notices: [],
    })
    expect(table.facts).toMatchObject({ format: "csv" })
  }
})

test("every sheet of a workbook is a table, hidden ones too, and says so", async () => {
  const seen: unknown[] = []
  for await (const table of readTables(book)) {
    const rows: unknown[] = []
    for await (const row of table.rows()) rows.push(row["n"])
    seen.push([table.name, table.hidden, rows])
  }
  expect(seen).toEqual([
    ["First", false, ["First", "First again"]],
    ["Second", true, ["Second", "Second again"]],
    ["Third", false, ["Third", "Third again"]],
  ])
})

test("sheets are chosen by name, position or pattern", async () => {
  const names = async (sheet: string | number | RegExp) => {
    const found: string[] = []
    for await (const { name } of readTables(book, { sheet })) found.push(name)
    return found
  }
  expect(await names("second")).toEqual(["Second"])
  expect(await names(3)).toEqual(["Third"])
  expect(await names(/ir/)).toEqual(["First", "Third"])
  await expect(names("Fourth")).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
})

test("in every format you can say where the header is, or that there is none", async () => {
  expect(await rowsOf(Buffer.from("a,x\nb,y\n"), { header: false })).toEqual([
    { column_1: "a", column_2: "x" },
    { column_1: "b", column_2: "y" },
  ])
  expect(await rowsOf(Buffer.from('[["a"],["b"]]'), { header: false })).toEqual([{ column_1: "a" }, { column_1: "b" }])
  expect(await rowsOf(book, { header: false, sheet: 1 })).toEqual([{ column_1: "n" }, { column_1: "First" }, { column_1: "First again" }])
  expect(await rowsOf(book, { header: 2, sheet: 1 })).toEqual([{ First: "First again" }])
  expect(await rowsOf(Buffer.from("x,y\na,b\n1,2\n"), { header: 2 })).toEqual([{ a: "1", b: "2" }])
})

test("tables that you do not read, or not to their end, are skipped", async () => {
  const seen: unknown[] = []
  for await (const table of readTables(book, { batchRows: 1 })) {
    if (table.name === "First") continue
    for await (const row of table.rows()) {
      seen.push(row)
      break
    }
  }
  expect(seen).toEqual([{ n: "Second" }, { n: "Third" }])
})

test("a table can be read once, and not after you request the next one", async () => {
  const spent = { code: "CONFIG_INVALID", message: expect.stringContaining("can be read only once") }
  const drain = async (table: Table | undefined) => {
    for await (const row of table?.rows() ?? []) expect(row).toBeDefined()
  }
  const tables: Table[] = []
  for await (const table of readTables(book)) {
    tables.push(table)
    if (table.name !== "Third") continue
    await drain(table)
    await expect(drain(table)).rejects.toMatchObject(spent)
  }
  await expect(drain(tables[0])).rejects.toMatchObject(spent)
})

test("rows that could not be read are left out of rows, and the batches have them with their issues", async () => {
  const text = '{"a":1}\nnope\n{"a":3}\n'
  expect(await rowsOf(Buffer.from(text))).toEqual([{ a: 1 }, { a: 3 }])
  for await (const table of readTables(Buffer.from(text)))
    for await (const batch of table.batches()) {
      expect(batch.length).toBe(3)
      expect(batch.raw(1)).toEqual({ _raw: "nope" })
      expect(batch.issues.of(1).map(({ code }) => code)).toEqual(["json.malformed"])
      expect(batch.origin(1)).toMatchObject({ line: 2, offset: 8 })
    }
})

test("the next batch is read only when you are done with the one before", async () => {
  const asked: number[] = []
  const parser: Parser = {
    name: "counting",
    async *parse() {
      for (let at = 0; at < 3; at++) {
        asked.push(at)
        yield* toBatches<Row>([{ at }])
      }
    },
  }
  for await (const table of readTables(bytes("x"), { parser })) {
    for await (const row of table.rows()) expect(asked.at(-1)).toBe(row["at"])
  }
  expect(asked).toEqual([0, 1, 2])
})

test("a parser that is given reads every file, and batches have the asked length", async () => {
  expect(await rowsOf(Buffer.from('[{"a":1}]'), { parser: csv({ header: false }) })).toEqual([{ column_1: '[{"a":1}]' }])
  const lengths: number[] = []
  for await (const table of readTables(orders, { batchRows: 1 })) for await (const batch of table.batches()) lengths.push(batch.length)
  expect(lengths).toEqual([1, 1])
})

test("leaving the loop closes the file, and aborting ends the reading", async () => {
  let closed = false
  const parser: Parser = {
    name: "closing",
    async *parse() {
      try {
        for (;;) yield* toBatches<Row>([{ a: 1 }])
      } finally {
        closed = true
      }
    },
  }
  for await (const table of readTables(bytes("x"), { parser })) if (table.name !== "") break
  expect(closed).toBe(true)
  const abort = new AbortController()
  abort.abort(new Error("enough"))
  const ended = { code: "ABORTED", cause: expect.objectContaining({ message: "enough" }) }
  await expect(rowsOf(orders, { signal: abort.signal })).rejects.toMatchObject(ended)
  const later = new AbortController()
  const reading = (async () => {
    for await (const table of readTables(bytes("x"), { parser, signal: later.signal }))
      for await (const _batch of table.batches()) later.abort(new Error("enough"))
  })()
  await expect(reading).rejects.toMatchObject(ended)
})

test("a file that is missing, empty or unknown is an error with a remedy", async () => {
  await expect(rowsOf(join(folder, "missing.csv"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" })
  await expect(rowsOf(Buffer.alloc(0))).rejects.toMatchObject({ code: "SOURCE_EMPTY" })
  await expect(rowsOf(Buffer.from([0, 1, 2, 3, 4, 5]))).rejects.toMatchObject({ code: "FORMAT_UNKNOWN", remedy: expect.any(String) })
})

test("other code gets turns while rows of thousands of columns are read from one batch", async () => {
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 8000 }, (_, at) => [`k${at}`, at])))
  const content = Buffer.from(`${wide}\n${'{"k7":1}\n'.repeat(200)}`)
  let turns = 0
  let isRead = false
  const count = () => {
    turns++
    if (!isRead) setImmediate(count)
  }
  setImmediate(count)
  let most = 0
  let before = 0
  let rows = 0
  for await (const table of readTables(content, { parser: ndjson() })) {
    for await (const row of table.rows()) {
      if (turns > before) rows = 0
      before = turns
      most = Math.max(most, ++rows)
      expect(Object.keys(row)).toHaveLength(8000)
    }
  }
  isRead = true
  expect(most).toBeLessThan(20)
})
