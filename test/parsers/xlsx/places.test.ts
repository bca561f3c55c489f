import { describe, expect, test } from "vitest"
import { cellsOf } from "./read-cells.ts"

describe("addresses of cells", () => {
  test("cells and rows without an address follow one another", async () => {
    const rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>"
    expect(await cellsOf({ rows })).toEqual({ A1: 1, C1: 3, A3: 4 })
  })

  test("a cell without an address follows the cell before it", async () => {
    const rows = '<row r="5"><c><v>1</v></c><c r="D5"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    expect(await cellsOf({ rows })).toEqual({ A5: 1, D5: 2, E5: 3, A6: 4 })
  })

  test("a cell's own address wins over the row that it is in", async () => {
    const rows = '<row r="1"><c r="B7"><v>1</v></c><c><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
    expect(await cellsOf({ rows })).toEqual({ B7: 1, C7: 2, A2: 3 })
  })

  test("rows and cells may come in any order, and the last of two cells with one address wins", async () => {
    const rows =
      '<row r="3"><c r="C3"><v>1</v></c><c r="A3"><v>2</v></c></row><row r="1"><c r="A1"><v>3</v></c><c r="A1"><v>4</v></c></row>'
    expect(await cellsOf({ rows })).toEqual({ C3: 1, A3: 2, A1: 4 })
  })

  test("addresses may be in lower case or absolute", async () => {
    expect(await cellsOf({ rows: '<row r="1"><c r="b1"><v>1</v></c><c r="$C$1"><v>2</v></c></row>' })).toEqual({ B1: 1, C1: 2 })
  })

  test("the last cell of the grid is read, and the error for a cell beyond it names the option that allows it", async () => {
    expect(await cellsOf({ rows: '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' })).toEqual({ XFD1048576: 1 })
    await expect(cellsOf({ rows: '<row r="1"><c r="XFE1"><v>1</v></c></row>' })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringMatching(/16385 columns.*16384.*limits\.columns/),
    })
    await expect(cellsOf({ rows: '<row r="1048577"><c r="A1048577"><v>1</v></c></row>' })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringMatching(/1048577 rows.*1048576.*limits\.rows/),
    })
    const row = '<row r="1048577"><c r="A1048577"><v>1</v></c></row>'
    expect(await cellsOf({ rows: row }, { limits: { rows: 2_000_000 } })).toEqual({ A1048577: 1 })
  })

  test.each(["R1C1", "1A", "A0", "A00", "A-1", "?", "ZZZZZZZZZZZZ1", "A99999999999999999999"])(
    "a cell with the address %j is refused",
    async (address) => {
      const reading = cellsOf({ rows: `<row r="1"><c r="${address}"><v>1</v></c></row>` })
      await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^(FILE_CORRUPT|LIMIT_EXCEEDED)$/) })
    },
  )

  test("a cell without an address before the first row is refused", async () => {
    await expect(cellsOf({ rows: "<c><v>1</v></c>" })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
    expect(await cellsOf({ rows: '<c r="B2"><v>1</v></c>' })).toEqual({ B2: 1 })
  })

  test("the dimension that a sheet states is ignored", async () => {
    const xml = (dimension: string) =>
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="${dimension}"/><sheetData><row r="2"><c r="B2"><v>1</v></c></row></sheetData></worksheet>`
    for (const dimension of ["A1", "A1:XFD1048576", "nonsense", "Z99:A1"])
      expect(await cellsOf({ sheets: [{ xml: xml(dimension) }] })).toEqual({ B2: 1 })
  })
})
