import { expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import { type SuspectSum, withSuspects } from "../../src/score/with-suspects.ts"
import { tableOf } from "../run-stage.ts"
import { cardOf } from "./card-of.ts"

const card = cardOf([], { expected: ["a"], provisional: true }, tableOf({ a: columnOf([1, 2, 3, 4]) }))
const typos = (cells: number): SuspectSum => ({ column: "a", reason: "typo", dimension: "accuracy", cells, suspicion: 0.8 * cells })

test("a suspect cell costs half of its suspicion, as a share of the cells that were searched", () => {
  const { overall, lost, suspected } = withSuspects(card, 100, 2, [typos(5)])
  expect(suspected).toEqual({ rows: 100, cells: 5, points: 1 })
  expect(lost).toEqual([{ rule: "suspect.typo", dimension: "accuracy", column: "a", points: 1, rows: 5 }])
  expect(overall).toBe(99)
})

test("suspect cells cost at most 20 points together, in proportion", () => {
  const foreign: SuspectSum = { ...typos(10), column: "b", reason: "foreign" }
  const { overall, lost } = withSuspects(card, 10, 2, [typos(10), foreign])
  expect(overall).toBe(80)
  expect(lost.map(({ column, points }) => [column, points])).toEqual([
    ["a", 10],
    ["b", 10],
  ])
})

test("more suspect cells never raise the score, and never take more than it has", () => {
  const low = { ...card, overall: 3, lost: [{ rule: "r", dimension: "validity", column: "a", points: 97, rows: 4 } as const] }
  const scores = Array.from({ length: 101 }, (_, cells) => withSuspects(low, 100, 1, [typos(cells)]).overall ?? -1)
  scores.forEach((score, at) => {
    expect(score).toBeGreaterThanOrEqual(0)
    expect(score).toBeLessThanOrEqual(scores[at - 1] ?? 3)
  })
})

test("nothing is taken from a score that could not be assessed, nor without suspect cells", () => {
  expect(withSuspects({ ...card, overall: null }, 10, 1, [typos(1)])).toMatchObject({
    overall: null,
    lost: [],
    suspected: { cells: 1, points: 0 },
  })
  expect(withSuspects(card, 10, 1, [])).toEqual({ ...card, suspected: { rows: 10, cells: 0, points: 0 } })
})
