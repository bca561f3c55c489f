import { expect, test } from "vitest"
import { z } from "zod"
import type { Sink } from "../../src/contract/sink.ts"
import { cell } from "../../src/index.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { memory } from "../../src/sinks/memory.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { runWithoutContract } from "./run-without-contract.ts"

const towns = ["Birmingham", "Oakland", "Denver", "Tampa", "Austin"]

/** A table of towns with a count and a day; `wrong` replaces cells by the row from 0 and the column from 0. */
function table(rows: number, wrong: readonly (readonly [row: number, column: number, text: string])[] = []): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const day = new Date(Date.UTC(2024, 0, 1 + ((row * 37) % 300))).toISOString().slice(0, 10)
    return [towns[(row * 7) % towns.length] ?? "", String(20 + ((row * 13) % 60)), day]
  })
  for (const [row, column, text] of wrong) (lines[row] as string[])[column] = text
  return `town,count,day\n${lines.map((line) => line.join(",")).join("\n")}\n`
}

const wrong = [
  [5, 0, "Birmingxam"],
  [9, 0, "Denvre"],
  [11, 1, "n/a"],
] as const
const suspectsIn = ({ notices }: { readonly notices: readonly { readonly code: string }[] }) =>
  notices.filter(({ code }) => code === "column.suspect")

test("a run without a contract reports cells that are probably wrong, one notice for each column and reason", async () => {
  const report = await runWithoutContract(table(200, wrong))
  expect(suspectsIn(report)).toEqual([
    {
      code: "column.suspect",
      column: "town",
      row: 7,
      message: '2 cells of "town" are probably typos, such as "Birmingxam", perhaps "Birmingham".',
      quotes: ['"Birmingxam"', '"Birmingham"'],
    },
    {
      code: "column.suspect",
      column: "count",
      row: 13,
      message: '1 cell of "count" may stand for no value: "n/a".',
      quotes: ['"n/a"'],
    },
  ])
  expect(report.score?.suspected).toEqual({ rows: 200, cells: 3, points: expect.closeTo(0.242, 3) })
  expect(JSON.parse(JSON.stringify(report)).score.suspected).toEqual(report.score?.suspected)
})

