import { describe, expect, test } from "vitest"
import { CellError } from "../../../src/model/cell-error.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import type { XlsxOptions } from "../../../src/parsers/xlsx/xlsx-options.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext, readTable, type TableRead } from "../read-table.ts"
import { relationship, type WorkbookSketch, workbookBytes } from "./workbook-bytes.ts"

/** Rows of cells: strings as inline text, numbers and booleans. A null leaves the cell out. */
type Plain = string | number | boolean | null

function rowsOf(rows: readonly (readonly Plain[])[], first = 1): string {
  return rows
    .map((cells, at) => {
      const written = cells.map((cell, j) => {
        const address = `r="${String.fromCharCode(65 + j)}${first + at}"`
        if (cell === null) return ""
        if (typeof cell === "string") return `<c ${address} t="str"><v>${cell}</v></c>`
        return `<c ${address}${typeof cell === "boolean" ? ' t="b"' : ""}><v>${Number(cell)}</v></c>`
      })
      return `<row r="${first + at}">${written.join("")}</row>`
    })
    .join("")
}

function read(sketch: WorkbookSketch, options?: XlsxOptions, context = {}): Promise<TableRead> {
  return readTable(xlsx(options), chunkedFile(workbookBytes(sketch), undefined, "memory/book.xlsx"), context)
}

const people: Plain[][] = [
  ["name", "age", "member"],
  ["Ann", 30, true],
  ["Bob", 41, false],
  ["Eve", null, true],
]
const peopleRows = [
  ["Ann", 30, true],
  ["Bob", 41, false],
  ["Eve", null, true],
]

