import ExcelJS from "exceljs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { CellError } from "../../../src/model/cell-error.ts"
import type { CellValue } from "../../../src/model/cell-value.ts"
import { type ZipPart, zipBytes } from "../files/zip/zip-bytes.ts"
import { readCells } from "./read-cells.ts"
import { mainNamespace, type WorkbookSketch, workbookBytes, workbookParts } from "./workbook-bytes.ts"

/** The cells of the first sheet as exceljs reads them, as our values. If it throws, its message. */
async function peerCells(bytes: Buffer): Promise<{ [address: string]: CellValue | undefined } | string> {
  try {
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(new Uint8Array(bytes).buffer)
    const cells: { [address: string]: CellValue | undefined } = {}
    workbook.worksheets[0]?.eachRow((row) => {
      row.eachCell((cell) => {
        cells[cell.address] = plain(cell.type === ExcelJS.ValueType.Formula ? cell.result : cell.value)
      })
    })
    return cells
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function plain(value: ExcelJS.CellValue | undefined): CellValue | undefined {
  if (typeof value !== "object" || value === null || value instanceof Date) return value
  if ("richText" in value) return value.richText.map(({ text }) => text).join("")
  if ("hyperlink" in value) return value.text
  return "error" in value ? new CellError(value.error) : undefined
}

const text = fc
  .array(fc.constantFrom("a", "Z", "0", " ", "ü", "日", "😀", "&", "<", ">", '"', "'", "\n", "\t", "=", "-", "x"), {
    minLength: 1,
    maxLength: 30,
  })
  .map((characters) => characters.join(""))
/** Numbers whose digits may be those of an id or an amount are text for us (see `losesDigits`). */
const mayBeExact = (value: number) => Math.abs(value) >= 1e12 && Math.abs(value) < 1e21
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0) && !mayBeExact(value)),
  fc.integer(),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100),
)
const date = fc.date({ min: new Date("1901-01-01Z"), max: new Date("2200-01-01Z"), noInvalidDate: true })
const error = fc.constantFrom("#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#VALUE!", "#NUM!")
const cell = fc.oneof<fc.Arbitrary<ExcelJS.CellValue>[]>(
  fc.constant(null),
  text,
  number,
  date,
  fc.boolean(),
  error.map((code): ExcelJS.CellValue => ({ error: code }) as ExcelJS.CellErrorValue),
  fc
    .array(text, { minLength: 1, maxLength: 3 })
    .map((runs): ExcelJS.CellValue => ({ richText: runs.map((run, at) => ({ text: run, font: { bold: at % 2 === 0 } })) })),
  fc.oneof(number, text, fc.boolean(), date).map((result): ExcelJS.CellValue => ({ formula: "A1", result })),
  text.map((shown): ExcelJS.CellValue => ({ text: shown, hyperlink: "https://example.com/" })),
)

describe("compared with exceljs", () => {
  test("both read the same from workbooks that exceljs writes", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { maxLength: 6 }), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (rows, useSharedStrings) => {
          const workbook = new ExcelJS.Workbook()
          const sheet = workbook.addWorksheet("Data")
          for (const row of rows) sheet.addRow(row)
          const bytes = Buffer.from(await workbook.xlsx.writeBuffer({ useSharedStrings } as Partial<ExcelJS.XlsxWriteOptions>))
          expect(await readCells(bytes)).toEqual(await peerCells(bytes))
        },
      ),
      { numRuns: 60, seed: 42 },
    )
  })
})

interface PeerDifference {
  readonly name: string
  readonly workbook: Buffer
  readonly peer: { readonly [address: string]: unknown } | RegExp
  readonly ours: { readonly [address: string]: unknown } | string
}

const cells = (inner: string) => `<row r="1">${inner}</row>`
const sketched = (sketch: WorkbookSketch) => workbookBytes(sketch)
const changed = (change: (part: ZipPart) => Partial<ZipPart>) =>
  zipBytes(workbookParts({ rows: cells('<c r="A1"><v>1</v></c>') }).map((part) => ({ ...part, ...change(part) })))
