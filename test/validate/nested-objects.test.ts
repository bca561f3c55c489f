import { expect, test } from "vitest"
import { z } from "zod"
import type { Reject } from "../../src/model/reject.ts"
import { json as jsonParser } from "../../src/parsers/json/json.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { memory } from "../../src/sinks/memory.ts"
import { bytes } from "../../src/sources/bytes.ts"

const orders = [
  { id: 1, shipTo: { city: "Rome", zip: "00184" }, lines: [{ quantity: 2 }] },
  { id: 2, shipTo: { city: "Oslo", zip: null, geo: { lat: 59.9 } }, lines: [] },
]
const Order = z.object({
  id: z.int(),
  shipTo: z.object({ city: z.string(), zip: z.string().nullable(), geo: z.object({ lat: z.number() }).optional() }),
  lines: z.array(z.object({ quantity: z.number() })),
})
const lines = (rows: readonly unknown[]) => bytes(rows.map((row) => JSON.stringify(row)).join("\n"))

async function rowsOf(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const row of rows) all.push(row)
  return all
}

test("a nested object of the schema takes the nested objects of the records", async () => {
  for (const from of [
    createPipeline({ name: "orders" }).from(lines(orders)).parse(ndjson()),
    createPipeline({ name: "orders" })
      .from(bytes(JSON.stringify({ data: orders })))
      .parse(jsonParser()),
  ]) {
    const sink = memory<z.infer<typeof Order>>()
    const report = await from.validate(Order).into(sink).run()
    expect([report.loaded, report.rejected]).toEqual([2, 0])
    expect(sink.rows).toEqual(orders)
  }
})

test("a nested object that the schema refuses rejects its row with the path of the fault", async () => {
  const pipeline = createPipeline({ name: "orders" })
    .from(
      lines([...orders, { id: 3, shipTo: { city: 7, zip: null }, lines: [] }, { id: 4, shipTo: "Rome", lines: [] }, { id: 5, lines: [] }]),
    )
    .parse(ndjson())
    .validate(Order)
  const rejected: unknown[] = []
  for await (const batch of pipeline.batches()) for (const { row, issue } of batch.issues) rejected.push([row, issue.code, issue.column])
  expect(rejected).toEqual([
    [2, "schema.invalid_type", "shipTo"],
    [3, "schema.invalid_type", "shipTo"],
    [4, "required", "shipTo"],
  ])
})

test("an optional object may be absent, null or without keys", async () => {
  const Row = z.strictObject({ id: z.int(), extra: z.record(z.string(), z.unknown()).optional() })
  const rows = [{ id: 1 }, { id: 2, extra: null }, { id: 3, extra: {} }, { id: 4, extra: { a: { b: [] } } }]
  const pipeline = createPipeline({ name: "rows" }).from(lines(rows)).parse(ndjson()).validate(Row)
  expect(await rowsOf(pipeline.rows())).toEqual([{ id: 1 }, { id: 2 }, { id: 3, extra: {} }, { id: 4, extra: { a: { b: [] } } }])
})

test("the column of the object may be written like a header, and lie within another object", async () => {
  const Row = z.object({ billTo: z.object({ city: z.string() }), "more.deep": z.object({ x: z.number() }) })
  const pipeline = createPipeline({ name: "rows" })
    .from(lines([{ bill_to: { city: "Rome" }, more: { deep: { x: 1 }, other: 2 } }]))
    .parse(ndjson())
    .validate(Row)
  expect(await rowsOf(pipeline.rows())).toEqual([{ billTo: { city: "Rome" }, "more.deep": { x: 1 } }])
})

test("a schema of the keys of nested objects still takes them apart", async () => {
  const Flat = z.object({ id: z.int(), "shipTo.city": z.string(), shipToZip: z.string().nullable() })
  const Beside = z.object({ id: z.int(), shipTo: z.string().optional(), shipToCity: z.string() })
  const pipeline = createPipeline({ name: "orders" }).from(lines(orders)).parse(ndjson()).validate(Flat)
  expect(await rowsOf(pipeline.rows())).toEqual([
    { id: 1, "shipTo.city": "Rome", shipToZip: "00184" },
    { id: 2, "shipTo.city": "Oslo", shipToZip: null },
  ])
  const beside = createPipeline({ name: "orders" }).from(lines(orders)).parse(ndjson()).validate(Beside)
  expect(await rowsOf(beside.rows())).toEqual([
    { id: 1, shipToCity: "Rome" },
    { id: 2, shipToCity: "Oslo" },
  ])
})

test("an object where the schema wants something else is not lost: it cannot be read, or is text", async () => {
  const rows = [{ size: 1, note: "x" }, { size: { cm: 2 }, note: null }, { note: { de: "y" } }, { size: { cm: 3 }, note: ["z"] }]
  const Row = z.object({ size: z.number().nullish(), note: z.string().nullish() })
  for (const size of [1, 1000]) {
    const pipeline = createPipeline({ name: "rows", batchRows: size }).from(lines(rows)).parse(ndjson()).validate(Row)
    const rejects = memory<Reject>()
    const sink = memory<z.infer<typeof Row>>()
    await pipeline.into(sink).rejectsInto(rejects).run()
    expect(sink.rows).toEqual([
      { size: 1, note: "x" },
      { size: null, note: '{"de":"y"}' },
    ])
    expect(rejects.rows.map(({ origin, issues }) => [origin.row, issues.map(({ code, column }) => [code, column])])).toEqual([
      [2, [["number.unreadable", "size"]]],
      [4, [["number.unreadable", "size"]]],
    ])
  }
})