describe("the table of a sheet", () => {
  test("a formula without a result rejects its row, and an empty text is a result", async () => {
    const head = '<row r="1"><c r="A1" t="str"><v>n</v></c><c r="B1" t="str"><v>twice</v></c></row>'
    const formula = (row: number, rest: string, type = "") =>
      `<row r="${row}"><c r="A${row}"><v>${row}</v></c><c r="B${row}"${type}><f>A${row}*2</f>${rest}</c></row>`
    const rows = `${head}${formula(2, "<v>4</v>")}${formula(3, "<v></v>")}${formula(4, "<v/>")}${formula(5, "")}${formula(6, "<v></v>", ' t="str"')}`
    const { batches } = await read({ rows: `${rows}<row r="7"><c r="B7"><f>A7*2</f></c></row>` })
    const [batch] = batches
    expect([...(batch?.issues ?? [])].map(({ row, issue }) => [batch?.origin(row).row, issue.code, issue.column])).toEqual(
      [3, 4, 5, 7].map((row) => [row, "cell.not_calculated", "twice"]),
    )
    expect(batch?.columns["twice"]?.at(0)).toBe(4)
    expect([...(batch?.selection ?? [])].map((row) => batch?.origin(row).row)).toEqual([2, 6])
  })

  test("a column gets the type of its cells", async () => {
    const table = await read({ rows: rowsOf(people) })
    expect(table.header).toEqual(["name", "age", "member"])
    expect(table.rows).toEqual(peopleRows)
    expect(table.batches[0]?.columns["age"]?.kind).toBe("number")
    expect(table.batches[0]?.columns["age"]?.nulls.count).toBe(1)
    expect(table.batches[0]?.columns["member"]?.kind).toBe("boolean")
    expect(table.batches[0]?.table).toMatchObject({ name: "Sheet1", hidden: false, facts: { sheetIndex: 1, columns: "A:C", headerRow: 1 } })
  })

  test("a workbook whose styles part is missing gives a notice, because its dates are numbers", async () => {
    const sketch = { rows: '<row r="1"><c t="str"><v>day</v></c></row><row r="2"><c s="1"><v>44197</v></c></row>', formats: [14] }
    const lacking = await read({ ...sketch, without: ["xl/styles.xml"] })
    expect([lacking.rows, lacking.notices]).toEqual([[[44_197]], ["xlsx.styles"]])
    const whole = await read(sketch)
    expect([whole.rows, whole.notices]).toEqual([[[new Date("2021-01-01")]], []])
  })

  test("a row's origin is its sheet row and the address of its first column", async () => {
    const table = await read({ rows: rowsOf([...people.slice(0, 2)], 1) + rowsOf(people.slice(2), 7) })
    const batch = table.batches[0]
    expect([0, 1, 2].map((row) => batch?.origin(row))).toEqual([
      { uri: "memory/book.xlsx", table: "Sheet1", row: 2, address: "A2" },
      { uri: "memory/book.xlsx", table: "Sheet1", row: 7, address: "A7" },
      { uri: "memory/book.xlsx", table: "Sheet1", row: 8, address: "A8" },
    ])
  })

  test("the header is found below a title, stated by an option, or missing", async () => {
    const titled = rowsOf([["Members of the club"], [], ...people])
    expect((await read({ rows: titled })).rows).toEqual(peopleRows)
    const stated = await read({ rows: rowsOf([["old", "names", "here"], ...people]) }, { header: 2 })
    expect([stated.header, stated.rows]).toEqual([["name", "age", "member"], peopleRows])
    const none = await read({ rows: rowsOf(people.slice(1)) }, { header: false })
    expect([none.header, none.rows, none.notices]).toEqual([["column_1", "column_2", "column_3"], peopleRows, []])
    await expect(read({ rows: rowsOf(people) }, { header: 99 })).rejects.toMatchObject({ code: "HEADER_NOT_FOUND", origin: { row: 99 } })
  })

  test("repeated and blank headers get their own names, each with a notice", async () => {
    const table = await read({
      rows: rowsOf([
        ["id", "id", null, "__proto__"],
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]),
    })
    expect(table.header).toEqual(["id", "id_2", "column_3", "__proto___column"])
    expect(table.notices).toEqual(["header.duplicate", "header.blank", "header.reserved"])
    expect(table.rows).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
  })

  test("blank rows, rows of empty texts and empty columns are left out", async () => {
    const rows = rowsOf([["a", null, "b"], [1, null, 2], [], ["", null, ""], [3, null, 4], ["", null, null]])
    const table = await read({ rows })
    expect([table.header, table.rows]).toEqual([
      ["a", "b"],
      [
        [1, 2],
        [3, 4],
      ],
    ])
  })

  test('the fact "columns" says which sheet columns the table has', async () => {
    const columns = async (cells: Plain[]) => {
      const { batches } = await read({ rows: rowsOf([cells, cells]) }, { header: false })
      return batches[0]?.table.facts?.["columns"]
    }
    expect(await columns(["a", "b", "c"])).toBe("A:C")
    expect(await columns([null, "b", "c", null, null, "f"])).toBe("B:C,F:F")
    expect(await columns([])).toBeNull()
  })

  test("empty texts beside values stay empty texts", async () => {
    const table = await read({
      rows: rowsOf([
        ["a", "b"],
        ["x", ""],
        ["", "y"],
        ["z", null],
      ]),
    })
    expect(table.rows).toEqual([
      ["x", ""],
      ["", "y"],
      ["z", null],
    ])
  })

  test("a column may hold values of several kinds", async () => {
    const rows = `${rowsOf([["mixed"], [1], ["two"], [true]])}<row r="5"><c r="A5" t="e"><v>#N/A</v></c></row>`
    const table = await read({ rows })
    expect(table.rows).toEqual([[1], ["two"], [true], [new CellError("#N/A")]])
    expect(table.batches[0]?.columns["mixed"]?.kind).toBe("value")
  })

  test("repeated shared strings become a dictionary, and others become bytes, together with inline texts", async () => {
    const strings = ["kind", "name", "note", "x", ...Array.from({ length: 50 }, (_, at) => `name ${at}`)]
    const cell = (column: string, at: number, string: number) => `<c r="${column}${at}" t="s"><v>${string}</v></c>`
    const body = Array.from({ length: 50 }, (_, at) => {
      const note = at % 2 === 0 ? cell("C", at + 2, 3) : `<c r="C${at + 2}" t="str"><v>own ${at}</v></c>`
      return `<row r="${at + 2}">${cell("A", at + 2, 3)}${cell("B", at + 2, at + 4)}${note}</row>`
    })
    const table = await read({
      strings,
      rows: `<row r="1">${[0, 1, 2].map((at) => cell("ABC".charAt(at), 1, at)).join("")}</row>${body.join("")}`,
    })
    const columns = table.batches[0]?.columns
    expect([columns?.["kind"]?.kind, columns?.["name"]?.kind, columns?.["note"]?.kind]).toEqual(["dictionary", "bytes", "bytes"])
    expect(table.rows[7]).toEqual(["x", "name 7", "own 7"])
    expect(table.rows[8]).toEqual(["x", "name 8", "x"])
  })

  test("rows that are out of order are sorted", async () => {
    const rows = rowsOf([["n"]]) + [5, 3, 4, 2].map((row) => `<row r="${row}"><c r="A${row}"><v>${row}</v></c></row>`).join("")
    const table = await read({ rows })
    expect(table.rows).toEqual([[2], [3], [4], [5]])
    expect([0, 1, 2, 3].map((row) => table.batches[0]?.origin(row).row)).toEqual([2, 3, 4, 5])
  })

  test("cells of one row may be apart within a batch, but not in different batches", async () => {
    const more = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => `<row r="${from + at}"><c r="A${from + at}"><v>${at}</v></c></row>`).join("")
    const rows = `${rowsOf([["a", "b"]])}<row r="2"><c r="A2"><v>1</v></c></row>${more(3, 6)}<row r="2"><c r="B2"><v>2</v></c></row>`
    expect((await read({ rows })).rows[0]).toEqual([1, 2])
    const apart = `${rowsOf([["a", "b"]])}<row r="2"><c r="A2"><v>1</v></c></row>${more(3, 30_000)}<row r="2"><c r="B2"><v>2</v></c></row>`
    await expect(read({ rows: apart }, {}, { batchRows: 100 })).rejects.toMatchObject({
      code: "FILE_CORRUPT",
      message: expect.stringContaining("Row 2"),
    })
    const late = `${rowsOf([["a", "b"]])}${more(100, 30_000)}<row r="50"><c r="A50"><v>7</v></c></row>`
    const table = await read({ rows: late }, {}, { batchRows: 100 })
    expect(table.rows).toHaveLength(29_901)
    expect(table.batches.at(-1)?.origin((table.batches.at(-1)?.length ?? 0) - 1).row).toBe(50)
  })

  test("a value outside the table's columns makes its row a reject", async () => {
    const body = Array.from({ length: 9000 }, (_, at) => [at, `text ${at}`])
    const far = '<row r="9100"><c r="A9100"><v>1</v></c><c r="H9100"><v>2</v></c></row><row r="9101"><c r="H9101" t="str"><v></v></c></row>'
    const table = await read({ rows: rowsOf([["a", "b"], ...body]) + far }, {}, { batchRows: 100 })
    expect(table.rows).toHaveLength(9001)
    expect(table.issues).toEqual(["9000: row.ragged"])
  })

  test("a sheet without cells, or with only a header, gives one empty batch", async () => {
    const empty = await read({ rows: "" })
    expect([empty.batches.length, empty.batches[0]?.length, empty.header]).toEqual([1, 0, []])
    const header = await read({ rows: rowsOf([["a", "b"]]) })
    expect([header.batches.length, header.batches[0]?.length, header.header]).toEqual([1, 0, ["a", "b"]])
  })

  test("texts that PostgreSQL cannot store fail their rows, and too long ones give a warning", async () => {
    const long = "x".repeat(32_768)
    const table = await read({
      strings: ["a_x0000_b", "c_xD800_", long],
      rows: `${rowsOf([["t"]])}<row r="2"><c r="A2" t="s"><v>0</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c></row><row r="4"><c r="A4" t="s"><v>2</v></c></row><row r="5"><c r="A5" t="str"><v>d_x0000_</v></c></row><row r="6"><c r="A6" t="str"><v>fine</v></c></row>`,
    })
    expect(table.issues).toEqual(["0: text.nul t", "1: text.lone_surrogate t", "2: text.long t", "3: text.nul t"])
    expect([...(table.batches[0]?.selection ?? [])]).toEqual([2, 4])
  })
})

