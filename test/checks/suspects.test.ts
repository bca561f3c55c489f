import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { commonFormat } from "../../src/checks/common-format.ts"
import { outliers } from "../../src/checks/outliers.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { medcouple } from "../../src/sketch/medcouple.ts"
import { check } from "../../src/validate/check.ts"
import { tableOf } from "../run-stage.ts"
import { validateAtOnce, validateInParts } from "../validate/parts/in-parts.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

/** Numbers from 0 to 1 that look random and are the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const normal = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
const distributions: { readonly [name: string]: (next: () => number) => number } = {
  uniform: (next) => 100 * next(),
  normal: (next) => 50 + 10 * normal(next),
  exponential: (next) => -100 * Math.log(1 - next()),
  "log-normal": (next) => Math.exp(3 + 1.2 * normal(next)),
  "a power law": (next) => 10 / (1 - next()) ** 0.7,
  "small counts": (next) => Math.floor(-3 * Math.log(1 - next())) + 1,
}

describe("outliers", () => {
  test.each(Object.keys(distributions))("of %s are suspected in at most one of a thousand clean values", async (name) => {
    let suspected = 0
    for (let seed = 1; seed <= 5; seed++) {
      const next = random(seed)
      const values = Array.from({ length: 4000 }, () => distributions[name]?.(next) ?? 0)
      suspected += (await rowsFailedBy(outliers("n"), { n: values.map((value) => value.toFixed(2)) })).length
    }
    expect(suspected).toBeLessThanOrEqual(20)
  })

  test.each(["normal", "exponential", "log-normal"])("of %s are found if they are a thousand times too large", async (name) => {
    const next = random(7)
    const values = Array.from({ length: 2000 }, (_, at) => (distributions[name]?.(next) ?? 0) * (at % 100 === 50 ? 100_000 : 1))
    const found = await rowsFailedBy(outliers("n"), { n: values })
    const wrong = values.flatMap((_, at) => (at % 100 === 50 ? [at] : []))
    expect(wrong.filter((row) => found.includes(row)).length).toBeGreaterThanOrEqual(18)
    expect(found.length).toBeLessThanOrEqual(22)
  })

  test("are warnings of low confidence that name the usual range", async () => {
    const values = Array.from({ length: 150 }, (_, at) => 10 + ((at * 37) % 100))
    expect(await foundBy(outliers("n"), [{ n: [...values, 99_999, null] }])).toEqual([
      expect.objectContaining({
        row: 150,
        code: "outlier.suspected",
        severity: "warning",
        confidence: 0.2,
        dimension: "accuracy",
        column: "n",
      }),
    ])
    expect(await rowsFailedBy(outliers("n"), { n: [...values.slice(0, 90), 99_999] })).toEqual([])
  })

  test("of a sorted file, of constants and of texts are not judged", async () => {
    const rising = Array.from({ length: 500 }, (_, at) => at)
    expect(await rowsFailedBy(outliers("n"), { n: [...rising, 1e9] })).toEqual([])
    expect(await rowsFailedBy(outliers("n"), { n: [...rising.map(() => 5), 7, 3] })).toEqual([])
    expect(await rowsFailedBy(outliers("n"), { n: rising.map((at) => `x${at}`) })).toEqual([])
  })

  test("are the same in parts as in one pass", async () => {
    const next = random(3)
    const parts = Array.from({ length: 5 }, () => Array.from({ length: 120 }, (_, at) => (at === 60 ? 1e7 : Math.round(100 * next()))))
    for (const rule of [outliers("n"), commonFormat("n")]) {
      const stages = [check(rule as never)] as never
      const make = (part: readonly number[]) => () => [tableOf({ n: columnOf(part) })]
      const whole = await validateAtOnce(
        stages,
        parts.flatMap((part) => make(part)()),
      )
      const { validated } = await validateInParts(stages, parts.map(make))
      expect(validated.rows.map(({ issues }) => issues)).toEqual(whole.rows.map(({ issues }) => issues))
      expect(whole.rows.flatMap(({ issues }) => issues).length).toBeGreaterThan(3)
    }
  })
})

describe("the medcouple", () => {
  test("is zero for symmetric numbers, positive for a long tail above, and changes its sign with the numbers", () => {
    expect(medcouple(Float64Array.from([1, 2, 3, 4, 5]))).toBe(0)
    expect(medcouple(Float64Array.from([1, 2, 2, 2, 3]))).toBe(0)
    // The example of the R package robustbase: mc(c(1, 2, 7, 9, 10)) is -1/3.
    expect(medcouple(Float64Array.from([1, 2, 7, 9, 10]))).toBeCloseTo(-1 / 3, 12)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 30 }), (numbers) => {
        const value = medcouple(Float64Array.from(numbers).sort())
        expect(Math.abs(value)).toBeLessThanOrEqual(1)
        expect(medcouple(Float64Array.from(numbers, (each) => -each).sort())).toBeCloseTo(-value, 9)
      }),
    )
  })
})

describe("commonFormat", () => {
  test("suspects a date in another form, and names the usual one", async () => {
    const dates = Array.from({ length: 200 }, (_, at) => (at === 77 ? "12.03.2025" : `2025-03-${10 + (at % 20)}`))
    expect(await foundBy(commonFormat("on"), [{ on: [...dates, null] }])).toEqual([
      expect.objectContaining({
        row: 77,
        code: "format.rare",
        message: '"12.03.2025" has a rare form; most values look like 9999-99-99.',
        severity: "warning",
        confidence: 0.3,
        dimension: "consistency",
      }),
    ])
  })

  test("judges neither free text, nor a few values, nor forms that are usual", async () => {
    const free = Array.from({ length: 300 }, (_, at) => `${"word ".repeat(at % 9)}${at % 7 === 0 ? "A1-" : ""}${at}`)
    expect(await rowsFailedBy(commonFormat("n"), { n: free })).toEqual([])
    expect(await rowsFailedBy(commonFormat("n"), { n: [...free.slice(0, 50).map(() => "A-1"), "x"] })).toEqual([])
    const two = Array.from({ length: 300 }, (_, at) => (at % 10 === 0 ? "AB-12" : "12"))
    expect(await rowsFailedBy(commonFormat("n"), { n: two })).toEqual([])
  })
})
