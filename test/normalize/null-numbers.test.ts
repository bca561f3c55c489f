import { expect, test } from "vitest"
import { z } from "zod"
import { cell, createPipeline } from "../../src/index.ts"
import { bytes } from "../../src/sources/bytes.ts"

const rows = [
  { uid: -1, heat: -1, note: "n/a" },
  { uid: 523, heat: 99.5, note: -1 },
  { uid: null, heat: 0, note: "x" },
]
const formats = [
  ["csv", "uid,heat,note\n-1,-1,n/a\n523,99.5,-1\n,0,x\n"],
  ["numbers of JSON", rows.map((row) => JSON.stringify(row)).join("\n")],
] as const

async function rowsOf(from: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const row of from) all.push(row)
  return all
}

test.each(formats)("a null text that is a number stands for no value in one column of %s", async (_name, text) => {
  const pipeline = createPipeline({ name: "heat" })
    .from(bytes(text))
    .normalize({ columns: { uid: cell.withNulls(cell.integer(), ["-1", "0"]), heat: cell.number() } })
  const issues: unknown[] = []
  for await (const batch of pipeline.batches()) for (const { row, issue } of batch.issues) issues.push([row, issue.code, issue.message])
  expect(issues).toEqual([[0, "cell.null", expect.stringMatching(/^("-1"|The number -1) is read as no value\.$/)]])
  expect((await rowsOf(pipeline.rows())).map((row) => Object.values(row as object).slice(0, 2))).toEqual([
    [null, -1],
    [523, 99.5],
    [null, 0],
  ])
})

test.each(formats)("a null text that is a number stands for no value in all columns of %s", async (_name, text) => {
  const Row = z.object({ uid: z.number().nullable(), heat: z.number().nullable(), note: z.string().nullable() })
  const pipeline = createPipeline({ name: "heat" })
    .from(bytes(text))
    .normalize({ nulls: ["-1", "99.5", "1e2"] })
    .validate(Row)
  expect(await rowsOf(pipeline.rows())).toEqual([
    { uid: null, heat: null, note: "n/a" },
    { uid: 523, heat: null, note: null },
    { uid: null, heat: 0, note: "x" },
  ])
})