describe("batches", () => {
  const rows = rowsOf([["n", "t"], ...Array.from({ length: 1000 }, (_, at): Plain[] => [at, `text ${at}`])])

  test.each([1, 7, 100, 999, 1000, 8192])("of at most %i rows hold the same rows", async (batchRows) => {
    const table = await read({ rows }, {}, { batchRows })
    expect(table.rows).toHaveLength(1000)
    expect(table.rows.every(([n, t], at) => n === at && t === `text ${at}`)).toBe(true)
    expect(table.batches).toHaveLength(Math.ceil(1000 / batchRows))
    expect(new Set(table.batches.map((batch) => batch.table)).size).toBe(1)
  })

  test("are cut by bytes of text too", async () => {
    const table = await read({ rows }, {}, { batchBytes: 1000 })
    expect(table.batches.length).toBeGreaterThan(5)
    expect(table.rows).toHaveLength(1000)
  })

  test("are not changed when the next one is read", async () => {
    const table = await read({ rows, strings: ["a"] }, {}, { batchRows: 10 })
    const batch = table.batches[3]
    expect(batch?.columns["t"]?.at(2)).toBe("text 32")
    expect(batch?.columns["n"]?.at(2)).toBe(32)
    expect(batch?.origin(2).row).toBe(34)
  })

  test("can be abandoned after the first one", async () => {
    const parsing = xlsx().parse(chunkedFile(workbookBytes({ rows })), readContext({ batchRows: 10 }))
    for await (const batch of parsing) {
      expect(batch.length).toBe(10)
      break
    }
  })

  test("an aborted run stops", async () => {
    const controller = new AbortController()
    const parsing = xlsx().parse(
      chunkedFile(workbookBytes({ rows: rows.repeat(1) }), 100),
      readContext({ batchRows: 10, signal: controller.signal }),
    )
    controller.abort(new Error("enough"))
    await expect(parsing[Symbol.asyncIterator]().next()).rejects.toThrow("enough")
  })
})

