import fc from "fast-check"
import { bytes, createPipeline, memory, type Reject } from "rowgate"
import { inferContract } from "rowgate/profile"
import { describe, expect, test } from "vitest"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
import { readInferred } from "./read-inferred.ts"

const repeated = (count: number, cell: (at: number) => string) => Array.from({ length: count }, (_, at) => cell(at))

describe("cells that disagree with the kind of their column", () => {
  test("become rejects if the sample is large enough, and the report names the first of them", async () => {
    const cells = repeated(2000, (at) => (at === 1233 ? "about 7" : `${at}.5`))
    const { column, values, report } = await readInferred(cells)
    expect(column).toMatchObject({
      kind: "decimal",
      evidence: { cells: 2000, agreeing: 1999, share: 0.9995, notations: { "decimal point": 1999 } },
      odd: { cells: 1, rows: [1235], examples: [{ row: 1235, text: "about 7" }] },
    })
    expect(column.evidence.bound).toBeGreaterThan(0.99)
    expect(values).toHaveLength(1999)
    expect(report).toMatchObject({ read: 2000, loaded: 1999, rejected: 1, deliveries: [{ issues: { "decimal.unreadable": 1 } }] })
    expect(report.deliveries[0]?.score?.overall).toBeLessThan(100)
    expect(report.deliveries[0]?.notices).toContainEqual({
      code: "column.kind",
      column: "value",
      message: "Read as decimal, which 1 of 2000 sampled cells are not. See row 1235.",
    })
  })

  test.each([
    [562, "text"],
    [563, "decimal"],
  ])("are tolerated from a share on that a sample of %i cells proves, so that one of them leaves %s", async (count, kind) => {
    const cells = repeated(count, (at) => (at === 7 ? "cheap" : `${at}.5`))
    expect((await readInferred(cells)).column.kind).toBe(kind)
  })

  test("do not count against dates if they name a day that does not exist", async () => {
    const { column, values, report } = await readInferred(["2024-02-28", "2024-02-30", "2024-03-01"])
    expect(column).toMatchObject({ kind: "date", odd: { cells: 1, rows: [3], examples: [{ row: 3, text: "2024-02-30" }] } })
    expect(values).toHaveLength(2)
    expect(report).toMatchObject({ read: 3, loaded: 2, rejected: 1 })
  })
})

describe("the rows of a proposal have the numbers that their rejects have", () => {
  const lines = repeated(1000, (at) => `${at},${at % 400 === 7 ? "cheap" : "1.5"}`)
  const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`
  const sheet = repeated(1000, (at) => {
    const amount = at % 400 === 7 ? text("cheap") : "<c><v>1.5</v></c>"
    return `<row r="${3 + 2 * at}"><c><v>${at}</v></c>${amount}</row>`
  })
  test.each<[what: string, content: string | Uint8Array]>([
    ["a csv file with blank lines", `# made by hand\nid,amount\n\n${lines.join("\n\n")}\n`],
    ["a sheet with blank rows", workbookBytes({ rows: `<row r="1">${text("id")}${text("amount")}</row>${sheet.join("")}` })],
  ])("in %s", async (_, content) => {
    const source = bytes(content)
    const { columns, proposal } = await inferContract(source)
    const rejects = memory<Reject>()
    await createPipeline({ name: "rows" }).from(source).normalize({ columns }).into(memory()).rejectsInto(rejects).run()
    expect(rejects.rows).toHaveLength(3)
    expect(proposal.columns[1]?.odd.rows).toEqual(rejects.rows.map(({ origin }) => origin.row))
  })
})

test("a day that does not exist does not put the year first", async () => {
  const cells = repeated(28, (at) => (at === 9 ? "30.02.24" : `${at + 1}.12.24`))
  const { column, report } = await readInferred(cells)
  expect(column).toMatchObject({ kind: "date", reading: { formats: ["d.M.yy"] }, odd: { cells: 1, examples: [{ text: "30.02.24" }] } })
  expect(report).toMatchObject({ loaded: 27, rejected: 1 })
})

describe("texts that stand for no value", () => {
  test.each(["N/A", "n/a", "-", "#DIV/0!", "null", "NaN", "unknown", "k.A.", "?", "0000-00-00"])(
    "%s is null in a column of numbers, and counted",
    async (word) => {
      const { column, values, report } = await readInferred(["1.5", word, "2.5", word])
      expect(column).toMatchObject({ kind: "decimal", nulls: 2, filled: false, nullTexts: [{ text: word, cells: 2 }], odd: { cells: 0 } })
      expect(column.evidence).toMatchObject({ cells: 2, agreeing: 2 })
      expect(values).toEqual(["1.5", null, "2.5", null])
      expect(report).toMatchObject({ loaded: 4, rejected: 0, deliveries: [{ issues: { "cell.null": 2 } }] })
      expect(report.deliveries[0]?.notices.map(({ message }) => message)).toEqual([`Read as no value: "${word}" (2).`])
    },
  )

  test("are null after the sample too, and counted there", async () => {
    const source = bytes(`n\n${repeated(9000, String).join("\n")}\nN/A\n-\n`)
    const { columns, expected, proposal } = await inferContract(source, { rows: 100 })
    expect(proposal.columns[0]).toMatchObject({ kind: "integer", nullTexts: [] })
    const sink = memory()
    const report = await createPipeline({ name: "late" })
      .from(source)
      .normalize({ columns })
      .score({ expected, provisional: true })
      .into(sink)
      .run()
    expect(report).toMatchObject({ read: 9002, loaded: 9002, deliveries: [{ issues: { "cell.null": 2 } }] })
    expect(sink.rows.slice(-2)).toEqual([{ n: null }, { n: null }])
  })
})

