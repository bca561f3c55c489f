import { strToU8, zipSync } from "fflate"
import { describe, expect, test } from "vitest"
import { createPipeline, memory, type SplitTablesOptions, splitTables } from "../../src/index.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const cell = (value: string | number) => (typeof value === "number" ? `<c><v>${value}</v></c>` : `<c t="str"><v>${value}</v></c>`)
const sheetRows = (rows: readonly (readonly (string | number)[])[]) =>
  rows.map((cells) => `<row>${cells.map(cell).join("")}</row>`).join("")
const zipOf = (files: { readonly [name: string]: string }) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))

/** Each table with its place and the rows that a pipeline loads of it. */
async function loaded(bytes: Uint8Array, options?: SplitTablesOptions) {
  const tables: unknown[] = []
  for await (const { member, sheet, path, number, source, parser } of splitTables(bytes, options)) {
    const sink = memory()
    const report = await createPipeline({ name: "table" }).from(source).parse(parser).into(sink).run()
    tables.push([member ?? sheet ?? path ?? number, sink.rows.length, report.deliveries[0]?.sourceTable])
  }
  return tables
}

/** What the report of each table says about it. */
async function notices(bytes: Uint8Array) {
  const all: string[][] = []
  for await (const { source, parser } of splitTables(bytes)) {
    const { deliveries } = await createPipeline({ name: "table" }).from(source).parse(parser).into(memory()).run()
    all.push(deliveries.flatMap((delivery) => delivery.notices.map(({ message }) => message)))
  }
  return all
}

describe("the tables of a file", () => {
  const book = workbookBytes({
    sheets: [
      {
        name: "Jan",
        rows: sheetRows([
          ["id", "n"],
          [1, 2],
          [3, 4],
        ]),
      },
      {
        name: "Feb",
        rows: sheetRows([
          ["id", "n"],
          [5, 6],
        ]),
        state: "hidden",
      },
      { name: "Blank" },
      { name: "Empty", rows: sheetRows([["id", "n", "m"]]) },
    ],
  })

  test("are its sheets with rows, hidden ones too; the others are named", async () => {
    expect(await loaded(book)).toEqual([
      ["Jan", 2, undefined],
      ["Feb", 1, "Feb"],
    ])
    expect(await notices(book)).toEqual([['The sheet "Empty" was not read: it has no table.'], []])
  })

  test("are one if the file is not to be split", async () => {
    expect(await loaded(book, { by: "files" })).toEqual([[1, 2, undefined]])
  })

  test("are the files of a zip, whose member is the file that is delivered", async () => {
    const zip = zipOf({ "a.csv": "id,n\n1,2\n", "b.csv": "id,n\n3,4\n5,6\n" })
    expect(await loaded(zip)).toEqual([
      ["a.csv", 1, undefined],
      ["b.csv", 2, undefined],
    ])
    expect(await loaded(zip, { by: "files" })).toEqual([[1, 3, undefined]])
  })

  test("stand below each other, and each is read alone", async () => {
    const csv = "id,town\n1,Bonn\n2,Ulm\n\nmanager,branch,since\nAnn,1,2020\n"
    expect(await loaded(Buffer.from(csv))).toEqual([
      [1, 2, undefined],
      [2, 1, "table 2"],
    ])
    expect(await loaded(Buffer.from(csv), { by: "sheets" })).toEqual([[1, 2, undefined]])
  })

  test("are the arrays of objects in a JSON document, but not in objects that follow one another", async () => {
    const document = '{"a":[{"x":1},{"x":2}],"b":{"c":[{"y":1}]},"n":3}'
    expect(await loaded(Buffer.from(document))).toEqual([
      ["/a", 2, "/a"],
      ["/b/c", 1, "/b/c"],
    ])
    expect(await loaded(Buffer.from('{"a":[{"x":1}],"n":1}'))).toEqual([[1, 1, undefined]])
    expect(await loaded(Buffer.from(`${document}\n${document}\n`))).toEqual([[1, 2, undefined]])
  })

  test("of one header in parts are one, also if objects leave out keys", async () => {
    expect(await loaded(zipOf({ "1.json": '[{"id":1,"note":"a"}]', "2.json": '[{"id":2}]' }), { by: "files" })).toEqual([[1, 2, undefined]])
    expect(await loaded(zipOf({ "1.json": '[{"id":1,"note":"a"}]', "2.json": '[{"sku":2}]' }), { by: "files" })).toHaveLength(2)
  })
})

test("the search for tables can be aborted", async () => {
  const signal = AbortSignal.abort()
  await expect(splitTables(Buffer.from("id\n1\n"), { signal }).next()).rejects.toMatchObject({ code: "ABORTED" })
})
