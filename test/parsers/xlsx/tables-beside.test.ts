import { describe, expect, test } from "vitest"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext } from "../read-table.ts"
import { type SketchedCell, sheetRows } from "./sheet-rows.ts"
import { workbookBytes } from "./workbook-bytes.ts"

/** What is read of a sheet: each table with its name, header, notices and rows. */
async function tablesOf(rows: readonly (readonly SketchedCell[])[], tables: "first" | "all", first = 1) {
  const file = chunkedFile(workbookBytes({ rows: sheetRows(rows, first) }), undefined, "memory/book.xlsx")
  const found: { name: string; header: readonly string[]; notices: (readonly [string, string])[]; rows: unknown[][] }[] = []
  for await (const batch of xlsx({ tables }).parse(file, readContext())) {
    const { name, header, notices = [] } = batch.table
    found.push({
      name,
      header,
      notices: notices.map(({ code, message }) => [code, message]),
      rows: Array.from({ length: batch.length }, (_, row) => batch.names.map((column) => batch.columns[column]?.at(row) ?? null)),
    })
  }
  return found
}

const beside = async (rows: readonly (readonly SketchedCell[])[]) =>
  (await tablesOf(rows, "first"))[0]?.notices.filter(([code]) => code === "table.beside").map(([, message]) => message)

/** Sheets side by side: each starts `at` a column, from its own row on. */
function placed(...parts: readonly { readonly at: number; readonly from?: number; readonly rows: readonly (readonly SketchedCell[])[] }[]) {
  const sheet: SketchedCell[][] = []
  for (const { at, from = 0, rows } of parts)
    rows.forEach((cells, row) => {
      sheet[from + row] ??= []
      cells.forEach((cell, column) => {
        const line = sheet[from + row] ?? []
        while (line.length < at + column) line.push(null)
        line[at + column] = cell
      })
    })
  return Array.from(sheet, (line) => line ?? [])
}

const stock: SketchedCell[][] = [
  ["id", "name", "qty"],
  ...Array.from({ length: 6 }, (_, at): SketchedCell[] => [at + 1, `part ${at}`, at * 2]),
]
const prices: SketchedCell[][] = [
  ["code", "price"],
  ["X", 9.5],
  ["Y", 8.5],
  ["Z", 7.5],
]
const all = 'To get tables of their own, read them with xlsx({ tables: "all" }).'