test("an error cell that no spreadsheet knows is a reject that the proposal announces, whatever the kind", async () => {
  const error = (text: string) => `<c t="e"><v>${text}</v></c>`
  const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`
  const rows = [
    `${text("word")}${text("count")}`,
    `${text("a")}<c><v>1</v></c>`,
    `${error("#BUSY!")}<c><v>2</v></c>`,
    `${text("b")}${error("#REF!")}`,
  ]
  const source = bytes(workbookBytes({ rows: rows.map((cells, at) => `<row r="${at + 1}">${cells}</row>`).join("") }))
  const { columns, proposal } = await inferContract(source)
  expect(proposal.columns).toMatchObject([
    {
      kind: "text",
      nullTexts: [],
      evidence: { cells: 3, agreeing: 2 },
      odd: { cells: 1, rows: [3], examples: [{ row: 3, text: "#BUSY!" }] },
    },
    { kind: "integer", nullTexts: [{ text: "#REF!", cells: 1 }], odd: { cells: 0 } },
  ])
  const report = await createPipeline({ name: "errors" }).from(source).normalize({ columns }).into(memory()).run()
  expect(report).toMatchObject({ loaded: 2, rejected: 1, deliveries: [{ issues: { "cell.error": 1, "cell.null": 1 } }] })
})

test("few different values that repeat are listed, the most frequent first", async () => {
  const { column } = await readInferred([...repeated(5, () => "open"), ...repeated(4, () => "closed")])
  expect(column.values).toEqual([
    { value: "open", cells: 5 },
    { value: "closed", cells: 4 },
  ])
})

describe("inference loses nothing", () => {
  /** Cells of many kinds and notations. A column takes some of them. */
  const cell = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom(
      "1.234",
      "2.500",
      "1,234",
      "1.234,50",
      "1,234.50",
      "1'000",
      "1 234",
      "12,34,567",
      "(450.00)",
      "450.00-",
      "-1.000,00 €",
      "$5",
    ),
    fc.constantFrom(
      "12 %",
      "0",
      "0 %",
      "1e5",
      "12E5",
      "1e+05",
      ".5",
      "5.",
      "+5",
      "007",
      "+49301234567",
      "4111111111111111",
      "\u22125",
      "1.5e-320",
    ),
    fc.constantFrom(
      "2024-02-30",
      "2024-02-29",
      "31.12.2024",
      "01/02/2024",
      "13/02/2024",
      "02/13/2024",
      "19/12/25",
      "12/31/99",
      "1/1/2024 1:05 PM",
    ),
    fc.constantFrom(
      "1. März 2024",
      "Mar 1, 2024",
      "3 mai 2024",
      "01-Dez-23",
      "2024-01-01T00:00:00Z",
      "2024-01-01 10:00:00.123456",
      "2024/1/1",
    ),
    fc.constantFrom(
      "yes",
      "no",
      "Y",
      "N",
      "true",
      "FALSE",
      "ja",
      "nein",
      "on",
      "N/A",
      "-",
      "#REF!",
      "null",
      "unknown",
      "None",
      "0000-00-00",
    ),
    fc.constantFrom('{"a":1}', "[1,2]", "[sic]", "{}", "text", " padded ", "a\u00a0b", "10:30", "1/2", "C536379", "5 km", "ἀ"),
  )
  const column = fc
    .uniqueArray(cell, { minLength: 1, maxLength: 4 })
    .chain((pool) => fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 30 }))

  test("every cell of the sample is a value, a reject that the proposal announces, or a null that it lists", async () => {
    await fc.assert(
      fc.asyncProperty(column, async (cells) => {
        const { column, values, report } = await readInferred(cells)
        const nulled = column.nullTexts.reduce((sum, each) => sum + each.cells, 0)
        expect(report.rejected, `${column.kind} of ${JSON.stringify(cells)}`).toBe(column.odd.cells)
        expect(report.deliveries[0]?.issues["cell.null"] ?? 0).toBe(nulled)
        expect(report.loaded + report.rejected).toBe(cells.length)
        expect(values.filter((value) => value === null)).toHaveLength(column.nulls)
        if (column.kind === "text") expect(values).toEqual(cells)
        if (column.kind === "integer" || column.kind === "decimal") expect(new Set(values).size).toBeGreaterThanOrEqual(1)
      }),
      { numRuns: 400 },
    )
  }, 60_000)
})
