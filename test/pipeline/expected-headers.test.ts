import { expect, test } from "vitest"
import { z } from "zod"
import { bytes, compose, createPipeline, memory, type Pipeline, stage } from "../../src/index.ts"
import { xlsx } from "../../src/xlsx.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const schema = z.object({ code: z.string(), place: z.string() })

async function load(text: string, headers?: { readonly code: string; readonly place: string }) {
  const start = createPipeline({ name: "places" }).from(bytes(text, { name: "places.csv" }))
  const rows: unknown[] = []
  const pipeline = headers === undefined ? start.validate(schema) : start.normalize({ headers }).validate(schema)
  for await (const batch of pipeline.batches()) for (const row of batch.rows) rows.push({ ...row })
  return rows
}

const expected = [
  { code: "AB-1", place: "Oslo" },
  { code: "CD-2", place: "Rome" },
]

test("names that the schema has tell which record is the header, below titles that look like one", async () => {
  expect(await load("List,Draft\nOwner,Ann\nCode,Place\nAB-1,Oslo\nCD-2,Rome\n")).toEqual(expected)
})

test("aliases do so too", async () => {
  const headers = { code: "Ref A", place: "Town" }
  expect(await load("List,Draft\nOwner,Ann\nRef A,Town\nAB-1,Oslo\nCD-2,Rome\n", headers)).toEqual(expected)
  expect(await load("Ref A=Town\nAB-1=Oslo\nCD-2=Rome\n", headers)).toEqual(expected)
})

test("names that the schema has tell which delimiter separates the columns", async () => {
  expect(await load("code place\nAB-1 Oslo\nCD-2 Rome\n")).toEqual(expected)
  expect(await load("code=place\nAB-1=Oslo\nCD-2=Rome\n")).toEqual(expected)
})

// biome-ignore lint/suspicious/noExplicitAny: pipelines of any rows
async function rowsOf(pipeline: Pipeline<any>) {
  const rows: unknown[] = []
  for await (const batch of pipeline.batches()) for (const row of batch.rows) rows.push({ ...row })
  return rows
}

test("names count wherever they are: in composed stages, behind a filter, and behind a stage that adds a column", async () => {
  const titled = "List,Draft\nOwner,Ann\nCode,Place\nAB-1,Oslo\nCD-2,Rome\n"
  const aliased = titled.replace("Code,Place", "Ref A,Town")
  const from = (text: string) => createPipeline({ name: "places" }).from(bytes(text, { name: "places.csv" }))
  const headers = { code: "Ref A", place: "Town" }
  const kept = stage.filter<{ code?: unknown }>(() => true)
  const pipelines = [
    from(titled).pipe(compose(kept, stage.validate(schema))),
    from(titled)
      .pipe(compose(compose(kept, kept), kept))
      .validate(schema),
    from(titled)
      .computed("length", () => 1)
      .validate(schema),
    from(aliased).pipe(compose(stage.normalize<unknown, keyof typeof headers>({ headers }), stage.validate(schema))),
    from(aliased)
      .pipe(compose(compose(stage.normalize<unknown, keyof typeof headers>({ headers }), kept), kept))
      .validate(schema),
  ]
  for (const pipeline of pipelines) expect(await rowsOf(pipeline as never)).toEqual(expected)
})

test("names behind a schema do not count, because later stages may have made their columns", async () => {
  const pipeline = createPipeline({ name: "places" })
    .from(bytes("Owner,Ann\nCode,Place\nAB-1,Oslo\n", { name: "places.csv" }))
    .validate(z.looseObject({ owner: z.string() }))
    .pipe(stage.validate(schema.partial()) as never)
  expect(await rowsOf(pipeline)).toHaveLength(2)
})

const sheetOf = (name: string, ...rows: readonly (readonly string[])[]) => ({
  name,
  rows: rows
    .map(
      (cells, row) =>
        `<row r="${row + 1}">${cells.map((cell, at) => `<c r="${"AB"[at]}${row + 1}" t="inlineStr"><is><t>${cell}</t></is></c>`).join("")}</row>`,
    )
    .join(""),
})
const workbook = workbookBytes({
  sheets: [
    sheetOf("Staff", ["Owner", "Desk"], ["Ann", "a"], ["Ben", "b"]),
    sheetOf("Places", ["List", "Draft"], ["Owner", "Ann"], ["Code", "Place"], ["AB-1", "Oslo"], ["CD-2", "Rome"]),
  ],
})

test("names tell the sheet of a workbook and its header, and the sheet is then the one that is read without a choice", async () => {
  const read = async (sheet?: string) => {
    const start = createPipeline({ name: "places" }).from(bytes(workbook, { name: "places.xlsx" }))
    const target = memory<object>()
    const { deliveries } = await start.parse(xlsx({ sheet })).validate(schema.partial()).into(target).run()
    return { rows: [...target.rows], sourceTable: deliveries[0]?.sourceTable }
  }
  expect(await read()).toEqual({ rows: expected, sourceTable: undefined })
  expect(await read("Places")).toEqual({ rows: expected, sourceTable: undefined })
  expect(await read("Staff")).toEqual({ rows: [{}, {}], sourceTable: "Staff" })
})