describe("the chosen table", () => {
  const table = (name: string) => rowsOf([["of"], [name]])
  const sheets = [
    { name: "Cover" },
    { name: "Secret", rows: table("Secret"), state: "hidden" as const },
    { name: "2024", rows: table("2024") },
    { name: "2025", rows: table("2025") },
  ]

  async function names(options: XlsxOptions): Promise<unknown[]> {
    return (await read({ sheets }, options)).rows.map(([name]) => name)
  }

  test("is the first visible sheet with cells by default", async () => {
    expect(await names({})).toEqual(["2024"])
    expect((await read({ sheets: [{ rows: "" }, { rows: "" }] })).batches.map((batch) => batch.table.name)).toEqual(["Sheet1"])
    expect((await read({ sheets: [{ rows: table("only"), state: "hidden" }] })).rows).toEqual([["only"]])
  })

  test("is a sheet by its name in any case, by its position from 1, or by a pattern among visible sheets", async () => {
    expect(await names({ sheet: "2025" })).toEqual(["2025"])
    expect(await names({ sheet: "secret" })).toEqual(["Secret"])
    expect(await names({ sheet: 3 })).toEqual(["2024"])
    expect(await names({ sheet: /^\d+$/g })).toEqual(["2024", "2025"])
    expect((await read({ sheets }, { sheet: /./ })).batches.map((batch) => batch.table.name)).toEqual(["Cover", "2024", "2025"])
  })

  test.each([{ sheet: "Nope" }, { sheet: 5 }, { sheet: /nope/ }, { table: "Nope" }, { range: "Nope" }, { range: "Nope!A1:B2" }])(
    "%j is TABLE_NOT_FOUND, and the message lists the sheets",
    async (options) => {
      await expect(read({ sheets }, options)).rejects.toMatchObject({
        code: "TABLE_NOT_FOUND",
        message: expect.stringContaining('"Cover", "Secret", "2024", "2025"'),
      })
    },
  )

  const grid = rowsOf([
    ["x", "x", "x", "x"],
    ["x", "id", "name", "x"],
    ["x", 1, "Ann", "x"],
    ["x", 2, "Bob", "x"],
    ["x", 3, "total", "x"],
  ])
  const ann = [
    [1, "Ann"],
    [2, "Bob"],
  ]

  test("may be a range, with columns or rows left open", async () => {
    for (const range of ["B2:C4", "$B$2:$C$4", "C4:B2", "Sheet1!B2:C4", "'Sheet1'!$B$2:$C$4"]) {
      const found = await read({ rows: grid }, { range })
      expect([found.header, found.rows], range).toEqual([["id", "name"], ann])
    }
    expect((await read({ rows: grid }, { range: "B:C", header: 2 })).rows).toHaveLength(3)
    expect((await read({ rows: grid }, { range: "3:4", header: false })).rows).toEqual([
      ["x", 1, "Ann", "x"],
      ["x", 2, "Bob", "x"],
    ])
  })

  test("may be a defined name, with its own sheet", async () => {
    const names = '<definedName name="People">\'My &amp; sheet\'!$B$2:$C$4</definedName><definedName name="Broken">#REF!</definedName>'
    const found = await read(
      {
        sheets: [
          { name: "Other", rows: table("other") },
          { name: "My &amp; sheet", rows: grid },
        ],
        names,
      },
      { range: "people" },
    )
    expect([found.rows, found.batches[0]?.table.name]).toEqual([ann, "My & sheet"])
    await expect(read({ rows: grid, names }, { range: "Broken" })).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
  })

  test("may be a defined name that looks like a column, and a range of a workbook with only hidden sheets", async () => {
    const sheets = [{ name: "Data", rows: grid, state: "hidden" as const }]
    const names = '<definedName name="TAX">Data!$B$2:$C$4</definedName>'
    expect((await read({ sheets, names }, { range: "tax" })).rows).toEqual(ann)
    expect((await read({ sheets }, { range: "B2:C4" })).rows).toEqual(ann)
    await expect(read({ sheets }, { range: "TAX" })).rejects.toMatchObject({ code: "TABLE_NOT_FOUND" })
  })

  const definition = (attributes: string) =>
    `<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="People" displayName="People" ${attributes}><tableColumns count="2"><tableColumn id="1" name="id"/><tableColumn id="2" name="name"/></tableColumns></table>`
  const withTable = (attributes: string): WorkbookSketch => ({
    sheets: [
      { name: "Other", rows: table("other") },
      { name: "Data", rows: grid, relationships: relationship("t", "table", "../tables/table1.xml") },
    ],
    parts: [{ name: "xl/tables/table1.xml", content: definition(attributes) }],
  })

  test("may be a defined table, without its totals", async () => {
    for (const name of ["People", "people"]) {
      const found = await read(withTable('ref="B2:C5" totalsRowCount="1"'), { table: name })
      expect([found.header, found.rows, found.batches[0]?.table.name]).toEqual([["id", "name"], ann, "People"])
    }
  })

  test("has the names of a defined table without a header row", async () => {
    const found = await read(withTable('ref="B3:C4" headerRowCount="0"'), { table: "People" })
    expect([found.header, found.rows]).toEqual([["id", "name"], ann])
  })

  test("may have escapes in the names of sheets, tables and columns, which are decoded", async () => {
    const table = definition('ref="A1:B2" headerRowCount="0"')
      .replaceAll("People", "All_x0020_people")
      .replace('name="id"', 'name="the_x000a_id"')
    const sheet = {
      name: "A_x0026_B",
      rows: rowsOf([
        [1, 2],
        [3, 4],
      ]),
      relationships: relationship("t", "table", "../tables/table1.xml"),
    }
    const sketch = { sheets: [sheet], parts: [{ name: "xl/tables/table1.xml", content: table }] }
    expect((await read(sketch, { sheet: "a&b", header: false })).rows).toHaveLength(2)
    expect((await read(sketch, { table: "All people" })).header).toEqual(["the id", "name"])
  })
})

