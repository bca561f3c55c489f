import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Rule } from "../../src/contract/rule.ts"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { failedGates } from "../../src/score/gate.ts"
import { createRuleset } from "../../src/score/ruleset.ts"
import { Scorer } from "../../src/score/scorer.ts"
import { completeWeights, defaultWeights } from "../../src/score/weights.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { bytesColumn } from "../model/layouts.ts"
import { tableOf } from "../run-stage.ts"
import { asOf, cardOf, issue } from "./card-of.ts"

const day = 86_400_000
const orders = createPipeline({ name: "orders" }).from(bytes("a,on\n1,2025-01-01\n"))

describe("weights", () => {
  test("count by their ratio: any numbers in the same ratio give the same score", () => {
    fc.assert(
      fc.property(fc.constantFrom(0.001, 3, 1000), (factor) => {
        const batch = () => tableOf({ a: columnOf([1, null]) })
        const options = { expected: ["a"], weights: defaultWeights }
        const scaled = Object.fromEntries(Object.entries(defaultWeights).map(([dimension, weight]) => [dimension, weight * factor]))
        const [one, other] = [cardOf([], options, batch()), cardOf([], { ...options, weights: scaled }, batch())]
        expect(other.overall).toBeCloseTo(one.overall ?? -1, 9)
        expect(other.coverage).toBeCloseTo(one.coverage, 9)
      }),
    )
  })

  test("have defaults, and a dimension of weight 0 does not count", () => {
    expect(completeWeights({ accuracy: 0 })).toEqual({ ...defaultWeights, accuracy: 0 })
    const card = cardOf([], { expected: ["a"], weights: { completeness: 0 } }, tableOf({ a: columnOf([null]) }))
    expect([card.overall, card.dimensions.completeness?.score, card.lost]).toEqual([100, 0, []])
  })

  test.each([
    ["a negative one, by name", { validity: -1 }, "The weight of validity is -1, but it must be a finite number of 0 or more."],
    ["one that is no number", { accuracy: Number.NaN }, "The weight of accuracy is NaN, but it must be a finite number of 0 or more."],
    [
      "an infinite one",
      { accuracy: Number.POSITIVE_INFINITY },
      "The weight of accuracy is Infinity, but it must be a finite number of 0 or more.",
    ],
    [
      "all of them 0",
      { completeness: 0, accuracy: 0, consistency: 0, timeliness: 0, uniqueness: 0, validity: 0 },
      "All weights of the score are 0, so nothing would count.",
    ],
  ])("refuse %s", (_case, weights, message) => {
    expect(() => completeWeights(weights)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message }))
  })
})

describe("criticality", () => {
  const rules: Rule[] = [
    { name: "together", dimension: "accuracy", columns: ["a", "b"] },
    { name: "alone", dimension: "accuracy", columns: ["a"] },
  ]
  const bad = () => {
    const batch = tableOf({ a: columnOf([1]), b: columnOf([1]) })
    batch.mark(0, issue("alone", { dimension: "accuracy" }))
    return batch
  }

  test("weighs a column in every rule that names it, and no other column of that rule", () => {
    for (const order of [rules, rules.toReversed()])
      expect(cardOf(order, { criticality: { a: 3 } }, bad()).dimensions.accuracy?.score).toBeCloseTo(25, 9)
  })

  test("of 0 takes a column out of the score", () => {
    const card = cardOf(rules, { criticality: { a: 0 } }, bad())
    expect([card.overall, card.dimensions.accuracy?.judged]).toEqual([100, 1])
    const none = cardOf(rules, { criticality: { a: 0, b: 0 }, expected: ["a"] }, bad())
    expect([none.dimensions.accuracy, none.dimensions.completeness, none.overall]).toEqual([undefined, undefined, 100])
  })

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("of %d is refused, because damage could raise the score", (weight) => {
    expect(() => orders.score({ criticality: { a: weight } })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }))
  })
})

