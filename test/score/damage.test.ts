import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { columnOf } from "../../src/model/column-of.ts"
import { compose, declareAll } from "../../src/pipeline/build/compose.ts"
import { createRuleset } from "../../src/score/ruleset.ts"
import { scorecard } from "../../src/score/scorecard.ts"
import { Scorer } from "../../src/score/scorer.ts"
import { defaultWeights } from "../../src/score/weights.ts"
import { check } from "../../src/validate/check.ts"
import { foreignKey } from "../../src/validate/foreign-key.ts"
import { unique } from "../../src/validate/unique.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

const columns = ["id", "country", "amount", "net", "on", "note"] as const
type Cells = { readonly [C in (typeof columns)[number]]: string | null }

const Row = z.object({
  id: z.int(),
  country: z.string(),
  amount: z.number().max(1000),
  net: z.number().nullable(),
  on: z.date(),
  note: z.string().optional(),
})
type Row = z.infer<typeof Row>

/** Rules for every dimension, which name their columns. */
const stage = compose(
  validate(Row),
  check<Row>(({ amount, net }) => (net !== null && net > amount ? { code: "net", message: "more than the whole" } : undefined), {
    columns: ["amount", "net"],
    dimension: "consistency",
  }),
  check<Row>(({ amount }) => (amount === 13 ? { code: "odd", message: "odd", severity: "warning" } : undefined), {
    columns: ["amount"],
    dimension: "accuracy",
  }),
  check(foreignKey("country", ["DE", "FR"])),
  check(unique("id")),
)
const ruleset = createRuleset(declareAll([stage]).rules, {
  expected: ["note"],
  timeliness: { column: "on" },
  criticality: { amount: 3, note: 0.5 },
})

/** The overall score of rows, and which of their cells are clean. */
async function score(rows: readonly Cells[]) {
  const table = tableOf(Object.fromEntries(columns.map((column) => [column, bytesColumn(rows.map((row) => row[column]))])))
  const scorer = new Scorer(ruleset, defaultWeights, new Date("2025-07-01"))
  const [batch] = await runStage(stage, [table])
  if (batch !== undefined) scorer.add(batch)
  const stale = (row: number) => (batch?.columns.on.at(row)?.getTime() ?? Number.POSITIVE_INFINITY) < Date.parse("2025-07-01")
  const isClean = (row: number, column: (typeof columns)[number]) =>
    rows[row]?.[column] !== null &&
    !(column === "on" && stale(row)) &&
    // A rule of several columns does not say which one is wrong, so none of them counts as clean.
    !(batch?.issues.of(row) ?? []).some((issue) => issue.column === column || (issue.code === "net" && /amount|net/.test(column)))
  return { overall: scorecard(scorer.tally, ruleset, defaultWeights).overall ?? -1, isClean }
}

const rows = fc.array(
  fc.record({
    id: fc.constantFrom("1", "2", "3", "4", "5", "6", "x"),
    country: fc.constantFrom("DE", "FR", "XX", null),
    amount: fc.constantFrom("10", "13", "2000", "?", null),
    net: fc.constantFrom("5", "50", null),
    on: fc.constantFrom("2025-07-01", "2025-06-01", "2020-01-01", "soon"),
    note: fc.constantFrom("n", null),
  }),
  { minLength: 1, maxLength: 6 },
)

/** Each kind of damage that a rule can detect. */
const damages: { readonly [C in (typeof columns)[number]]: readonly (string | null)[] } = {
  id: ["no number", null],
  country: ["Atlantis", null],
  amount: ["much", "13", "5000", null],
  net: ["little"],
  on: ["one day", "1990-01-01", null],
  note: [null],
}

describe("damaging a clean cell", () => {
  test("never raises the score", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(5), fc.constantFrom(...columns), fc.nat(3), async (given, at, column, kind) => {
        const row = at % given.length
        const before = await score(given)
        const damage = damages[column][kind % damages[column].length] ?? null
        // The first of several equal keys is clean. Without it, the second one is not a duplicate. The guide names this exception.
        const isFirstOfKey = column === "id" && given.some((other, index) => index !== row && other.id === given[row]?.id)
        fc.pre(before.isClean(row, column) && !isFirstOfKey)
        const after = await score(given.map((cells, index) => (index === row ? { ...cells, [column]: damage } : cells)))
        expect(after.overall).toBeLessThanOrEqual(before.overall + 1e-9)
      }),
      { numRuns: 500 },
    )
  })

  test("lowers it in proportion to how many cells are damaged", async () => {
    const clean: Cells = { id: "0", country: "DE", amount: "10", net: "5", on: "2025-07-01", note: "n" }
    const lost: number[] = []
    for (let damaged = 0; damaged <= 100; damaged += 10) {
      const given = Array.from({ length: 100 }, (_, row): Cells => ({ ...clean, id: String(row), amount: row < damaged ? "?" : "10" }))
      lost.push(100 - (await score(given)).overall)
    }
    for (const [step, points] of lost.entries()) expect(points).toBeCloseTo((step * (lost[10] ?? 0)) / 10, 9)
    expect(lost[10]).toBeGreaterThan(0)
  })
})

test("the exceptions are as the guide says: the first of two equal keys, and a row that a rule judges as one", async () => {
  const twins: Cells[] = [1, 2].map(() => ({ id: "1", country: "DE", amount: "10", net: null, on: "2025-07-01", note: "n" }))
  const [before, after] = [await score(twins), await score(twins.map((cells, row) => (row === 0 ? { ...cells, id: "x" } : cells)))]
  expect(after.overall).toBeGreaterThan(before.overall)

  const whole = compose(
    validate(z.object({ a: z.number(), b: z.number() })),
    check<{ readonly a: number; readonly b: number }>(({ b }) => (b < 0 ? { code: "b", message: "b" } : undefined), {
      dimension: "accuracy",
    }),
  )
  const [sound, damaged] = await Promise.all(
    ["1", "x"].map(async (a) => {
      const rules = createRuleset(declareAll([whole]).rules, {})
      const scorer = new Scorer(rules, defaultWeights, new Date(0))
      for (const batch of await runStage(whole, [tableOf({ a: bytesColumn([a]), b: columnOf([-1]) })])) scorer.add(batch)
      return scorecard(scorer.tally, rules, defaultWeights).overall ?? -1
    }),
  )
  expect(damaged).toBeGreaterThan(sound ?? 0)
})