describe("merged cells and hidden rows", () => {
  const merged = (ranges: string[]) =>
    `<mergeCells count="${ranges.length}">${ranges.map((ref) => `<mergeCell ref="${ref}"/>`).join("")}</mergeCells>`
  const sketch = {
    sheets: [
      {
        rows: rowsOf([
          ["region", "city", "sales"],
          ["North", "Kiel", 1],
          [null, "Bremen", 2],
          [null, "Emden", 3],
          ["South", null, 4],
        ]),
        after: `<phoneticPr fontId="1"/>${merged(["A2:A4", "A5:B5"])}<pageMargins left="1"/>`,
      },
    ],
  }

  test("by default only the first merged cell has the value", async () => {
    expect((await read(sketch)).rows.map(([region]) => region)).toEqual(["North", null, null, "South"])
  })

  test.each([1, 2, 8192])('with merged: "fill" all merged cells have the value, also across batches of %i rows', async (batchRows) => {
    expect((await read(sketch, { merged: "fill" }, { batchRows })).rows).toEqual([
      ["North", "Kiel", 1],
      ["North", "Bremen", 2],
      ["North", "Emden", 3],
      ["South", "South", 4],
    ])
  })

  test("a merged range over the whole sheet fills the existing rows and adds none", async () => {
    const whole = {
      sheets: [
        {
          rows: rowsOf([
            ["a", "b"],
            [1, 2],
            [3, null],
          ]),
          after: merged(["A3:XFD1048576"]),
        },
      ],
    }
    expect((await read(whole, { merged: "fill" })).rows).toEqual([
      [1, 2],
      [3, 3],
    ])
  })

  test("too many merged ranges are refused only if they must be filled", async () => {
    const many = { sheets: [{ rows: rowsOf(people), after: merged(Array.from({ length: 50 }, (_, at) => `A${at + 10}:B${at + 10}`)) }] }
    const limits = { mergedRanges: 49 }
    expect((await read(many, { limits })).rows).toEqual(peopleRows)
    await expect(read(many, { merged: "fill", limits })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringContaining("limits.mergedRanges"),
    })
  })

  test('hidden rows are read, or skipped with hiddenRows: "skip"', async () => {
    const rows = `${rowsOf([["n"], [1]])}<row r="3" hidden="1"><c r="A3"><v>2</v></c></row><row r="4" hidden="0"><c r="A4"><v>3</v></c></row><row r='5' customHeight='1' hidden='true'><c r="A5"><v>4</v></c></row>`
    expect((await read({ rows })).rows).toEqual([[1], [2], [3], [4]])
    expect((await read({ rows }, { hiddenRows: "skip" })).rows).toEqual([[1], [3]])
  })
})