test("suspect cells cost points that the lost points explain, and leave the dimensions as they are", async () => {
  const clean = (await runWithoutContract(table(200))).score
  const dirty = (await runWithoutContract(table(200, wrong))).score
  expect(clean).toMatchObject({ overall: 100, suspected: { rows: 200, cells: 0, points: 0 }, lost: [] })
  expect(dirty?.overall).toBeLessThan(100)
  expect(dirty?.dimensions.validity).toEqual(clean?.dimensions.validity)
  expect(dirty?.dimensions.accuracy).toBeUndefined()
  expect(dirty?.lost.map(({ rule, column, dimension, rows }) => [rule, column, dimension, rows])).toEqual([
    ["suspect.typo", "town", "accuracy", 2],
    ["suspect.null", "count", "completeness", 1],
  ])
  expect(dirty?.lost.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(100 - (dirty?.overall ?? 0), 9)
})

test("a clean file has no notice, and neither has a file of fewer than 20 rows", async () => {
  expect(suspectsIn(await runWithoutContract(table(500)))).toEqual([])
  const few = await runWithoutContract(table(12, wrong))
  expect(suspectsIn(few)).toEqual([])
  expect(few.score).not.toHaveProperty("suspected")
})

test("with a contract, nothing is searched", async () => {
  const schema = z.object({ town: z.string(), count: z.string(), day: z.string() })
  const report = await createPipeline({ name: "t" })
    .from(bytes(table(200, wrong)))
    .validate(schema)
    .into(memory())
    .run()
  const [delivery] = report.deliveries
  expect(delivery && suspectsIn(delivery)).toEqual([])
  expect(delivery?.score).not.toHaveProperty("suspected")
})

test("a pipeline without any rules is searched too", async () => {
  const report = await createPipeline({ name: "t" })
    .from(bytes(table(200, wrong)))
    .into(memory())
    .run()
  expect(report.deliveries[0]?.score).toMatchObject({ provisional: true, suspected: { rows: 200, cells: 3 } })
})

test("a cell that was rejected is not suspect too", async () => {
  const source = bytes(table(400, [[7, 1, "many"]]))
  const pipeline = createPipeline({ name: "t" })
    .from(source)
    .normalize({ columns: { count: cell.integer() } })
    .score({ provisional: true })
  const [delivery] = (await pipeline.into(memory()).run()).deliveries
  expect(delivery).toMatchObject({ rejected: 1, score: { suspected: { cells: 0, points: 0 } } })
  expect(delivery && suspectsIn(delivery)).toEqual([])
})

test("a text that stands for no value costs completeness once, if the column should be filled", async () => {
  const overallOf = async (expected: readonly ["count"] | readonly []) => {
    const columns = { count: cell.withNulls(cell.integer(), ["n/a"]) }
    const pipeline = createPipeline({ name: "t" })
      .from(bytes(table(400, [[7, 1, "n/a"]])))
      .normalize({ columns })
      .score({ expected, provisional: true })
    return (await pipeline.into(memory()).run()).deliveries[0]?.score
  }
  expect(await overallOf(["count"])).toMatchObject({ suspected: { cells: 0 }, lost: [{ rule: "expected.count", rows: 1 }] })
  expect(await overallOf([])).toMatchObject({ suspected: { cells: 1 }, lost: [{ rule: "suspect.null", rows: 1 }] })
})

test("a large file is judged by a sample of its rows, which is the same for each run and whatever the batches are", async () => {
  const rows = 30_000
  const csvText = table(
    rows,
    Array.from({ length: 900 }, (_, at) => [at * 33, 0, `${towns[at % 5]?.slice(0, 3)}x${towns[at % 5]?.slice(4)}`] as const),
  )
  const runs = await Promise.all(
    [undefined, 100, 777].map(async (batchRows) => {
      const options = batchRows === undefined ? {} : { batchRows }
      const source = bytes(csvText)
      const report = await createPipeline({ name: "t", ...options })
        .from(source)
        .parse(csv())
        .into(memory())
        .run()
      const [delivery] = report.deliveries
      return { suspected: delivery?.score?.suspected, overall: delivery?.score?.overall, notices: delivery?.notices }
    }),
  )
  const [first] = runs
  expect(first?.suspected?.rows).toBeGreaterThan(4000)
  expect(first?.suspected?.rows).toBeLessThanOrEqual(8192)
  expect((first?.suspected?.cells ?? 0) / (first?.suspected?.rows ?? 1)).toBeCloseTo(900 / rows, 2)
  expect(first?.notices?.[0]?.message).toMatch(/such as "\w+", perhaps "\w+"\. rowgate searched a sample of [\d,]+ of 30,000 rows\.$/)
  for (const run of runs) expect(run).toEqual(first)
})

test("cells of a column that a sink hides are counted and not shown", async () => {
  const target: Sink<unknown> = { ...memory(), hides: (column) => column === "town" }
  const report = await createPipeline({ name: "t" })
    .from(bytes(table(200, wrong)))
    .into(target)
    .run()
  const [delivery] = report.deliveries
  expect(delivery && suspectsIn(delivery)[0]).toEqual({
    code: "column.suspect",
    column: "town",
    row: 7,
    message: '2 cells of "town" are probably typos.',
  })
  expect(JSON.stringify(delivery?.notices)).not.toMatch(/Birmingxam|Birmingham/)
})

test("rows that repeat others are reported by their position, without a cell", async () => {
  const lines = table(200).trimEnd().split("\n")
  const people = lines.map((line, at) => (at === 0 ? `id,desk,${line}` : `A-${1000 + at},desk ${at % 11},${line}`))
  const report = await runWithoutContract(`${[...people, ...people.slice(5, 8)].join("\n")}\n`)
  expect(suspectsIn(report)).toEqual([
    { code: "column.suspect", column: "id", row: 202, message: '3 cells of "id" are in rows that repeat others.' },
  ])
  expect(report.score?.lost).toMatchObject([{ rule: "suspect.duplicate", dimension: "uniqueness", rows: 3 }])
})
