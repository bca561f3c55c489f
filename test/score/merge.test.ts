import fc from "fast-check"
import { expect, test } from "vitest"
import { dimensions } from "../../src/model/dimension.ts"
import { createRuleset } from "../../src/score/ruleset.ts"
import { scorecard } from "../../src/score/scorecard.ts"
import { Tally } from "../../src/score/tally.ts"
import { defaultWeights } from "../../src/score/weights.ts"
import { WorstRows } from "../../src/score/worst-rows.ts"
import { judgements, rulesetOf, scored } from "./judgements.ts"

/** Numbers in [0, 1) from a seed, so that a failing order can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 2 ** 32
  }
}

const rules = dimensions.flatMap((dimension) =>
  ["a", "b"].map((column) => ({ name: `${dimension}.${column}`, dimension, columns: [column] })),
)

test.each([1, 2, 7, 1000])(
  "%d partitions, empty and one-sided ones too, merged in any order give a scorecard of the same bytes",
  (partitions) => {
    const random = randomFrom(partitions)
    const parts = Array.from({ length: partitions }, () => new Tally())
    const whole = new Tally()
    for (let row = 0; row < 5000; row++) {
      const part = parts[Math.floor(random() * random() * partitions)] ?? whole
      for (const tally of [part, whole]) tally.addRows(1, row % 3 === 0 ? 0 : 1)
      for (const rule of rules) {
        if (random() > 0.05) continue
        const lost = Math.round(random() * 1_000_000)
        for (const tally of [part, whole]) tally.add(rule.dimension, rule.name, rule.columns[0] ?? "", lost, 1)
      }
    }
    const ruleset = createRuleset(rules, { criticality: { a: 3 } })
    const expected = JSON.stringify(scorecard(whole, ruleset, defaultWeights))
    for (let order = 0; order < 100; order++) {
      const shuffled = parts.map((part) => [random(), part] as const).sort(([one], [other]) => one - other)
      const merged = new Tally()
      for (const [, part] of shuffled) merged.merge(order % 2 === 0 ? part : Tally.fromJSON(JSON.parse(JSON.stringify(part))))
      if (JSON.stringify(scorecard(merged, ruleset, defaultWeights)) !== expected) expect.unreachable(`order ${order}`)
    }
    expect(JSON.parse(expected).lost.length).toBe(rules.length)
  },
)

test("the worst rows of a file are those of its parts, merged in any order", () => {
  const random = randomFrom(3)
  const quality = Float64Array.from({ length: 3000 }, () => Math.floor(random() * 50))
  const worstOf = (from: number, to: number, batch: number) => {
    const worst = new WorstRows()
    for (let start = from; start < to; start += batch) {
      const rows = quality.subarray(start, Math.min(to, start + batch))
      worst.add(worst.candidates(rows).map((row) => ({ row: start + row, quality: rows[row] ?? 0, losses: [] })))
    }
    return worst.toJSON()
  }
  const whole = worstOf(0, 3000, 700)
  const sorted = Array.from(quality, (own, row) => [own, row] as const).sort(
    ([one, first], [other, second]) => one - other || first - second,
  )
  expect(whole.map((row) => [row.quality, row.row])).toEqual(sorted.slice(0, 10))
  const merged = new WorstRows()
  for (const part of [worstOf(2000, 3000, 50), worstOf(0, 5, 5), worstOf(5, 2000, 999)]) merged.add(part)
  expect(merged.toJSON()).toEqual(whole)
})

test("rows scored apart and merged, in any grouping, have the scorecard of all rows", () => {
  fc.assert(
    fc.property(judgements, fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }), (judged, groups) => {
      const [first, ...others] = [0, 1, 2, 3].map(
        (group) =>
          scored(
            judged,
            judged.said.filter((_, row) => groups[row] === group),
          ).scorer.tally,
      )
      const merged = others.reduceRight((sum, tally) => sum.merge(tally), first ?? new Tally())
      // The rows of each group are numbered anew.
      const card = (tally: Tally) => JSON.stringify({ ...scorecard(tally, rulesetOf(judged), judged.weights), worstRows: [] })
      expect(card(merged)).toBe(card(scored(judged).scorer.tally))
    }),
  )
})
