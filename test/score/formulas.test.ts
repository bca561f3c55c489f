import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Scorecard } from "../../src/model/scorecard.ts"
import { scorecard } from "../../src/score/scorecard.ts"
import { judgements, plainly, rulesetOf, scored } from "./judgements.ts"
import { naiveScore } from "./naive-score.ts"

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

describe("a scorecard", () => {
  test("has the scores that the formulas give cell by cell", () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const card = scorecard(scored(judged).scorer.tally, rulesetOf(judged), judged.weights)
        const naive = naiveScore(plainly(judged))
        expect(card.overall).toBeCloseTo(naive.overall, 9)
        expect(Object.keys(card.dimensions).sort()).toEqual(Object.keys(naive.dimensions).sort())
        for (const [dimension, score] of Object.entries(naive.dimensions))
          expect(card.dimensions[dimension as keyof typeof card.dimensions]?.score).toBeCloseTo(score, 9)
      }),
      { numRuns: 300 },
    )
  })

  test("attributes every lost point: the points add up to 100 minus the score", () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const card = scorecard(scored(judged).scorer.tally, rulesetOf(judged), judged.weights)
        expect(Math.abs(total(card.lost.map(({ points }) => points)) - (100 - (card.overall ?? 0)))).toBeLessThan(1e-9)
        const assessed = total(Object.values(card.dimensions).map(({ weight }) => weight))
        for (const [dimension, { score, weight }] of Object.entries(card.dimensions)) {
          const points = total(card.lost.filter((lost) => lost.dimension === dimension).map((lost) => lost.points))
          expect(Math.abs(points - ((100 - score) * weight) / assessed)).toBeLessThan(1e-9)
        }
        expect(card.lost.map(({ points }) => points)).toEqual(card.lost.map(({ points }) => points).sort((one, other) => other - one))
      }),
    )
  })

  test("gives each row the same ratio over its own cells", () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const { quality } = scored(judged).batch
        naiveScore(plainly(judged)).quality.forEach((score, row) => {
          expect(quality?.[row]).toBeCloseTo(score, 9)
        })
      }),
    )
  })

  test("does not change if rules are added that always pass, for columns and dimensions that are already judged", () => {
    fc.assert(
      fc.property(judgements, fc.nat(5), (judged, at) => {
        const rule = judged.rules[at % judged.rules.length]
        if (rule === undefined) return
        const more = { ...judged, rules: [...judged.rules, { ...rule, name: "always passes" }] }
        const [before, after] = [judged, more].map((each) => scorecard(scored(each).scorer.tally, rulesetOf(each), each.weights))
        const scores = (card: Scorecard) => ({ ...card, ruleset: undefined, rules: undefined })
        expect(scores(after as Scorecard)).toEqual(scores(before as Scorecard))
      }),
    )
  })

  test("never rises if a rule reports a larger loss, and is always between 0 and 100", () => {
    fc.assert(
      fc.property(judgements, fc.nat(11), fc.nat(5), (judged, row, at) => {
        const { name = "", dimension = "" } = judged.rules[at % judged.rules.length] ?? {}
        // A cell that counts as missing no longer loses for its value, which may have weighed more.
        fc.pre(dimension !== "completeness")
        const worse = judged.said.map((said, index) =>
          index === row % judged.said.length ? [...said, { rule: name, verdict: [1, "error", 1] as const, blames: undefined }] : said,
        )
        const [before, after] = [judged.said, worse].map(
          (said) => scorecard(scored(judged, said).scorer.tally, rulesetOf(judged), judged.weights).overall ?? -1,
        )
        expect(after).toBeLessThanOrEqual(before ?? -1)
        expect(after).toBeGreaterThanOrEqual(0)
        expect(before).toBeLessThanOrEqual(100)
      }),
    )
  })

  test("of faultless rows is exactly 100, whatever the weights, because a gate may require it", () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const clean = judged.said.map(() => [])
        const thirds = { ...judged.weights, accuracy: judged.weights.accuracy / 3, validity: 0.1 }
        const card = scorecard(scored(judged, clean).scorer.tally, rulesetOf(judged), thirds)
        expect(card.overall).toBe(100)
        for (const { score } of Object.values(card.dimensions)) expect(score).toBe(100)
      }),
    )
  })
})
