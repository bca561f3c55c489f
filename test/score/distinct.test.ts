import { expect, test } from "vitest"
import { bytes, cell, createPipeline, type LoadPipeline, memory } from "../../src/index.ts"
import type { Column } from "../../src/model/column.ts"
import { NumberColumn } from "../../src/model/columns/number-column.ts"
import { ValueColumn } from "../../src/model/columns/value-column.ts"
import { countDistinct } from "../../src/score/count-distinct.ts"
import { Tally } from "../../src/score/tally.ts"
import { mergeScorecards, scoreSource } from "../../src/score.ts"

async function distinctOf<T>(pipeline: LoadPipeline<T>, source: ReturnType<typeof bytes>) {
  const report = await pipeline.run({ source })
  return Object.fromEntries((report.deliveries[0]?.score?.columns ?? []).map(({ column, distinct }) => [column, distinct]))
}

const typed = createPipeline({ name: "typed" }).normalize({
  columns: { text: cell.text(), number: cell.number(), day: cell.date(), flag: cell.boolean(), list: cell.json() },
})

const csvOf = (rows: number, row: (at: number) => string, header = "text,number,day,flag,list") =>
  `${header}\n${Array.from({ length: rows }, (_, at) => row(at)).join("\n")}\n`

test("a column has the number of its distinct values, whatever its kind; a column of lists has none", async () => {
  const day = (at: number) => new Date(Date.UTC(2025, 0, 1 + (at % 90))).toISOString().slice(0, 10)
  const text = csvOf(900, (at) => `v${at % 200},${(at % 256) / 4},${day(at)},${at % 2 === 0},"[1,2]"`)
  expect(await distinctOf(typed.into(memory()), bytes(text))).toEqual({ text: 200, number: 256, day: 90, flag: 2, list: null })
})

test("an empty text is a value, and 0 and -0 are one", () => {
  const tally = new Tally()
  const text = new ValueColumn(["", "a", ""])
  const number = new NumberColumn(Float64Array.of(0, -0, 0), 3)
  countDistinct(
    tally,
    new Map<string, Column<unknown>>([
      ["text", text],
      ["number", number],
    ]),
    [],
  )
  expect([tally.column("text").distinct, tally.column("number").distinct]).toEqual([2, 1])
})

test("empty, unreadable and filtered cells are no values", async () => {
  const pipeline = createPipeline({ name: "some" })
    .normalize({ columns: { a: cell.integer(), b: cell.text() } })
    .filter(({ b }) => b !== "drop")
  expect(await distinctOf(pipeline.into(memory()), bytes("a,b\n1,x\n1,\nx,x\n,y\n5,drop\n"))).toEqual({ a: 1, b: 2 })
})

test("above 256 values, the number is an estimate within five standard errors", async () => {
  const numbers = createPipeline({ name: "many" }).normalize({ columns: { text: cell.text(), number: cell.integer(), long: cell.text() } })
  for (const rows of [300, 5000, 60_000]) {
    const text = csvOf(2 * rows, (at) => `c-${at % rows},${at % rows},${"x".repeat(30)}${at % rows}${"y".repeat(30)}`, "text,number,long")
    const found = await distinctOf(numbers.into(memory()), bytes(text))
    for (const column of ["text", "number", "long"]) expect(Math.abs((found[column] ?? 0) / rows - 1)).toBeLessThan(5 * 0.01625)
  }
})

test("the parts of a table have together as many values as the table, to the last one", async () => {
  const pipeline = createPipeline({ name: "parts" })
    .normalize({ columns: { few: cell.text(), many: cell.integer() } })
    .into(memory())
  const rows = Array.from({ length: 4000 }, (_, at) => `v${at % 250},${at % 3000}`)
  const score = async (from: number, to: number, part: number) =>
    await scoreSource(pipeline, { source: bytes(`few,many\n${rows.slice(from, to).join("\n")}\n`), part, asOf: new Date(0) })
  const whole = await mergeScorecards([await score(0, 4000, 0)])
  const parts = await Promise.all([score(0, 100, 0), score(100, 150, 1), score(150, 3900, 2), score(3900, 4000, 3)])
  const merged = await mergeScorecards(JSON.parse(JSON.stringify(parts.toReversed())))
  expect(merged).toEqual(whole)
  expect(whole.columns[0]?.distinct).toBe(250)
})

test("texts count alike as bytes and as strings", async () => {
  const rows = (some: string) => Array.from({ length: 300 }, (_, at) => ({ text: `${some} ${at % 100}` }))
  const pipeline = createPipeline({ name: "json" }).normalize({ columns: { text: cell.text() } })
  const asCsv = `text\n${["Bär", "bear"].flatMap((some) => rows(some).map(({ text }) => text)).join("\n")}\n`
  const asJson = JSON.stringify(["Bär", "bear"].flatMap(rows))
  const [csv, json] = [await distinctOf(pipeline.into(memory()), bytes(asCsv)), await distinctOf(pipeline.into(memory()), bytes(asJson))]
  expect(csv).toEqual({ text: 200 })
  expect(json).toEqual(csv)
})
