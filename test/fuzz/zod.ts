import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import type { z } from "zod"
import type { Parser } from "../../src/contract/parser.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { xlsx } from "../../src/parsers/xlsx/xlsx.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
import { expectedOfUnion, expectedVerdict, messagesOf, schemaOf, type Verdict } from "../validate/zod-oracle.ts"
import { textCells } from "../validate/zod-properties.ts"
import { lacksColumn, textProperty, type ZodTable, type ZodUnion, zodTables, zodUnions } from "../validate/zod-tables.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

/** How a format writes rows, and what its cells can hold. */
interface Format {
  readonly tables: fc.Arbitrary<ZodTable>
  readonly unions: fc.Arbitrary<ZodUnion>
  readonly parser: Parser
  write(names: readonly string[], rows: ZodTable["rows"]): string | Buffer
}

/** Keys of an object are columns of their own if no object of a union declares it, so rows of unions have lists only. */
function tablesOf(cells: fc.Arbitrary<unknown>): Pick<Format, "tables" | "unions"> {
  const isObject = (cell: unknown) => typeof cell === "object" && cell !== null && !Array.isArray(cell)
  return { tables: zodTables(cells), unions: zodUnions(cells.filter((cell) => !isObject(cell))) }
}

const numbers = fc.constantFrom(0, 1, 3, 13, 2.5, -1, 99)
const blankTexts = fc.constantFrom("", " ", "\t ")
const nested = fc.constantFrom<unknown>([], ["x"], ["x", 2], {}, { x: 1 }, { x: 0, y: "q" }, { x: "q" }, [{ x: 1, z: 2 }], [{ x: "q" }])

const formats: { readonly [name: string]: Format } = {
  csv: {
    ...tablesOf(fc.oneof({ arbitrary: textCells, weight: 9 }, blankTexts)),
    parser: csv({ delimiter: ",", quote: '"', header: true, headerRows: 1, encoding: "utf-8", footer: "keep" }),
    write: (names, rows) => [names, ...rows.map((row) => names.map((name) => row[name]))].map(csvLine).join("\n"),
  },
  ndjson: {
    ...tablesOf(fc.oneof({ arbitrary: textCells, weight: 6 }, blankTexts, numbers, fc.boolean(), nested)),
    parser: ndjson(),
    write: (names, rows) =>
      rows.map((row) => JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null])))).join("\n"),
  },
  xlsx: {
    ...tablesOf(fc.oneof({ arbitrary: textCells, weight: 6 }, blankTexts, numbers, fc.boolean())),
    parser: xlsx({ header: 1, footer: "keep" }),
    write: (names, rows) =>
      workbookBytes({ rows: [names, ...rows.map((row) => names.map((name) => row[name] ?? null))].map(sheetRow).join("") }),
  },
}

/** Validates a generated file of csv, JSON lines or a workbook by a generated schema of zod, and compares every row with zod itself. */
export async function tryZod(random: Random): Promise<FuzzResult> {
  const [name, format] = random.pick(Object.entries(formats))
  const sample = { numRuns: 1, seed: random.below(2 ** 31) }
  if (random.chance(0.25)) return await tryUnion(name, format, first(fc.sample(format.unions, sample)))
  return await tryObject(name, format, first(fc.sample(format.tables, sample)))
}

function first<T>([made]: readonly T[]): T {
  if (made === undefined) throw new Error("nothing was made")
  return made
}

