import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { bytes, cell, check, createPipeline, memory } from "../../src/index.ts"
import { scorecard } from "../../src/score/scorecard.ts"
import { explain } from "../../src/score.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
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

/** Texts as the XML of rows. */
function sheetRows(rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) =>
    row.map((text) => (text === "" ? "<c/>" : `<c t="inlineStr"><is><t>${text}</t></is></c>`)).join("")
  return rows.map((row) => `<row>${cells(row)}</row>`).join("")
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

  test("splits the lost points by row, too: the worst rows and all others add up to what the score lacks", () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const score = scorecard(scored(judged).scorer.tally, rulesetOf(judged), judged.weights)
        const { points = 0, rows } = explain({ score }) ?? {}
        expect(Math.abs(total(rows?.worst ?? []) + (rows?.others ?? 0) - points)).toBeLessThan(1e-9)
        // Nothing is left to others if no more than ten rows lost anything.
        if ((rows?.worst.length ?? 0) < 10) expect(rows?.others).toBeLessThan(1e-9)
        const qualities = rows?.worst.map(({ quality }) => quality) ?? []
        expect(qualities).toEqual(qualities.toSorted((one, other) => one - other))
      }),
    )
  })

  test("names the worst rows, with their addresses in a workbook and the rules that cost them points", async () => {
    const late = createPipeline({ name: "late" })
      .normalize({ columns: { id: cell.integer(), city: cell.text(), day: cell.date() } })
      .score({ expected: ["city"], timeliness: { column: "day", halfLifeDays: 1 } })
    const rows = ["id,city,day", "1,Bonn,1970-01-01", "x,,1970-01-01", "3,,1969-12-31", "4,Ulm,1969-12-30"].map((line) => line.split(","))
    const report = await late.into(memory()).run({ source: bytes(workbookBytes({ rows: sheetRows(rows) })), asOf: new Date(0) })
    const explained = explain(report.deliveries[0] ?? { score: undefined })
    expect(explained?.rows.worst.map(({ row, address, rules }) => [row, address, rules])).toEqual([
      [4, "A4", ["expected.city", "timeliness.day"]],
      [3, "A3", ["expected.city", "read.id"]],
      [5, "A5", ["timeliness.day"]],
    ])
    expect(explained?.rows.others).toBeCloseTo(0, 9)
    expect(total(explained?.rows.worst ?? [])).toBeCloseTo(explained?.points ?? -1, 9)
  })

  test("keeps ten rows of a long file and adds up the points of all others", async () => {
    const text = `id,amount,country\n${Array.from({ length: 20_000 }, (_, at) => `${at},${at === 15_000 ? "x" : at},${at % 2 === 0 ? "DE" : "XX"}`).join("\n")}\n`
    const explained = explain(await scoreOf(text))
    // Row 1 is the header.
    expect(explained?.rows.worst.map(({ row }) => row)).toEqual([15, 15_002, 3, 5, 7, 9, 11, 13, 17, 19])
    expect(total(explained?.rows.worst ?? []) + (explained?.rows.others ?? 0)).toBeCloseTo(explained?.points ?? -1, 9)
    expect(explained?.rows.others).toBeGreaterThan(1)
  })

  test("says which rule to look at first: how many points it costs, and how many rows it frees", async () => {
    const explained = explain(await scoreOf("id,amount,country\n1,1,DE\n1,x,DE\n1,3,DE\n2,13,XX\n3,4,XX\n"))
    expect(explained?.rules.map(({ rule, severity, rejected, frees }) => [rule, severity, rejected, frees])).toEqual([
      ["unique.id", "error", 2, 1],
      ["odd", "suspected", 0, 0],
      ["read.country", "error", 2, 2],
      ["read.amount", "error", 1, 0],
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
      severity: "suspected",
      judged: 2,
      passed: 1,
      failed: 0,
      suspected: 1,
      rejected: 0,
      rejectedAlone: 0,
    })
  })

  test("name the gravest that each rule found", async () => {
    const graded = createPipeline({ name: "graded" })
      .normalize({ columns: { a: cell.integer() } })
      .check(({ a }) => ((a ?? 0) > 1 ? { code: "x", message: "x", severity: (a ?? 0) > 2 ? "error" : "warning" } : undefined), {
        name: "mixed",
      })
      .check(({ a }) => (a === 2 ? { code: "y", message: "y", severity: "warning" } : undefined), { name: "warns" })
      .check(({ a }) => (a === 2 ? { code: "z", message: "z", severity: "warning", confidence: 0.5 } : undefined), { name: "suspects" })
    const report = await graded.into(memory()).run({ source: bytes("a\n1\n2\n3\n") })
    expect(report.deliveries[0]?.score?.rules.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["row", null],
      ["read.a", null],
      ["mixed", "error"],
      ["warns", "warning"],
      ["suspects", "suspected"],
    ])
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