describe("rows of a sheet that are in no table", () => {
  const accounted = ({ rows, batches }: TableRead) => rows.length + (batches[0]?.table.skippedAbove ?? 0)

  test("titles above the header are counted, and the first one is quoted", async () => {
    const titles: Plain[][] = [["Sales of June", null, null], [], ["North", "confidential", null], []]
    const { header, rows, batches } = await read({ rows: rowsOf([...titles, ...people]) })
    expect([header, rows]).toEqual([people[0], peopleRows])
    expect(batches[0]?.table.skippedAbove).toBe(2)
    expect(batches[0]?.table.notices).toEqual([
      {
        code: "sheet.preamble",
        message: '2 rows above the table were skipped. The first is row 1: "Sales of June".',
        row: 1,
        quotes: ['"Sales of June"'],
      },
    ])
  })

  test("rows above a declared header are counted too, but not those outside of a range", async () => {
    const sheet = {
      rows: rowsOf([
        ["a", "b"],
        [1, 2],
        ["id", "n"],
        [3, 4],
      ]),
    }
    const declared = await read(sheet, { header: 3 })
    expect([declared.header, declared.rows, declared.notices]).toEqual([["id", "n"], [[3, 4]], ["sheet.preamble"]])
    expect(accounted(declared)).toBe(3)
    const range = await read(sheet, { range: "A3:B4" })
    expect([range.header, range.rows, range.notices]).toEqual([["id", "n"], [[3, 4]], []])
  })

  test("narrow rows above a table without a header are counted", async () => {
    const numbers = Array.from({ length: 6 }, (_, at): Plain[] => [at * 10, at * 10 + 1, at * 10 + 2])
    const table = await read({ rows: rowsOf([[1], [2], ...numbers]) })
    expect(table.rows).toEqual(numbers)
    expect(table.notices).toEqual(["sheet.preamble", "header.none"])
    expect(accounted(table)).toBe(8)
  })

  test("a row of names behind a blank row is the header, not the titles that happen to fill most columns", async () => {
    const rows: Plain[][] = [
      ["Plant: Ulm", null, "Month", "2024-05"],
      ["Shift: late", null, null, null],
      [],
      ["machine", "operator", "pieces", "scrap"],
      ...Array.from({ length: 4 }, (_, at): Plain[] => [at + 1, `n${at}`, at * 7, at]),
    ]
    const table = await read({ rows: rowsOf(rows) })
    expect(table.header).toEqual(["machine", "operator", "pieces", "scrap"])
    expect(table.rows).toEqual(rows.slice(4))
    expect(accounted(table)).toBe(6)
  })

  const cities: Plain[][] = [
    ["city", "country", "people", "area"],
    ["Ulm", "DE", 126_000, 118],
    ["Graz", "AT", 292_000, 127],
    ["Lyon", "FR", 522_000, 47],
  ]

  test.each([1, 300])(
    "a second table is reported and not read under the first one's names, below %d copies of its rows",
    async (copies) => {
      const body = Array.from({ length: copies }, () => people.slice(1)).flat()
      const sheet = { rows: rowsOf([people[0] ?? [], ...body, [], ["Cities"], [], ...cities]) }
      const first = await read(sheet)
      expect(first.header).toEqual(people[0])
      expect(first.rows).toHaveLength(3 * copies)
      expect(first.issues).toEqual([])
      expect(first.notices).toEqual(["table.second"])
      expect(accounted(first)).toBe(3 * copies + 5)
      const { batches } = await read(sheet, { tables: "all" })
      expect(batches.map(({ table }) => [table.name, table.header, table.skippedAbove])).toEqual([
        ["Sheet1", people[0], 0],
        ["Sheet1 (2)", cities[0], 1],
      ])
      expect(batches.map(({ length }) => length)).toEqual([3 * copies, 3])
      expect(batches[1]?.origin(0).row).toBe(3 * copies + 6)
    },
  )

  test("rows of the next table behind the sample are counted", async () => {
    const more = Array.from({ length: 9000 }, (_, at): Plain[] => [`c${at}`, "DE", at, at])
    const table = await read({ rows: rowsOf([...people, [], ...cities, ...more]) })
    expect(table.rows).toHaveLength(3)
    expect(accounted(table)).toBe(9007)
  })

  test("blank rows within a table do not end it", async () => {
    const body = Array.from({ length: 400 }, (_, at): Plain[] => (at % 40 === 39 ? [] : [`n${at}`, at, at % 2 === 0]))
    const table = await read({ rows: rowsOf([people[0] ?? [], ...body]) })
    expect(table.rows).toHaveLength(390)
    expect(table.notices).toEqual([])
  })

  describe.each(["inline", "shared"])("with %s texts, rows that repeat the header are rejected", (kind) => {
    const header: Plain[] = ["name", "age", "member"]
    const body = (rows: number) => Array.from({ length: rows }, (_, at): Plain[] => [`n${at % 7}`, at, at % 2 === 0])
    const sheetOf = (rows: readonly (readonly Plain[])[]) => {
      const texts = [...new Set(rows.flat().filter((cell) => typeof cell === "string"))]
      const xml = rowsOf(rows)
      return kind === "inline"
        ? { rows: xml }
        : { rows: xml.replace(/t="str"><v>([^<]*)/g, (_, text) => `t="s"><v>${texts.indexOf(text)}`), strings: texts }
    }

    test("and a notice counts those of the sample", async () => {
      const { rows, issues, batches } = await read(sheetOf([header, ...body(10), header, ...body(10), header]))
      expect(rows).toHaveLength(22)
      expect([...issues].sort()).toEqual(["10: header.repeated", "21: header.repeated"])
      expect([...(batches[0]?.selection ?? [])]).toHaveLength(20)
      expect(batches[0]?.table.notices).toEqual([
        expect.objectContaining({
          code: "header.repeated",
          message: '2 rows repeat the header. The first is row 12: "name, age, member".',
          row: 12,
        }),
      ])
    })

    test("also far below, and where all columns are text", async () => {
      const texts = (rows: number) => body(rows).map((row) => row.map((cell) => `${cell}`))
      const { issues } = await read(sheetOf([header, ...texts(5000), header, ["name", "age", "no"], ...texts(3)]))
      expect(issues.filter((issue) => issue.endsWith("header.repeated"))).toHaveLength(1)
      const mixed = await read(sheetOf([header, ...body(5000), header, ["name", "age", "no"], ...body(3)]))
      expect(mixed.issues.filter((issue) => issue.endsWith("header.repeated"))).toHaveLength(1)
    })
  })

  test("totals and notes in the last rows get a warning, or are dropped", async () => {
    const sheet = { rows: rowsOf([...people, ["Grand total", 71, null], [], ["* ages are stated by the members", null, null]]) }
    const kept = await read(sheet)
    expect(kept.rows).toHaveLength(5)
    expect([...kept.issues].sort()).toEqual(["3: table.total", "4: table.note"])
    const dropped = await read(sheet, { footer: "drop" })
    expect([...(dropped.batches[0]?.selection ?? [])]).toEqual([0, 1, 2])
  })

  test("the names that a pipeline expects tell the header and the table", async () => {
    const sheet = { rows: rowsOf([...people, [], ...cities]) }
    const table = await read(sheet, {}, { headers: new Set(["city", "country", "people"]) })
    expect([table.header, table.rows.length, accounted(table)]).toEqual([cities[0], 3, 7])
  })
})

