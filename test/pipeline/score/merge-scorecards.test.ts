import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, check, createPipeline, memory, type RunCheck } from "../../../src/index.ts"
import { mergeScorecards, scoreSource } from "../../../src/score.ts"
import { asOf, expectSameCard, Order, orders, sourceOf } from "./same-card.ts"

describe("merged scores of parts", () => {
  test.each([1, 2, 7, 60])("%d parts with keys in common have, in any order, the scorecard of a run, to the last bit", async (parts) => {
    await expectSameCard(parts, 100, 300)
  })

  test("count duplicates across two halves, which neither half can see", async () => {
    const half = ["1,DE,1,2025-07-01\n", "2,FR,2,2025-07-01\n"]
    const halves = await Promise.all([0, 1].map((part) => scoreSource(orders, { source: sourceOf(half), part, asOf })))
    const card = await mergeScorecards(halves)
    expect(card.dimensions.uniqueness).toMatchObject({ judged: 8, lost: 4, score: 50 })
    expect(card.rowsPassed).toBe(50)
    expect((await mergeScorecards(halves.slice(0, 1))).dimensions.uniqueness?.score).toBe(100)
  })

  test("of two rules with the same key count a duplicate once", async () => {
    const twice = createPipeline({ name: "twice" })
      .validate(z.object({ id: z.int() }))
      .check(check.unique("id"))
      .check(check.unique("id"), { name: "again" })
      .into(memory())
    const source = () => bytes("id\n1\n2\n")
    const parts = await Promise.all([0, 1].map((part) => scoreSource(twice, { source: source(), part, asOf })))
    const report = await twice.run({ source: bytes("id\n1\n2\n1\n2\n"), asOf })
    expect(JSON.stringify(await mergeScorecards(parts))).toBe(JSON.stringify({ ...report.deliveries[0]?.score, worstRows: [] }))
  })
})

describe("scores that cannot be merged are refused", () => {
  const lines = ["1,DE,1,2025-07-01\n"]
  const scoreOf = (part: number, options = {}) => scoreSource(orders, { source: sourceOf(lines), part, asOf, ...options })

  test.each<[string, object, string]>([
    ["at another instant", { part: 1, asOf: new Date(0) }, "The parts 0 and 1 were scored by different rules, weights or instants."],
    ["with other weights", { part: 1, weights: { accuracy: 1 } }, "The parts 0 and 1 were scored by different rules, weights or instants."],
    ["with the same number", { part: 0 }, "Two parts have the number 0."],
  ])("%s", async (_case, options, message) => {
    await expect(mergeScorecards([await scoreOf(0), await scoreOf(1, options)])).rejects.toMatchObject({ code: "CONFIG_INVALID", message })
  })

  test("if there are none", async () => {
    await expect(mergeScorecards([])).rejects.toMatchObject({ code: "CONFIG_INVALID" })
  })

  const keyed = createPipeline({ name: "keyed" }).validate(Order).check(check.unique("id"))
  const total: RunCheck<Order> = { kind: "run", name: "total", begin: () => 0, test: () => undefined, merge: () => 0 }
  test.each([
    [
      "a filter behind a key",
      keyed.filter(() => true).into(memory()),
      'the stage "filter" follows check.unique and handles passing rows only',
    ],
    ["a map behind a key", keyed.map((row) => row).into(memory()), 'the stage "map" follows check.unique and handles passing rows only'],
    ["a check that remembers rows", keyed.check(total).into(memory()), 'the stage "check total" remembers rows in its own way'],
    [
      "a key that does not cost uniqueness",
      keyed.check(check.unique("amount"), { dimension: "validity" }).into(memory()),
      'the stage "check unique.amount" remembers rows in its own way',
    ],
  ])("with %s", async (_case, pipeline, reason) => {
    const parts = await Promise.all([0, 1].map((part) => scoreSource(pipeline, { source: sourceOf(lines), part, asOf })))
    await expect(mergeScorecards(parts)).rejects.toMatchObject({
      code: "PIPELINE_INVALID",
      message: `The scores of parts cannot be merged: ${reason}.`,
    })
    expect((await mergeScorecards(parts.slice(0, 1))).dimensions.uniqueness?.score).toBe(100)
  })

  test("with another rule about the uniqueness of the same cells", async () => {
    const pipeline = keyed.check(() => undefined, { name: "mine", dimension: "uniqueness", columns: ["id"] }).into(memory())
    const parts = await Promise.all([0, 1].map((part) => scoreSource(pipeline, { source: sourceOf(lines), part, asOf })))
    await expect(mergeScorecards(parts)).rejects.toMatchObject({
      code: "PIPELINE_INVALID",
      message: expect.stringContaining("mine and unique.id"),
    })
  })
})
