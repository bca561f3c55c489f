import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { bytes, cell, check, createPipeline, memory } from "../../src/index.ts"
import { scorecard } from "../../src/score/scorecard.ts"
import { explain } from "../../src/score.ts"
import { judgements, rulesetOf, scored } from "./judgements.ts"

const total = (entries: readonly { readonly points: number }[]) => entries.reduce((sum, { points }) => sum + points, 0)

const orders = createPipeline({ name: "orders" })
  .normalize({ columns: { id: cell.integer(), amount: cell.number(), country: cell.oneOf("DE", "FR") } })
  .check(check.unique("id"))
  .check(({ amount }) => (amount === 13 ? { code: "odd", message: "odd", severity: "warning", confidence: 0.5 } : undefined), {
    name: "odd",
    columns: ["amount"],
    dimension: "accuracy",
  })

async function scoreOf(text: string, pipeline = orders) {
  const report = await pipeline.into(memory()).run({ source: bytes(text), asOf: new Date(0) })
  const [delivery] = report.deliveries
  if (delivery?.score === undefined) throw new Error("The delivery has no score.")
  return { ...delivery, score: delivery.score }
}

describe("an explanation", () => {
  test("splits the lost points by dimension, by column and by rule, and each adds up to what the score lacks", () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const score = scorecard(scored(judged).scorer.tally, rulesetOf(judged), judged.weights)
        const explained = explain({ score })
        const lacks = 100 - (score.overall ?? 100)
        expect(Math.abs((explained?.points ?? -1) - lacks)).toBeLessThan(1e-9)
        for (const entries of [explained?.dimensions, explained?.columns, explained?.rules])
          expect(Math.abs(total(entries ?? []) - lacks)).toBeLessThan(1e-9)
      }),
    )
  })

  test("says which rule to look at first: how many points it costs, and how many rows it frees", async () => {
    const explained = explain(await scoreOf("id,amount,country\n1,1,DE\n1,x,DE\n1,3,DE\n2,13,XX\n3,4,XX\n"))
    expect(explained?.rules.map(({ rule, rejected, frees }) => [rule, rejected, frees])).toEqual([
      ["unique.id", 2, 1],
      ["odd", 0, 0],
      ["read.country", 2, 2],
      ["read.amount", 1, 0],
    ])
    expect(explained?.dimensions[0]?.dimension).toBe("uniqueness")
    expect(explained?.columns.map(({ column }) => column)).toContain("country")
  })

  test("of a delivery without a score does not exist", () => {
    expect(explain({ score: undefined })).toBeUndefined()
  })
})

describe("the results of rules", () => {
  test("are those of all rules, and passed, failed and suspected rows add up to the judged ones", async () => {
    const { score } = await scoreOf("id,amount,country\n1,1,DE\n1,x,DE\n2,13,XX\n")
    expect(score.rules.map(({ rule }) => rule)).toEqual(["row", "read.id", "read.amount", "read.country", "unique.id", "odd"])
    for (const { judged, passed, failed, suspected } of score.rules) expect(passed + failed + suspected).toBe(judged)
    expect(score.rules.at(-1)).toEqual({
      rule: "odd",
      dimension: "accuracy",
      columns: ["amount"],
      judged: 2,
      passed: 1,
      failed: 0,
      suspected: 1,
      rejected: 0,
      rejectedAlone: 0,
    })
  })

  test("tolerate as many broken rows as mostly allows", async () => {
    const pipeline = (mostly: number) =>
      createPipeline({ name: "most" })
        .normalize({ columns: { a: cell.integer() } })
        .check(({ a }) => (a === 0 ? { code: "zero", message: "zero" } : undefined), { name: "positive", columns: ["a"], mostly })
    const outcome = async (mostly: number) => {
      const report = await pipeline(mostly)
        .into(memory())
        .run({ source: bytes("a\n1\n2\n3\n0\n") })
      return [report.deliveries[0]?.outcome, report.deliveries[0]?.reason]
    }
    expect(await outcome(0.75)).toEqual(["loaded", undefined])
    expect(await outcome(0.76)).toEqual(["refused", "positive passes in 75.00 % of its rows, and has to in at least 76 %"])
  })
})

test("a column has the share of its cells that are filled, readable or not, of rows that were not filtered out", async () => {
  const pipeline = createPipeline({ name: "fill" })
    .normalize({ nulls: ["-"], columns: { a: cell.integer(), b: cell.text() } })
    .filter(({ b }) => b !== "drop")
  const { score } = await scoreOf("a,b\n1,\nx,y\n-,y\n,y\n,drop\n", pipeline as unknown as typeof orders)
  expect(score.columns).toMatchObject([
    { column: "a", fill: 50 },
    { column: "b", fill: 75 },
  ])
})