describe("expected columns", () => {
  test("cost completeness if they are empty, and nothing if the cell has already lost it", () => {
    const batch = tableOf({ a: columnOf([1, null, null, null, null]) })
    batch.mark(2, issue("read.a", { column: "a" }))
    batch.mark(3, issue("filled", { dimension: "completeness" }))
    batch.mark(4, issue("odd", { dimension: "accuracy", severity: "warning", column: "a" }))
    const rules: Rule[] = [
      { name: "read.a", dimension: "validity", columns: ["a"] },
      { name: "filled", dimension: "completeness", columns: ["a", "b"] },
      { name: "odd", dimension: "accuracy", columns: ["a"] },
    ]
    const card = cardOf(rules, { expected: ["a"] }, batch)
    expect(card.dimensions.completeness).toMatchObject({ judged: 10, lost: 4 })
    expect(card.lost.filter(({ rule }) => rule === "expected.a")).toMatchObject([{ rows: 2, column: "a" }])
  })

  test("that the table does not have are empty in every row", () => {
    const card = cardOf([], { expected: ["gone"] }, tableOf({ a: columnOf([1, 2]) }))
    expect(card.dimensions.completeness).toMatchObject({ score: 0, judged: 2, lost: 2 })
  })
})

describe("timeliness", () => {
  test("follows its formula, row by row, in whole millionths", () => {
    const dates = fc.array(fc.option(fc.date({ min: new Date("2020-01-01"), max: new Date("2026-01-01"), noInvalidDate: true })), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(dates, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 400 }), (events, slaDays, halfLifeDays) => {
        const card = cardOf([], { timeliness: { column: "on", slaDays, halfLifeDays } }, tableOf({ on: columnOf(events) }))
        const dated = events.filter((event) => event !== null)
        if (dated.length === 0) {
          expect(card.dimensions.timeliness).toBeUndefined()
          return
        }
        const lost = dated.map((event) => 1 - 2 ** (-Math.max(0, (asOf.getTime() - event.getTime()) / day - slaDays) / halfLifeDays))
        const mean = lost.reduce((sum, loss) => sum + loss, 0) / dated.length
        expect(card.dimensions.timeliness?.judged).toBe(dated.length)
        expect(Math.abs((card.dimensions.timeliness?.score ?? -1) - 100 * (1 - mean))).toBeLessThan(1e-4)
      }),
    )
  })

  test("costs half of a row one half-life after the agreed time, and nothing before that time", () => {
    const at = (days: number) => new Date(asOf.getTime() - days * day)
    const batch = tableOf({ on: columnOf([at(2), at(12), at(22), at(-9)]) })
    const card = cardOf([], { timeliness: { column: "on", slaDays: 2, halfLifeDays: 10 }, weights: { validity: 0 } }, batch)
    expect(card.dimensions.timeliness?.lost).toBe(1.25)
    expect([...(batch.quality ?? [])]).toEqual([100, 50, 25, 100])
  })

  test("finds dates among other values", () => {
    const card = cardOf(
      [],
      { timeliness: { column: "on", halfLifeDays: 1 } },
      tableOf({ on: columnOf([new Date(asOf.getTime() - day), "x"]) }),
    )
    expect(card.dimensions.timeliness?.lost).toBe(0.5)
  })

  test.each<[string, { readonly [column: string]: Column<unknown> }]>([
    ["no column", {}],
    ["a column of text", { on: bytesColumn(["2020-01-01", "2025-01-01"]) }],
    ["a column without dates", { on: columnOf([null, null]) }],
  ])("of %s is not assessed, and does not pass a gate", (_case, columns) => {
    const card = cardOf([], { timeliness: { column: "on" } }, tableOf({ a: columnOf([1, 2]), ...columns }))
    expect([card.dimensions.timeliness, card.coverage]).toEqual([undefined, 0])
    expect(failedGates(card, { timeliness: 0 })).toEqual(["timeliness was not assessed (minimum 0)"])
  })

  test("does not improve with rows that have no date", () => {
    const events = [new Date(asOf.getTime() - day), new Date(asOf.getTime())]
    const [few, more] = [events, [...events, null, null]].map((on) =>
      cardOf([], { timeliness: { column: "on", halfLifeDays: 1 } }, tableOf({ on: columnOf(on) })),
    )
    expect([few?.dimensions.timeliness?.score, more?.dimensions.timeliness?.score]).toEqual([75, 75])
  })

  test("at an invalid instant is refused", () => {
    expect(() => new Scorer(createRuleset([], {}), defaultWeights, new Date("tomorrow"))).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    )
  })

  test.each([{ halfLifeDays: 0 }, { halfLifeDays: -1 }, { slaDays: -1 }, { slaDays: Number.NaN }])("with %j is refused", (options) => {
    expect(() => orders.score({ timeliness: { column: "a", ...options } })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }))
  })
})

