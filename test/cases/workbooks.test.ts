import { describe, expect, test } from "vitest"
import { z } from "zod"
import { cell, check } from "../../src/index.ts"
import { caseFile, hasCases } from "./case-file.ts"
import { delivered } from "./delivered.ts"
import { codesOf, command, ingested, readCase } from "./ingested.ts"

describe.runIf(hasCases)("workbooks", () => {
  test("times and date-times of the strict variant are whole seconds", async () => {
    expect((await readCase("xlsx/1_strict_time.xlsx")).map(({ cells }) => cells["start"])).toEqual(["11:00:00", "11:12:01"])
    expect((await readCase("xlsx/2_strict_datetime.xlsx")).map(({ cells }) => cells["at"])).toEqual([
      "2014-01-16T16:00:00.000Z",
      "2014-01-17T00:00:00.000Z",
    ])
    expect((await readCase("xlsx/11_strict_1900.xlsx")).map(({ cells }) => cells["d"])).toEqual(["1900-01-01T00:00:00.000Z"])
  })

  test("only the lower-case x escapes a character", async () => {
    expect((await readCase("xlsx/3_upper_x.xlsx")).map(({ cells }) => cells["part"])).toEqual(["_X0000_", "AB_X0041_C"])
  })

  test("rows above the table are delivered or reported", async () => {
    const run = await ingested("xlsx/4_rows_above.xlsx")
    expect(
      run.rows.length + Number(/^(\d+) rows above/.exec(run.notices.find(({ code }) => code === "sheet.preamble")?.message ?? "")?.[1]),
    ).toBe(8)
  })

  test("a blank first sheet is passed over", async () => {
    expect(await readCase("xlsx/5_first_sheet_blank.xlsx")).toEqual([expect.objectContaining({ table: "Data", cells: { k: 1 } })])
  })

  test("--sheet 2024 is the sheet of that name", async () => {
    const rows = await readCase("xlsx/6_sheet_2024.xlsx", "--sheet", "2024")
    expect(rows.map(({ table }) => table)).toEqual(rows.map(() => "2024"))
    expect(rows.length).toBeGreaterThan(0)
  })

  test("a cell without a usable address is placed by its order", async () => {
    const { exit, stdout, stderr } = await command(["read", caseFile("xlsx/8_ref_0.xlsx")])
    expect([exit, stderr]).toEqual([0, ""])
    expect(stdout).toContain('"Account"')
    expect(stdout).toContain('"Qty"')
  })

  test("a workbook without sheets is refused in a sentence", async () => {
    const { exit, stderr } = await command(["read", caseFile("xlsx/10_no_sheets.xlsx")])
    expect(exit).not.toBe(0)
    expect(stderr).not.toMatch(/\(\?|sheets are \./)
  })

  test("a lock file is refused by name", async () => {
    const { exit, stderr, stdout } = await command(["read", caseFile("xlsx/~$7_lock_file.xlsx")])
    expect([exit === 0, stdout]).toEqual([false, ""])
    expect(stderr).toContain("lock file")
  })

  test("the total and the footnote below a table are suspects, and its dates stay dates", async () => {
    const run = await ingested("use/50_title_totals.xlsx")
    expect(run.kinds).toMatchObject({ Date: "date", Qty: "integer" })
    expect(codesOf(run)).toEqual(expect.arrayContaining(["sheet.preamble", "table.total", "table.note"]))
    expect(run.score?.overall).toBeLessThan(100)
  })

  test("of several sheets, the report names the one that was read and the others", async () => {
    const run = await ingested("use/54_sheets.xlsx")
    const told = run.notices.map(({ message }) => message).join(" ")
    for (const name of ["Jan", "Feb"]) expect(told).toContain(name)
    const cover = await ingested("use/56_cover_sheet.xlsx")
    expect(cover.rows.length).toBeGreaterThan(1)
    expect(JSON.stringify(cover.rows)).not.toContain("Prepared by Finance")
    expect(cover.notices.map(({ message }) => message).join(" ")).toContain("Cover")
  })

  test("one error cell does not change the kind of its column", async () => {
    const run = await ingested("use/k_one_error_cell.xlsx")
    expect(run.kinds["ratio"]).toMatch(/decimal|number/)
    expect(run.rows.length + run.rejects.length).toBe(3)
    const formats = await ingested("use/55_numbers_formats.xlsx")
    expect([formats.read, formats.rows.length]).toEqual([3, 3])
  })

  test.each([
    ["use/i_zip_format.xlsx", "zip", ["01067", "01068", "01069"]],
    ["reports/42-numfmt-id-7/zip.xlsx", "Phone", ["0090887", "1234567"]],
    ["reports/43-numfmt-zip/zip.xlsx", "Zip", ["02494", "12010"]],
  ])("codes of %s are as the sheet shows them under text()", async (name, column, values) => {
    expect((await delivered(name, { columns: { [column]: cell.text() } })).rows.map((row) => row[column])).toEqual(values)
  })

  test("a schema that declares text receives codes as the sheet shows them", async () => {
    const { rows } = await delivered("reports/43-numfmt-zip/zip.xlsx", { schema: z.object({ id: z.int(), Zip: z.string().length(5) }) })
    expect(rows.map(({ Zip }) => Zip)).toEqual(["02494", "12010"])
  })

  test("a formula without a stored result is an issue", async () => {
    const run = await ingested("reports/45-formula-no-value/ex3074.xlsx")
    expect(JSON.stringify([run.issues, run.notices, run.rejects])).toMatch(/formula/i)
  })

  test("titles far apart in the first rows are no header of two rows", async () => {
    const run = await ingested("use/h_title_in_header_row_far.xlsx")
    expect(run.kinds).toEqual({ id: "integer", name: "text", city: "text", amount: "integer", date: "date" })
  })
})

describe.runIf(hasCases)("parquet", () => {
  test.each([
    ["parquet/column_chunk_key_value_metadata.parquet", 0],
    ["reports/29-parquet-empty-row-group/emptyrg.parquet", 2],
    ["parquet/repeated_no_annotation.parquet", 6],
  ])("%s is read", async (name, rows) => {
    expect(await readCase(name)).toHaveLength(rows)
  })

  test("an encrypted file is refused as one", async () => {
    const { exit, stderr } = await command(["read", caseFile("parquet/uniform_encryption.parquet.encrypted")])
    expect([exit === 0, stderr.includes("FORMAT_ENCRYPTED")]).toEqual([false, true])
  })

  test("a moment beyond the range of dates is text", async () => {
    const last = (await readCase("parquet/int96_from_spark.parquet")).at(-1)
    expect(typeof last?.cells["a"]).toBe("string")
    expect(String(last?.cells["a"])).not.toMatch(/^-4128/)
  })
})

test.runIf(hasCases)("unique compares decimals by value", async () => {
  const { issues } = await delivered("reports/100-unique-decimals/u.csv", { columns: { c: cell.decimal() }, checks: [check.unique("c")] })
  expect(issues.filter(({ severity }) => severity === "error")).toHaveLength(2)
})
