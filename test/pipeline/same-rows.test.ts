import ExcelJS from "exceljs"
import { parquetWriteBuffer } from "hyparquet-writer"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, cell, createPipeline, csv, json, ndjson, type Parser, type Row, stage } from "../../src/index.ts"
import { parquet } from "../../src/parquet.ts"
import { compose } from "../../src/pipeline/build/compose.ts"
import { xlsx } from "../../src/xlsx.ts"

/** A table with everything that formats treat differently: leading zeros, long ids, decimals, dates, booleans, empty cells, text that looks like more. */
const people = [
  { id: 1, zip: "01067", account: "12345678901234567890", amount: 12.5, paid: true, on: "2025-04-03", note: 'a, "b"\nc' },
  { id: 2, zip: "NA", account: "007", amount: 0.1, paid: false, on: "2024-02-29", note: null },
  { id: 3, zip: "10115", account: "1e5", amount: 1234.56, paid: true, on: "1999-12-31", note: "é 漢 😀" },
  { id: 4, zip: "00000", account: "-", amount: -7, paid: false, on: "2000-01-01", note: "true" },
]
const names = ["id", "zip", "account", "amount", "paid", "on", "note"] as const

const Person = z.object({
  id: z.int(),
  zip: z.string(),
  account: z.string(),
  amount: z.string(),
  paid: z.boolean(),
  on: z.date(),
  note: z.string().optional(),
})
const expected = people.map(({ on, amount, note, ...rest }) => ({
  ...rest,
  amount: amount.toFixed(2),
  on: new Date(on),
  ...(note === null ? {} : { note }),
}))

const quoted = (cell: unknown) => (cell === null ? "" : `"${String(cell).replaceAll('"', '""')}"`)

async function workbook(): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet("People")
  sheet.addRow([...names])
  for (const person of people) sheet.addRow(names.map((name) => (name === "on" ? new Date(person.on) : person[name])))
  sheet.getColumn(names.indexOf("on") + 1).numFmt = "yyyy-mm-dd"
  return new Uint8Array(await book.xlsx.writeBuffer())
}

function parquetFile(): Uint8Array {
  const data = (name: (typeof names)[number]) => people.map((person) => person[name])
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: data("id"), type: "INT32" },
        { name: "zip", data: data("zip"), type: "STRING" },
        { name: "account", data: data("account"), type: "STRING" },
        { name: "amount", data: data("amount"), type: "DOUBLE" },
        { name: "paid", data: data("paid"), type: "BOOLEAN" },
        { name: "on", data: people.map(({ on }) => new Date(on)), type: "TIMESTAMP" },
        { name: "note", data: data("note"), type: "STRING" },
      ],
    }),
  )
}

const files: { readonly [format: string]: readonly [() => Uint8Array | Promise<Uint8Array>, Parser<Row>] } = {
  csv: [() => Buffer.from([names.join(), ...people.map((person) => names.map((name) => quoted(person[name])).join())].join("\r\n")), csv()],
  ndjson: [() => Buffer.from(people.map((person) => JSON.stringify(person)).join("\n")), ndjson()],
  json: [() => Buffer.from(JSON.stringify(people, undefined, 1)), json()],
  xlsx: [workbook, xlsx()],
  parquet: [parquetFile, parquet()],
}

const middle = compose(
  stage.normalize<Row, never, { readonly amount: string | null }>({ columns: { amount: cell.decimal({ scale: 2 }) } }),
  stage.validate(Person),
)

describe.each(Object.entries(files))("the table as %s", (_format, [make, parser]) => {
  test("gives the same typed rows", async () => {
    const from = createPipeline({ name: "people" }).from(bytes(await make()))
    const rows: unknown[] = []
    for await (const row of from.parse(parser).pipe(middle).rows()) rows.push(row)
    expect(rows).toStrictEqual(expected)
  })

  test("has no issues", async () => {
    const from = createPipeline({ name: "people" }).from(bytes(await make()))
    for await (const batch of from.parse(parser).pipe(middle).batches()) expect([...batch.issues]).toEqual([])
  })
})
