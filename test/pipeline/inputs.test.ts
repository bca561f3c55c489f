import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pathToFileURL } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, compose, createPipeline, csv, file, listTables, memory, readTables, type SourceInput, stage } from "../../src/index.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const text = "id,name\n1,Ann\n2,Bob\n"
const content = Buffer.from(text)
const Person = z.object({ id: z.number(), name: z.string() })
const people = createPipeline({ name: "people" }).validate(Person)

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-inputs-"))
  path = join(folder, "people.csv")
  await writeFile(path, text)
})
afterAll(() => rm(folder, { recursive: true }))

/** Yields bytes in small pieces, and then the last item. */
function webStream(last: (controller: ReadableStreamDefaultController<Uint8Array>) => void = (controller) => controller.close()) {
  const pieces = [content.subarray(0, 5), content.subarray(5)].map((piece) => new Uint8Array(piece))
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift()
      if (piece === undefined) last(controller)
      else controller.enqueue(piece)
    },
  })
}

const inputs: readonly (readonly [string, () => SourceInput, string])[] = [
  ["a path", () => path, "file:"],
  ["a URL", () => pathToFileURL(path), "file:"],
  ["a source", () => bytes(content, { name: "b" }), "b"],
  ["bytes", () => content, "bytes"],
  ["a blob", () => new Blob([content]), "blob"],
  ["a file of a form", () => new File([content], "upload.csv"), "upload.csv"],
  ["a stream of Node", () => Readable.from([content.subarray(0, 3), content.subarray(3)]), "stream"],
  ["a stream of texts", () => Readable.from([text.slice(0, 3), text.slice(3)]), "stream"],
  ["a web stream", () => webStream(), "stream"],
]

describe.each(inputs)("%s", (_name, input, uri) => {
  test("can be another file for a definition, and for a run", async () => {
    const [one, other] = [memory<z.infer<typeof Person>>(), memory<z.infer<typeof Person>>()]
    const definition = createPipeline({ name: "people" }).from(input()).validate(Person).into(one)
    const reports = [await definition.run(), await people.into(other).run({ source: input() })]
    expect(one.rows).toEqual([
      { id: 1, name: "Ann" },
      { id: 2, name: "Bob" },
    ])
    expect(other.rows).toEqual(one.rows)
    const [first, second] = reports.map(({ deliveries }) => deliveries[0])
    expect(first?.uri.startsWith(uri)).toBe(true)
    expect(second).toMatchObject({ uri: first?.uri, sha256: first?.sha256 })
  })

  test("is planned and then run by one definition", async () => {
    const definition = createPipeline({ name: "people" }).from(input(), { name: "called so" }).validate(Person).into(memory())
    expect(await definition.plan()).toMatchObject({ read: 2, withheld: 2 })
    expect(await definition.run()).toMatchObject({ read: 2, loaded: 2 })
  })

  test("is read without a pipeline", async () => {
    const rows = []
    for await (const table of readTables(input())) for await (const row of table.rows()) rows.push(row)
    expect(rows).toEqual([
      { id: "1", name: "Ann" },
      { id: "2", name: "Bob" },
    ])
    for await (const { format } of listTables(input())) expect(format).toBe("csv")
  })
})

test.each([
  ["a path", () => path],
  ["bytes", () => content],
  ["a blob", () => new Blob([content])],
  ["a file of a form", () => new File([content], "upload.csv")],
  ["a stream", () => webStream()],
] as const)("%s is called what from({ name }) calls it", async (_name, input) => {
  const report = await createPipeline({ name: "people" }).from(input(), { name: "orders.csv" }).validate(Person).into(memory()).run()
  expect(report.deliveries[0]?.uri).toBe("orders.csv")
})

test("a file on disk can be given another name, which its errors use too", async () => {
  const named = createPipeline({ name: "people" }).from(file(path, { name: "orders.csv" }))
  expect((await named.into(memory()).run()).deliveries[0]?.uri).toBe("orders.csv")
  const lost = people.into(memory()).run({ source: file(join(folder, "none.csv"), { name: "orders.csv" }) })
  await expect(lost).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND", origin: { uri: "orders.csv" } })
})

test("a workbook can be a stream or an upload, although it is read from its end", async () => {
  const workbook = workbookBytes({ rows: '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>' })
  for (const source of [Readable.from([workbook]), new Blob([new Uint8Array(workbook)])])
    for await (const table of readTables(source, { header: false })) expect(table.name).toBe("Sheet1")
})

