import { describe, expect, test } from "vitest"
import { CellError } from "../../../src/model/cell-error.ts"
import { Duration } from "../../../src/model/duration.ts"
import { TimeOfDay } from "../../../src/model/time-of-day.ts"
import { zipBytes } from "../files/zip/zip-bytes.ts"
import { cellsOf, readCells } from "./read-cells.ts"
import { workbookBytes, workbookParts } from "./workbook-bytes.ts"

const row = (cells: string) => `<row r="1">${cells}</row>`

describe("cells of a workbook", () => {
  test("every cell type gives its own kind of value", async () => {
    const cells = await cellsOf({
      strings: ["shared"],
      rows: row(
        '<c r="A1"><v>1.5</v></c><c r="B1" t="n"><v>2</v></c><c r="C1" t="s"><v>0</v></c><c r="D1" t="str"><v>text</v></c>' +
          '<c r="E1" t="inlineStr"><is><t>inline</t></is></c><c r="F1" t="b"><v>1</v></c><c r="G1" t="b"><v>0</v></c>' +
          '<c r="H1" t="e"><v>#N/A</v></c><c r="I1" t="d"><v>2024-02-29T12:30:00.5</v></c><c r="J1" t="d"><v>08:15:00</v></c>' +
          '<c r="K1" t="b"><v>true</v></c><c r="L1" t="d"><v>2024-02-29</v></c>',
      ),
    })
    expect(cells).toEqual({
      A1: 1.5,
      B1: 2,
      C1: "shared",
      D1: "text",
      E1: "inline",
      F1: true,
      G1: false,
      H1: new CellError("#N/A"),
      I1: new Date("2024-02-29T12:30:00.500Z"),
      J1: new TimeOfDay(29_700_000),
      K1: true,
      L1: new Date("2024-02-29T00:00:00Z"),
    })
  })

  test("times and dates in ISO 8601 are rounded to the millisecond, like serials", async () => {
    const iso = (address: string, text: string) => `<c r="${address}" t="d"><v>${text}</v></c>`
    const cells = await cellsOf({
      rows: row(
        iso("A1", "09:29:59.99999999999712") +
          iso("B1", "09:30:01.00000000000131") +
          iso("C1", "2019-07-31T23:59:59.99999962747097") +
          iso("D1", "2019-07-31T06:00:00.0004+02:00") +
          iso("E1", "23:59:59.9999") +
          iso("F1", "06:07.5"),
      ),
    })
    expect(cells).toEqual({
      A1: new TimeOfDay(34_200_000),
      B1: new TimeOfDay(34_201_000),
      C1: new Date("2019-08-01T00:00:00Z"),
      D1: new Date("2019-07-31T04:00:00Z"),
      E1: new TimeOfDay(86_399_999),
      F1: "06:07.5",
    })
  })

  test("an address of digits only counts as none", async () => {
    const rows = '<row r="3"><c r="7" t="str"><v>Account</v></c><c r="8"><v>1</v></c></row><row r="4"><c r="0"><v>2</v></c></row>'
    expect(await cellsOf({ rows })).toEqual({ A3: "Account", B3: 1, A4: 2 })
  })

  test.each<[string, unknown]>([
    ["2024-02-29Z", new Date("2024-02-29")],
    ["2024-02-29T12:30:00+02:00", new Date("2024-02-29T10:30:00Z")],
    ["T08:15", new TimeOfDay(29_700_000)],
    ["PT1H30M", new Duration(5_400_000)],
    ["P1DT0.25S", new Duration(86_400_250)],
    ["-PT26H", new Duration(-93_600_000)],
    ["P", "P"],
    ["PT", "PT"],
    ["P1Y", "P1Y"],
  ])("a date cell of %s is read as ISO 8601, or keeps its text", async (written, value) => {
    expect(await cellsOf({ rows: row(`<c r="A1" t="d"><v>${written}</v></c>`) })).toEqual({ A1: value })
  })

  test("a formula gives its stored result, of any type, also 0, false and empty text", async () => {
    const cells = await cellsOf({
      rows: row(
        '<c r="A1"><f>1-1</f><v>0</v></c><c r="B1" t="b"><f>1=2</f><v>0</v></c><c r="C1" t="str"><f>""</f><v></v></c>' +
          '<c r="D1" t="str"><f>IF(1&lt;2,"a&amp;b","")</f><v>a&amp;b</v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c>' +
          '<c r="F1"><f t="shared" ref="F1:F9" si="0">A1*2</f><v>3</v></c><c r="G1"><f t="shared" si="0"/><v>4</v></c>' +
          '<c r="H1"><f t="array" ref="H1:H2">SUM(A1:A2*B1:B2)</f><v>5</v></c><c r="I1" t="str"><f>""</f><v/></c>',
      ),
    })
    expect(cells).toEqual({
      A1: 0,
      B1: false,
      C1: "",
      D1: "a&b",
      E1: new CellError("#DIV/0!"),
      F1: 3,
      G1: 4,
      H1: 5,
      I1: "",
    })
  })

  test("a formula without a stored result has no value, and styled and empty cells are blank", async () => {
    const cells = await cellsOf({
      strings: ["a"],
      rows: row(
        '<c r="A1"><f>1+1</f></c><c r="B1" s="1"/><c r="C1" s="1"></c><c r="D1"><v></v></c><c r="E1" t="s"><v/></c><c r="F1" t="str"><f>A1</f></c>' +
          '<c r="G1" t="b"><v/></c><c r="H1" t="s"/><c r="I1" t="inlineStr"></c><c r="J1"><v> </v></c>',
      ),
    })
    expect(cells).toEqual({ A1: null })
  })

  test.each([
    ["0", 0],
    ["-0.5", -0.5],
    ["+3", 3],
    [".5", 0.5],
    ["5.", 5],
    ["1E3", 1000],
    ["1.5e-7", 1.5e-7],
    ["123456789012345", 123_456_789_012_345],
    ["0.1", 0.1],
    ["0.30000000000000004", 0.1 + 0.2],
    ["1.7976931348623157E+308", Number.MAX_VALUE],
    ["5E-324", 5e-324],
    ["123456789.12345679", 123_456_789.123_456_79],
    ["0.0000000000000000000000000000012345678901234568", 1.234_567_890_123_456_8e-30],
    [" 12 ", 12],
    ["\n7\n", 7],
    ["-123456789012.345", -123_456_789_012.345],
    ["4.35", 4.35],
    ["00012", 12],
  ])("the number %j is read as a double, correctly rounded", async (written, value) => {
    expect(await cellsOf({ rows: row(`<c r="A1"><v>${written}</v></c>`) })).toEqual({ A1: value })
  })

  test.each(["abc", "1,5", "0x10", "NaN", "INF", "1e999", "1-2", "--1", ".", "-", "1.2.3", "1e"])(
    "a number cell with %j, which is not a number, keeps its text",
    async (written) => {
      expect(await cellsOf({ rows: row(`<c r="A1"><v>${written}</v></c>`) })).toEqual({ A1: written })
    },
  )

  test("a date or boolean cell with another value, or a cell of unknown type, keeps its text", async () => {
    const cells = await cellsOf({
      rows: row(
        '<c r="A1" t="d"><v>2024-02-30</v></c><c r="B1" t="b"><v>maybe</v></c><c r="C1" t="x"><v>what</v></c><c r="D1" t="d"><v>25:00</v></c>',
      ),
    })
    expect(cells).toEqual({ A1: "2024-02-30", B1: "maybe", C1: "what", D1: "25:00" })
  })

  test("inline text is read from the element is or v", async () => {
    const cells = await cellsOf({
      rows: row(
        '<c r="A1" t="inlineStr"><v>in v</v></c><c r="B1"><is><t>without type</t></is></c><c r="C1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>' +
          '<c r="D1" t="inlineStr"><is><t/></is></c><c r="E1" t="inlineStr"><is/></c>',
      ),
    })
    expect(cells).toEqual({ A1: "in v", B1: "without type", C1: "ab", D1: "", E1: "" })
  })

  test("an inline string is text, whatever type the cell states", async () => {
    const cells = await cellsOf({
      strings: ["x"],
      rows: row('<c r="A1"><is><t>007</t></is></c><c r="B1" t="s"><is><t>0</t></is></c><c r="C1" t="b"><is><t>1</t></is></c>'),
    })
    expect(cells).toEqual({ A1: "007", B1: "0", C1: "1" })
  })

  test("attributes may come in any order, with any quotes and spacing, and with others between them", async () => {
    const cells = await cellsOf({
      strings: ["x"],
      rows: row(
        `<c t="s" r="A1"><v>0</v></c><c r='B1' t='s'><v>0</v></c><c  r = "C1"\n t = "s" ><v>0</v></c><c cm="1" r="D1" vm="2" ph="1" t="s"><v>0</v></c><c\tt="s"\tr="E1"\t><v>0</v></c ><c r="F1" t="s"><v >0</v ></c>`,
      ),
    })
    expect(cells).toEqual({ A1: "x", B1: "x", C1: "x", D1: "x", E1: "x", F1: "x" })
  })

  test("comments, instructions, CDATA and unknown elements do not affect cells", async () => {
    const cells = await cellsOf({
      rows:
        '<!-- <row r="9"><c r="A9"><v>9</v></c></row> -->' +
        row(
          '<c r="A1"><!-- <v>1</v> --><v>2</v></c><c r="B1" t="str"><v><![CDATA[<v>&amp;</v>]]></v></c><c r="C1"><?go <v>3</v>?><v>4</v></c>' +
            '<c r="D1"><v>5</v><extLst><ext uri="x"><v>6</v></ext></extLst></c><c r="E1" t="str"><v>a<!-- b -->c</v></c><c r="F1"><v><![CDATA[7]]></v></c>',
        ),
    })
    expect(cells).toEqual({ A1: 2, B1: "<v>&amp;</v>", C1: 4, D1: 5, E1: "ac", F1: 7 })
  })

  test("a cell with a missing shared string is FILE_CORRUPT, and the error has its address", async () => {
    const reading = cellsOf({ strings: ["a"], rows: '<row r="3"><c r="B3" t="s"><v>1</v></c></row>' })
    await expect(reading).rejects.toMatchObject({ code: "FILE_CORRUPT", message: expect.stringContaining("B3") })
    await expect(cellsOf({ rows: row('<c r="A1" t="s"><v>-1</v></c>') })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
    await expect(cellsOf({ rows: row('<c r="A1" t="s"><v>0</v></c>'), without: ["xl/sharedStrings.xml"] })).rejects.toMatchObject({
      code: "FILE_CORRUPT",
    })
  })

  test.each([1, 2, 3, 7, 64])("chunks of %i bytes, which cut tags and values in two, give the same cells", async (chunkBytes) => {
    const sketch = {
      strings: ["first &amp; last", "<r><t>ri</t></r><rPh><t>no</t></rPh><r><t>ch</t></r>", "naïve ☕"],
      formats: ["yyyy-mm-dd"],
      rows: Array.from(
        { length: 20 },
        (_, at) =>
          `<row r="${at + 1}" spans="1:6"><c r="A${at + 1}" t="s"><v>${at % 3}</v></c><c r="B${at + 1}" s="1"><v>${45000 + at}</v></c><c r="C${at + 1}"><f>A${at + 1}&amp;"x"</f><v>${at / 7}</v></c>` +
          `<c r="D${at + 1}" t="inlineStr"><is><t>in ${at} &lt;&#65;</t></is></c><!-- c --><c r="E${at + 1}" t="str"><v><![CDATA[<&]]></v></c><c r="F${at + 1}" t='b'><v>1</v></c></row>`,
      ).join("\n"),
    }
    const whole = await cellsOf(sketch)
    expect(Object.keys(whole)).toHaveLength(120)
    expect(whole).toMatchObject({
      A1: "first & last",
      A2: "rich",
      A3: "naïve ☕",
      B2: new Date("2023-03-16Z"),
      D3: "in 2 <A",
      E4: "<&",
      F5: true,
    })
    const stored = workbookParts(sketch).map((part) => ({ ...part, method: 0 }))
    expect(await readCells(zipBytes(stored), { chunkBytes })).toEqual(whole)
    expect(await readCells(workbookBytes(sketch), { chunkBytes })).toEqual(whole)
  })
})