describe("the sheet that is read if none is chosen", () => {
  const table = (first: number): Plain[][] => [
    ["id", "amount"],
    [first, 1.5],
    [first + 1, 2.5],
  ]
  const cover: Plain[][] = [["Quarterly report"], [], ["Prepared by Ann"]]
  const sheets = (...given: (readonly [name: string, rows: Plain[][], state?: "hidden"])[]) => ({
    sheets: given.map(([name, rows, state]) => ({ name, rows: rowsOf(rows), ...(state === undefined ? {} : { state }) })),
  })
  const nameOf = ({ batches }: TableRead) => batches[0]?.table.name
  const messages = ({ batches }: TableRead) => (batches[0]?.table.notices ?? []).map(({ message }) => message)

  test("other sheets with cells are named, hidden ones too, and blank ones are not", async () => {
    const read3 = await read(sheets(["Jan", table(1)], ["Feb", table(3)], ["Blank", [[""]]], ["Lists", table(5), "hidden"]))
    expect(nameOf(read3)).toBe("Jan")
    expect(messages(read3)).toEqual([
      'Only the sheet "Jan" was read. Other sheets have cells too: "Feb" and "Lists" (hidden); the option sheet chooses one.',
    ])
    expect((await read(sheets(["Jan", table(1)], ["Blank", []]))).notices).toEqual([])
    expect((await read(sheets(["Jan", table(1)], ["Feb", table(3)]), { sheet: "Feb" })).notices).toEqual([])
  })

  test.each<[string, string, Plain[][]]>([
    ["a title and a name", "Sheet1", cover],
    ["a title alone", "Sheet1", [["Quarterly report 2024"]]],
    [
      "labels with values, by its name",
      "Cover",
      [
        ["Author", "Ann"],
        ["Department", "Sales"],
        ["Printed", "May"],
      ],
    ],
  ])("a cover page is not the table: %s", async (_, name, rows) => {
    const found = await read(sheets([name, rows], ["Data", table(1)]))
    expect(nameOf(found)).toBe("Data")
    expect(found.rows).toHaveLength(2)
    expect(messages(found)).toEqual([
      `Only the sheet "Data" was read. Another sheet has cells too: "${name}"; the option sheet chooses one.`,
    ])
    expect(nameOf(await read(sheets([name, rows])))).toBe(name)
  })

  test("a list of one column is a table, and so is a small table before a larger one", async () => {
    const list = Array.from({ length: 30 }, (_, at): Plain[] => [`n${at}@example.com`])
    expect(nameOf(await read(sheets(["Emails", [["email"], ...list]], ["Data", table(1)])))).toBe("Emails")
    expect(nameOf(await read(sheets(["Rates", table(1).slice(0, 2)], ["Data", people])))).toBe("Rates")
  })

  test("a sheet with the headers that the pipeline expects comes first", async () => {
    const headers = new Set(["name", "age"])
    const book = sheets(["Rates", table(1)], ["People", people])
    expect(nameOf(await read(book, {}, { headers }))).toBe("People")
    expect(nameOf(await read(book, {}, { headers: new Set(["city"]) }))).toBe("Rates")
  })

  test("a sheet that is blank in the declared row of the header is passed over", async () => {
    const rows: Plain[][] = [["Report"], [], [], ...table(1)]
    expect(
      nameOf(
        await read(
          sheets(
            [
              "Notes",
              [
                ["a", "b"],
                [1, 2],
              ],
            ],
            ["Data", rows],
          ),
          { header: 4 },
        ),
      ),
    ).toBe("Data")
  })

  test("a workbook without sheets is named as such", async () => {
    for (const options of [{}, { sheet: /(?:)/ }]) {
      await expect(read({ sheets: [] }, options)).rejects.toMatchObject({
        code: "TABLE_NOT_FOUND",
        message: expect.stringMatching(/^The workbook has no (?:sheets|worksheet)\.$/),
      })
    }
  })
})