async function tryObject(outcome: string, format: Format, table: ZodTable): Promise<FuzzResult> {
  const { rows, label } = table
  const sketch = { ...table.sketch, properties: { n: textProperty, ...table.sketch.properties } }
  const names = Object.keys(table.sketch.properties).filter((column) => rows.some((row) => Object.hasOwn(row, column)))
  const numbered = rows.map(numberedRow)
  const found = await verdicts(schemaOf(sketch), format, format.write(["n", ...names], numbered))
  if (lacksColumn(table)) {
    const failure = found === "COLUMN_MISSING" ? undefined : `${label}: a column is missing, but the outcome is ${show(found)}`
    return { outcome: `${outcome} lacking`, failure }
  }
  const expected: Verdict[] = []
  for (const row of numbered) expected.push(await expectedVerdict(sketch, withoutBlanks(row), {}))
  const same = typeof found !== "string" && isDeepStrictEqual(plain(found, sketch.form.catches), plain(expected, sketch.form.catches))
  return { outcome, failure: same ? undefined : `${label}: ${show(rows)} gives ${show(found)}, but zod says ${show(expected)}` }
}

async function tryUnion(name: string, format: Format, { label, schema, variants, discriminated, rows }: ZodUnion): Promise<FuzzResult> {
  const outcome = `${name} union`
  const numbered = rows.map(numberedRow)
  const names = Object.keys(numbered[0] ?? {})
  const found = await verdicts(schema, format, format.write(names, numbered))
  const expected: Verdict[] = []
  for (const row of numbered) expected.push(await expectedOfUnion(variants, withoutBlanks(row), discriminated))
  // If several objects refuse a row, or none is named, the union has one message of its own.
  const compared = (given: readonly Verdict[]) =>
    given.map((verdict, row) => (Array.isArray(verdict) && show(expected[row]) === "[]" ? [] : verdict))
  const same = typeof found !== "string" && isDeepStrictEqual(plain(compared(found), true), plain(expected, true))
  return { outcome, failure: same ? undefined : `${label}: ${show(rows)} gives ${show(found)}, but zod says ${show(expected)}` }
}

/** The number of a row keeps rows of empty cells in the file, and rows of text from looking like the header of another table. */
function numberedRow(row: { readonly [name: string]: unknown }, at: number): { readonly [name: string]: unknown } {
  return { n: at + 1, ...row }
}

/** Every row of the file, or the messages of its issues; the code of an error that stops the delivery. */
async function verdicts(schema: z.ZodType, { parser }: Format, content: string | Buffer): Promise<readonly Verdict[] | string> {
  const pipeline = createPipeline({ name: "fuzz" })
    .from(bytes(content))
    .parse(parser)
    .validate(schema as z.ZodType<object>)
  const found: Verdict[] = []
  try {
    for await (const batch of pipeline.batches())
      for (let row = 0; row < batch.length; row++)
        found.push(batch.selection.has(row) ? (batch.rows.at(row) as object) : messagesOf(batch.issues.of(row)))
    return found
  } catch (error) {
    if (error instanceof RowgateError) return error.code
    throw error
  }
}

/** Cells of white space are empty in every format. */
function withoutBlanks(row: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, typeof cell === "string" && cell.trim() === "" ? null : cell]))
}

/** In a form that can be compared: columns cannot tell `undefined` from a key that is missing, or from null if other rows have it. */
function plain(given: readonly Verdict[], mixed: boolean): unknown {
  return given.map((verdict) =>
    Array.isArray(verdict)
      ? verdict
      : Object.fromEntries(Object.entries(verdict).filter(([, value]) => value !== undefined && !(mixed && value === null))),
  )
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}

function csvLine(cells: readonly unknown[]): string {
  return cells.map((cell) => (cell === null || cell === undefined ? "" : `"${String(cell).replaceAll('"', '""')}"`)).join(",")
}

function sheetRow(cells: readonly unknown[], at: number): string {
  const written = cells.map((cell, column) => {
    const place = `r="${String.fromCharCode(65 + column)}${at + 1}"`
    if (cell === null) return ""
    if (typeof cell === "number") return `<c ${place}><v>${cell}</v></c>`
    if (typeof cell === "boolean") return `<c ${place} t="b"><v>${cell ? 1 : 0}</v></c>`
    const text = String(cell).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
  })
  return `<row r="${at + 1}">${written.join("")}</row>`
}