describe("what was not assessed", () => {
  test("does not count, and coverage says how much of the weight was assessed", () => {
    const card = cardOf([{ name: "u", dimension: "uniqueness", columns: ["a"] }], {}, tableOf({ a: columnOf([1]) }))
    expect(Object.keys(card.dimensions)).toEqual(["uniqueness", "validity"])
    expect(card.coverage).toBe(15)
  })

  test("counts by columns: a rule for one of ten hardly moves the coverage, and one for a judged column does not", () => {
    const columns = [..."abcdefghij"]
    const read = columns.map((column): Rule => ({ name: `read.${column}`, dimension: "validity", columns: [column] }))
    const coverageOf = (...rules: Rule[]) => cardOf([...read, ...rules], {}, tableOf({ a: columnOf([1]) })).coverage
    const trivial: Rule[] = (["accuracy", "consistency"] as const).map((dimension) => ({ name: dimension, dimension, columns: ["a"] }))
    expect(coverageOf()).toBeCloseTo(10, 9)
    expect(coverageOf(...trivial)).toBeCloseTo(10 + 4.5, 9)
    expect(coverageOf(...trivial, { name: "again", dimension: "accuracy", columns: ["a"] })).toBeCloseTo(14.5, 9)
    expect(coverageOf({ name: "of the row", dimension: "accuracy", columns: [] })).toBeCloseTo(10, 9)
  })

  test("counts by how important columns are", () => {
    const rules: Rule[] = [
      { name: "r", dimension: "accuracy", columns: ["a"] },
      { name: "v", dimension: "validity", columns: ["b"] },
    ]
    const card = cardOf(rules, { criticality: { a: 3 } }, tableOf({ a: columnOf([1]), b: columnOf([1]) }))
    expect(card.coverage).toBeCloseTo(25 * 0.75 + 10 * 0.25, 9)
  })

  test("leaves no score if there are no rows", () => {
    const card = cardOf([], {}, tableOf({ a: columnOf([]) }))
    expect([card.overall, card.coverage, card.dimensions, card.lost]).toEqual([null, 0, {}, []])
  })

  test("does not count rows that filter dropped", () => {
    const batch = tableOf({ a: columnOf([null, 1]) })
    batch.drop(0)
    batch.mark(0, issue("nobody's"))
    expect(cardOf([], { expected: ["a"] }, batch)).toMatchObject({ overall: 100, dimensions: { completeness: { judged: 1 } } })
  })
})

test("a finding of an undeclared rule counts for the row, whatever dimension it names", () => {
  const batch = tableOf({ a: columnOf([1, 1]) })
  batch.mark(0, issue("nobody's", { dimension: "consistency", severity: "warning" }))
  const card = cardOf([{ name: "c", dimension: "consistency", columns: ["a"] }], {}, batch)
  expect(card.dimensions.consistency?.score).toBe(100)
  expect(card.lost).toMatchObject([{ rule: "nobody's", dimension: "validity", column: "(row)", rows: 1 }])
  expect(card.dimensions.validity?.score).toBe(75)
})

test("an invalid confidence costs the whole cell, and one below 0 or above 1 counts as 0 or 1", () => {
  const batch = tableOf({ a: columnOf([1, 1, 1]) })
  for (const [row, confidence] of [Number.NaN, 7, -7].entries()) batch.mark(row, issue("r", { confidence }))
  expect(cardOf([], {}, batch).dimensions.validity?.lost).toBe(2)
})

describe("gates", () => {
  const card = cardOf([], { expected: ["a"], provisional: true }, tableOf({ a: columnOf([1, null, 1, 1]) }))

  test("name the actual value and the minimum for each gate that fails", () => {
    expect(failedGates(card, { overall: 84, coverage: 30, rowsPassed: 100, completeness: 75.5, validity: 100, uniqueness: 1 })).toEqual([
      "overall is 83.33 (minimum 84)",
      "coverage is 20.00 (minimum 30)",
      "completeness is 75.00 (minimum 75.5)",
      "uniqueness was not assessed (minimum 1)",
    ])
    expect(failedGates(card, { overall: 83, coverage: 20, completeness: 75 })).toEqual([])
  })

  test("are checked on a scorecard that says whether its rules were inferred from the same rows", () => {
    expect(card.provisional).toBe(true)
  })
})
