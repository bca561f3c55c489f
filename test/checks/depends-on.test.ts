import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { dependsOn } from "../../src/checks/depends-on.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { check } from "../../src/validate/check.ts"
import { tableOf } from "../run-stage.ts"
import { validateAtOnce, validateInParts } from "../validate/parts/in-parts.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

type Rows = readonly (readonly [zip: string | null, city: string | null])[]
const tableOfRows = (rows: Rows) => ({ zip: rows.map(([zip]) => zip), city: rows.map(([, city]) => city) })

/** The definition, word for word: a row fails if its city is not the most frequent one of the rows before. */
function naive(rows: Rows): number[] {
  return rows.flatMap(([zip, city], at) => {
    if (zip === null || city === null) return []
    const counts = new Map<string, number>()
    for (const [other, before] of rows.slice(0, at)) if (other === zip && before !== null) counts.set(before, (counts.get(before) ?? 0) + 1)
    const [usual] = [...counts].sort(([, one], [, other]) => other - one)
    return usual === undefined || usual[0] === city ? [] : [at]
  })
}

const cell = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 8 })
const rows = fc.array(fc.tuple(cell(["1", "2", "3", "4", "5", "6"]), cell(["a", "b", "c"])), { maxLength: 40 })

describe("dependsOn", () => {
  test("fails a value that differs from the most frequent one of the earlier rows, and suggests that one", async () => {
    const table = tableOfRows([
      ["10115", "Berlin"],
      ["10115", "Berlin"],
      ["10115", "Belrin"],
      ["20095", "Hamburg"],
      [null, "x"],
      ["10115", null],
    ])
    expect(await foundBy(dependsOn("city", ["zip"]), [table])).toEqual([
      {
        row: 2,
        code: "dependency.broken",
        message: 'city is "Belrin", but 2 earlier rows have "Berlin" with the same zip.',
        rule: "dependsOn.city+zip",
        dimension: "consistency",
        column: "city",
        severity: "error",
        confidence: 1,
        suggestion: 'Did you mean "Berlin"?',
      },
    ])
  })

  test("agrees with its definition, whatever the batches", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 10 }), async (all, size) => {
        const batches = Array.from({ length: Math.ceil(all.length / size) }, (_, at) => tableOfRows(all.slice(at * size, (at + 1) * size)))
        const found = await foundBy(dependsOn("city", ["zip"]), batches)
        expect(found.map(({ row }) => row)).toEqual(naive(all))
      }),
    )
  })

  test("finds in parts what it finds in one pass, even if it cannot remember all keys", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 2, maxLength: 4 }), fc.integer({ min: 1, max: 4 }), async (parts, most) => {
        const stages = [check(dependsOn("city", ["zip"], { most }) as never)] as never
        const make = (part: Rows) => () =>
          part.length === 0 ? [] : [tableOf({ zip: columnOf(part.map(([zip]) => zip)), city: columnOf(part.map(([, city]) => city)) })]
        const whole = await validateAtOnce(
          stages,
          parts.flatMap((part) => make(part)()),
        )
        const { validated } = await validateInParts(stages, parts.map(make))
        expect(validated.rows.map(({ issues }) => issues)).toEqual(whole.rows.map(({ issues }) => issues))
      }),
      { numRuns: 60 },
    )
  })

  test("remembers at most so many keys, chosen by the keys and not by their order", async () => {
    const zips = Array.from({ length: 2000 }, (_, at) => String(at))
    const judged = async (order: readonly string[]) => {
      const twice = [...order.map((zip) => [zip, "a"] as const), ...order.map((zip) => [zip, "b"] as const)]
      const found = await rowsFailedBy(dependsOn("city", ["zip"], { most: 100 }), tableOfRows(twice))
      return found.map((row) => order[row - order.length]).sort()
    }
    const kept = await judged(zips)
    expect(kept.length).toBeGreaterThan(25)
    expect(kept.length).toBeLessThanOrEqual(100)
    expect(await judged(zips.toReversed())).toEqual(kept)
  })

  test("a key with many values determines nothing", async () => {
    const many = Array.from({ length: 200 }, (_, at) => ["1", `city ${at}`] as const)
    expect(await rowsFailedBy(dependsOn("city", ["zip"]), tableOfRows([...many, ["1", "another"]]))).toHaveLength(64)
  })

  test("compares numbers with the texts that write them, decimals by value, and long texts as a whole", async () => {
    const context = { decimals: new Set(["rate"]) }
    expect(await rowsFailedBy(dependsOn("rate", ["kind"]), { kind: [1, 1, 1], rate: ["7.0", "7", "19"] }, context)).toEqual([2])
    const long = "x".repeat(200)
    expect(
      await rowsFailedBy(
        dependsOn("city", ["zip"]),
        tableOfRows([
          [long, `${long}a`],
          [long, `${long}b`],
          [`${long}y`, "c"],
        ]),
      ),
    ).toEqual([1])
  })

  test("several columns determine the value together", async () => {
    const table = { country: ["DE", "AT", "DE"], zip: ["1010", "1010", "1010"], city: ["Bonn", "Wien", "Wien"] }
    expect(await foundBy(dependsOn("city", ["country", "zip"]), [table])).toMatchObject([
      { row: 2, message: 'city is "Wien", but an earlier row has "Bonn" with the same country, zip.' },
    ])
  })
})