describe("a stream", () => {
  test("that is longer than maxBytes is refused and closed", async () => {
    const stream = Readable.from([content, content])
    const run = createPipeline({ name: "people" }).from(stream, { name: "up", maxBytes: 30 }).into(memory()).run()
    await expect(run).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: "The stream up has 40 bytes or more; the limit is 30 (maxBytes).",
    })
    expect(stream.destroyed).toBe(true)
  })

  test("that fails stops the run and says where it failed, and so does every later run", async () => {
    const failing = webStream((controller) => controller.error(new Error("gone")))
    const definition = createPipeline({ name: "people" }).from(failing, { name: "up" }).into(memory())
    for (let time = 0; time < 2; time++)
      await expect(definition.run()).rejects.toMatchObject({ code: "SOURCE_UNREADABLE", origin: { uri: "up", offset: content.length } })
  })

  test.each([
    ["of Node", () => new Readable({ read: () => undefined })],
    ["of the web", () => webStream(() => {})],
  ] as const)("%s that gives nothing more does not hold up a run that is aborted", async (_name, make) => {
    const aborter = new AbortController()
    const run = createPipeline({ name: "people" }).from(make()).into(memory()).run({ signal: aborter.signal })
    setTimeout(() => aborter.abort(), 20)
    await expect(run).rejects.toMatchObject({ code: "ABORTED" })
  })
})

describe("a definition", () => {
  test("without a source runs on the source of each run, and fails if there is none", async () => {
    const load = people.into(memory())
    for (const use of [load.run(), load.plan(), people.rows().next()])
      await expect(use).rejects.toMatchObject({
        code: "PIPELINE_INVALID",
        message: "The pipeline people has no source.",
        remedy: "Call .from(...) in the definition, or pass run({ source }).",
      })
    expect(await load.run({ source: content })).toMatchObject({ loaded: 2 })
    const rows = []
    for await (const row of people.rows({ source: content })) rows.push(row.name)
    expect(rows).toEqual(["Ann", "Bob"])
  })

  test("without a source may name its parser", async () => {
    const load = createPipeline({ name: "people" })
      .parse(csv({ delimiter: ";" }))
      .into(memory())
    expect((await load.run({ source: Buffer.from("a;b\n1,5;2\n") })).loaded).toBe(1)
  })

  test("without a target cannot be run, in JavaScript either", () => {
    const { run } = people as unknown as { run: () => unknown }
    expect(run).toThrow("The pipeline people has no target.")
  })

  test("refuses a value that is not a source", () => {
    for (const input of [17, null, undefined, {}])
      expect(() => createPipeline({ name: "x" }).from(input as never)).toThrow(expect.objectContaining({ code: "PIPELINE_INVALID" }))
  })

  test("normalizes before everything else, however the stage is added", async () => {
    const normalize = stage.normalize({ columns: {} })
    const late = { code: "PIPELINE_INVALID", remedy: "Put normalize before all other stages." }
    const middle = compose(normalize, stage.validate(Person))
    expect(() => people.pipe(normalize as never)).toThrow(expect.objectContaining(late))
    expect(() => people.pipe(middle)).toThrow(expect.objectContaining(late))
    expect(() => compose(stage.validate(Person), normalize)).toThrow(expect.objectContaining(late))
    const first = createPipeline({ name: "people" }).from(content).pipe(middle).into(memory())
    expect(await first.run()).toMatchObject({ loaded: 2 })
  })

  test("filters, maps and adds columns by methods as it does by stages", async () => {
    const rows = [{ n: 1 }, { n: 2 }]
    const methods = createPipeline({ name: "n" })
      .fromRows(rows)
      .filter(({ n }) => n > 1)
      .computed("square", ({ n }) => n * n)
      .constant("unit", "m")
      .map(({ square, unit }) => ({ label: `${square} ${unit}` }))
    const stages = createPipeline({ name: "n" })
      .fromRows(rows)
      .pipe(stage.filter(({ n }) => n > 1))
      .pipe(stage.computed("square", ({ n }) => n * n))
      .pipe(stage.constant("unit", "m"))
      .pipe(stage.map(({ square, unit }) => ({ label: `${square} ${unit}` })))
    for (const pipeline of [methods, stages]) {
      const found = []
      for await (const row of pipeline.rows()) found.push(row)
      expect(found).toEqual([{ label: "4 m" }])
    }
  })
})
