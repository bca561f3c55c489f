import { describe, expect, test } from "vitest"
import type { Rule } from "../../src/contract/rule.ts"
import { cell, memory } from "../../src/index.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { failedGates } from "../../src/score/gate.ts"
import type { ScoreOptions } from "../../src/score/score-options.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { tableOf } from "../run-stage.ts"
import { cardOf, issue } from "./card-of.ts"

describe("a finding that blames one cell", () => {
  const rule: Rule = { name: "sum", dimension: "consistency", columns: ["a", "b", "c"] }
  const lostOf = (rules: readonly Rule[], column: string | undefined, criticality = {}) => {
    const batch = tableOf({ a: columnOf([1]), b: columnOf([1]), c: columnOf([1]) })
    batch.mark(0, issue("sum", { dimension: "consistency", ...(column === undefined ? {} : { column }) }))
    const { dimensions, lost } = cardOf(rules, { criticality }, batch)
    return [dimensions.consistency?.lost, lost.map((each) => each.column)]
  }

  test("costs that cell once, whatever columns its rule names", () => {
    expect(lostOf([rule], "b")).toEqual([1, ["b"]])
    expect(lostOf([rule], undefined)).toEqual([3, ["a", "b", "c"]])
    expect(lostOf([rule], "elsewhere")).toEqual([1, ["a"]])
    expect(lostOf([rule], "b", { b: 0 })).toEqual([0, []])
    expect(lostOf([{ ...rule, columns: [] }], "b")).toEqual([1, ["(row)"]])
  })

  test("costs a key once", () => {
    const key: Rule = { name: "sum", dimension: "uniqueness", columns: ["a", "b"] }
    const batch = tableOf({ a: columnOf([1]), b: columnOf([1]) })
    batch.mark(0, issue("sum", { dimension: "uniqueness", column: "b" }))
    expect(cardOf([key], {}, batch).lost).toMatchObject([{ column: "a+b", rows: 1 }])
  })
})

test("a cell that counts as missing loses completeness once, and neither validity nor accuracy", () => {
  const rules: Rule[] = (["completeness", "validity", "accuracy", "consistency"] as const).map((dimension) => ({
    name: dimension,
    dimension,
    columns: ["a"],
  }))
  const batch = tableOf({ a: columnOf([999]) })
  for (const { name, dimension } of rules) batch.mark(0, issue(name, { dimension, column: "a" }))
  const { dimensions } = cardOf(rules, {}, batch)
  expect(rules.map(({ dimension }) => dimensions[dimension]?.lost)).toEqual([1, 0, 0, 1])
})

describe("rows that passed", () => {
  const batch = () => {
    const made = tableOf({ a: columnOf([1, 2, 3, 4, 5]) })
    made.drop(0)
    made.mark(1, issue("r"))
    made.mark(2, issue("r", { severity: "warning" }))
    return made
  }

  test("are counted in percent of the rows that were not filtered out", () => {
    expect(cardOf([], {}, batch()).rowsPassed).toBe(75)
    expect(cardOf([], {}, tableOf({ a: columnOf([]) })).rowsPassed).toBeNull()
  })

  test("can be gated", () => {
    expect(failedGates(cardOf([], {}, batch()), { rowsPassed: 75.5 })).toEqual(["rowsPassed is 75.00 (minimum 75.5)"])
    expect(failedGates(cardOf([], {}, batch()), { rowsPassed: 75 })).toEqual([])
  })

  test.each<[ScoreOptions<{ a: unknown }>, string]>([
    [{}, "refused"],
    [{ minimum: { rowsPassed: 0 } }, "loaded"],
    [{ minimum: { rowsPassed: 1 } }, "refused"],
    [{ minimum: { overall: 0 } }, "refused"],
  ])("are none in a delivery that is loaded only if the gate allows it: %j is %s", async (options, outcome) => {
    const pipeline = createPipeline({ name: "none" })
      .from(bytes("a\nx\ny\n"))
      .normalize({ columns: { a: cell.number() } })
    const report = await pipeline.score(options).into(memory()).run()
    expect(report.deliveries[0]).toMatchObject({ outcome, score: { rowsPassed: 0 }, rejected: 2 })
  })
})