const isSheet = ({ name }: ZipPart) => name === "xl/worksheets/sheet1.xml"
const prefixed = (xml: string) => xml.replaceAll(/<(\/?)(?!\?)/g, "<$1x:").replace("xmlns=", "xmlns:x=")

/** Workbooks that exceljs 4.4 reads differently than Excel shows them. Both results are tested, so the list stays correct. */
const differences: PeerDifference[] = [
  {
    name: "reads serials below 60 one day too early",
    workbook: sketched({ formats: [14], rows: cells('<c r="A1" s="1"><v>1</v></c><c r="B1" s="1"><v>59</v></c>') }),
    peer: { A1: new Date("1899-12-31Z"), B1: new Date("1900-02-27Z") },
    ours: { A1: new Date("1900-01-01Z"), B1: new Date("1900-02-28Z") },
  },
  {
    name: "reads serial 60, which is not a day, as 28 February 1900",
    workbook: sketched({ formats: [14], rows: cells('<c r="A1" s="1"><v>60</v></c>') }),
    peer: { A1: new Date("1900-02-28Z") },
    ours: { A1: 60 },
  },
  {
    name: "reads elapsed time as a date",
    workbook: sketched({ formats: ["[h]:mm"], rows: cells('<c r="A1" s="1"><v>1.5</v></c>') }),
    peer: { A1: new Date("1899-12-31T12:00Z") },
    ours: { A1: expect.objectContaining({ ms: 129_600_000 }) },
  },
  {
    name: "takes an escaped letter in a format for part of a date",
    workbook: sketched({ formats: ["0\\d"], rows: cells('<c r="A1" s="1"><v>45000</v></c>') }),
    peer: { A1: new Date("2023-03-15Z") },
    ours: { A1: 45_000 },
  },
  {
    name: "loses an empty text as the result of a formula",
    workbook: sketched({ rows: cells('<c r="A1" t="str"><f>""</f><v></v></c>') }),
    peer: { A1: undefined },
    ours: { A1: "" },
  },
  {
    name: "leaves escapes in the results of formulas",
    workbook: sketched({ rows: cells('<c r="A1" t="str"><f>B1</f><v>_x0041_</v></c>') }),
    peer: { A1: "_x0041_" },
    ours: { A1: "A" },
  },
  {
    name: "reads an ISO date as its year",
    workbook: sketched({ rows: cells('<c r="A1" t="d"><v>2024-01-31</v></c>') }),
    peer: { A1: 2024 },
    ours: { A1: new Date("2024-01-31Z") },
  },
  {
    name: "loses CDATA",
    workbook: sketched({ strings: ["<t><![CDATA[a]]></t>"], rows: cells('<c r="A1" t="s"><v>0</v></c>') }),
    peer: { A1: "" },
    ours: { A1: "a" },
  },
  {
    name: "requires addresses on rows and cells",
    workbook: sketched({ rows: "<row><c><v>1</v></c></row>" }),
    peer: /row number/,
    ours: { A1: 1 },
  },
  {
    name: "does not support namespace prefixes",
    workbook: changed((part) =>
      part.name.startsWith("xl/") && String(part.content).includes(mainNamespace) ? { content: prefixed(String(part.content)) } : {},
    ),
    peer: /undefined/,
    ours: { A1: 1 },
  },
  {
    name: "finds sheets only by their usual names",
    workbook: changed((part) =>
      isSheet(part)
        ? { name: "xl/worksheets/data.xml" }
        : { content: String(part.content).replace("worksheets/sheet1.xml", "worksheets/data.xml") },
    ),
    peer: {},
    ours: { A1: 1 },
  },
  {
    name: "does not verify checksums",
    workbook: changed((part) => (isSheet(part) ? { crc: 1 } : {})),
    peer: { A1: 1 },
    ours: "FILE_CORRUPT",
  },
]

describe("exceljs, unlike rowgate,", () => {
  test.each(differences)("$name", async ({ workbook, peer, ours }) => {
    const read = await readCells(workbook).catch((thrown: { code: string }) => thrown.code)
    const peerRead = await peerCells(workbook)
    expect(read).toEqual(ours)
    if (peer instanceof RegExp) expect(peerRead).toMatch(peer)
    else expect(peerRead).toEqual(peer)
  })
})