describe("tables side by side on a sheet", () => {
  test.each<[string, SketchedCell[][], string, string]>([
    ["one ends before the other", placed({ at: 0, rows: stock }, { at: 4, rows: prices }), "A:C", "E:F"],
    ["the longer one is on the right", placed({ at: 0, rows: prices }, { at: 3, rows: stock }), "A:B", "D:F"],
    ["their headers are in different rows", placed({ at: 0, rows: stock }, { at: 4, from: 3, rows: prices }), "A:C", "E:F"],
    ["two columns are between them", placed({ at: 0, rows: stock.slice(0, 4) }, { at: 5, rows: prices }), "A:C", "F:G"],
    ["each has a title", placed({ at: 1, rows: [["Stock"], ...stock] }, { at: 5, rows: [["Prices"], ...prices] }), "B:D", "F:G"],
  ])("the notice table.beside names both, and tables: all reads each, if %s", async (_, rows, left, right) => {
    const [one, other] = left.length === right.length || left.startsWith("A:B") || left < right ? [left, right] : [right, left]
    const [message] = (await beside(rows)) ?? []
    expect(message).toContain(`Blank columns separate ${one} (`)
    expect(message).toContain(`) and ${other} (`)
    expect(message).toContain("id, name, qty")
    expect(message).toContain("code, price")
    expect(message).toContain(all)
    const read = await tablesOf(rows, "all")
    expect(read.map(({ name }) => name)).toEqual(["Sheet1", "Sheet1 (2)"])
    const [first, second] = read[0]?.header[0] === "id" ? read : [...read].reverse()
    expect(first?.header).toEqual(["id", "name", "qty"])
    expect(first?.rows).toEqual(stock.slice(1, 1 + (first?.rows.length ?? 0)))
    expect(first?.rows.length).toBe(rows.length === 4 ? 3 : 6)
    expect([second?.header, second?.rows]).toEqual([["code", "price"], prices.slice(1)])
    expect(read.flatMap(({ notices }) => notices.filter(([code]) => code !== "sheet.preamble"))).toEqual([])
  })

  test("tables of equal size with the same first name are tables of their own", async () => {
    const team = (name: string): SketchedCell[][] => [
      ["name", "points"],
      ...[1, 2, 3, 4].map((at): SketchedCell[] => [`${name} ${at}`, at]),
    ]
    const rows = placed({ at: 0, rows: team("a") }, { at: 3, rows: team("b") }, { at: 6, rows: team("c") })
    expect(await beside(rows)).toEqual([
      `Blank columns separate A:B (name, points), D:E (name, points) and G:H (name, points), which were read as one table. ${all}`,
    ])
    expect((await tablesOf(rows, "all")).map(({ name, rows: own }) => [name, own.length, own[0]?.[0]])).toEqual([
      ["Sheet1", 4, "a 1"],
      ["Sheet1 (2)", 4, "b 1"],
      ["Sheet1 (3)", 4, "c 1"],
    ])
  })

  test("a table below one of them is read after it", async () => {
    const people: SketchedCell[][] = [
      ["first name", "town", "born"],
      ...[1, 2, 3, 4].map((at): SketchedCell[] => [`n${at}`, `t${at}`, 1990 + at]),
    ]
    const rows = placed({ at: 0, rows: [...stock, [], ...people] }, { at: 4, rows: prices })
    expect((await tablesOf(rows, "all")).map(({ name, header, rows: own }) => [name, header[0], own.length])).toEqual([
      ["Sheet1", "id", 6],
      ["Sheet1 (2)", "first name", 4],
      ["Sheet1 (3)", "code", 3],
    ])
  })

  test("without evidence the notice asks, and the rows stay together", async () => {
    const rows = placed({ at: 0, rows: stock.slice(0, 4) }, { at: 4, rows: prices })
    expect(await beside(rows)).toEqual([])
    const named = placed(
      { at: 0, rows: stock.slice(0, 4).map(([id, name, qty]) => [name ?? "", id ?? 0, qty ?? 0]) },
      { at: 4, rows: prices },
    )
    expect(await beside(named)).toEqual([
      "Blank columns separate A:C (name, id, qty) and E:F (code, price), which were read as one table. If they are tables of their own, read each with the option range.",
    ])
    expect((await tablesOf(named, "all")).map(({ header }) => header)).toEqual([["name", "id", "qty", "code", "price"]])
  })

  test.each<[string, SketchedCell[][]]>([
    ["blank columns between all columns", stock.map(([a, b, c]) => [a ?? null, null, b ?? null, null, c ?? null])],
    ["a column of notes apart", stock.map((row, at) => [...row, null, at === 0 ? "note" : at === 2 ? "checked" : null])],
    [
      "figures of two years apart",
      [["town", "q1", "q2", null, "q1", "q2"], ...[1, 2, 3].map((at): SketchedCell[] => [`t${at}`, at, at, null, at, at])],
    ],
    [
      "a section that few rows fill",
      stock.map((row, at) => [...row, null, ...(at === 0 ? ["closed", "days"] : at === 2 ? [5, 3] : at === 5 ? [4, 1] : [])]),
    ],
    ["a legend without a header", stock.map((row, at) => [...row, null, ...(at === 2 ? ["x", 5] : at === 3 ? ["y", 6] : [])])],
  ])("a table with %s is one table", async (_, rows) => {
    expect(await beside(rows)).toEqual([])
    expect((await tablesOf(rows, "all")).map(({ name }) => name)).toEqual(["Sheet1"])
  })
})
