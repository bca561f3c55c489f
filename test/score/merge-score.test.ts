import { expect, test } from "vitest"
import { bytes, createPipeline, memory } from "../../src/index.ts"

const rows = createPipeline({ name: "rows" }).from(bytes("a,b\n1,\n2,x\n"))

async function reasonOf(pipeline: typeof rows | ReturnType<typeof rows.score>): Promise<string | undefined> {
  const report = await pipeline.into(memory()).run()
  return report.deliveries[0]?.reason
}

test("gates of two calls of score both hold", async () => {
  const gated = rows.score({ minimum: { timeliness: 10 } }).score({ minimum: { coverage: 100 } })
  const reason = await reasonOf(gated)
  expect(reason).toMatch(/timeliness/)
  expect(reason).toMatch(/coverage/)
})

test("weights, criticality and expected columns of two calls add up", async () => {
  const none = { accuracy: 0, consistency: 0, timeliness: 0, uniqueness: 0 }
  const report = await rows
    .score({ weights: { ...none, validity: 50 }, expected: ["a"], criticality: { a: 2 } })
    .score({ weights: { completeness: 150 }, expected: ["b"], criticality: { b: 3 } })
    .into(memory())
    .run()
  const score = report.deliveries[0]?.score
  expect([score?.dimensions.validity?.weight, score?.dimensions.completeness?.weight]).toEqual([0.25, 0.75])
  // Two cells of weight 2 and two of weight 3; one of the latter is empty.
  expect(score?.dimensions.completeness?.score).toBeCloseTo(70, 9)
})

test.each([
  [{ minimum: { overall: 80 } }, { minimum: { overall: 90 } }, "minimum.overall is 80 in one and 90 in the other"],
  [{ weights: { validity: 1 } }, { weights: { validity: 2 } }, "weights.validity is 1 in one and 2 in the other"],
  [{ criticality: { a: 1 } }, { criticality: { a: 2 } }, "criticality.a is 1 in one and 2 in the other"],
  [{ timeliness: { column: "a" } }, { timeliness: { column: "b" } }, "timeliness.column is a in one and b in the other"],
  [{ provisional: true }, { provisional: false }, "provisional is true in one and false in the other"],
] as const)("two calls of score that contradict each other are refused: %j and %j", (one, other, message) => {
  expect(() => rows.score(one).score(other)).toThrow(
    expect.objectContaining({ code: "PIPELINE_INVALID", message: `Two calls of score() contradict each other: ${message}.` }),
  )
  expect(() => rows.score(one).score(one)).not.toThrow()
})

test("a call of score does not change other pipelines made from the same one", async () => {
  const base = rows.score({ minimum: { timeliness: 10 } })
  base.score({ minimum: { coverage: 100 } })
  expect(await reasonOf(base)).not.toMatch(/coverage/)
})
