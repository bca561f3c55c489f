import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { bytes, cell, check, createPipeline, memory } from "../../src/index.ts"
import { createIssue } from "../../src/model/create-issue.ts"
import { RuleExamples } from "../../src/pipeline/run/rule-examples.ts"

test("a report has the first three rows that break each rule, and none of their cells", async () => {
  const report = await createPipeline({ name: "orders" })
    .from(bytes("id,amount\n1,x\n2,2\n1,3\n4,y\n5,z\n6,secret\n"))
    .normalize({ columns: { id: cell.integer(), amount: cell.number() } })
    .check(check.unique("id"))
    .into(memory())
    .run()
  expect(report.deliveries[0]?.examples).toEqual({
    "read.amount": [
      { row: 2, column: "amount" },
      { row: 5, column: "amount" },
      { row: 6, column: "amount" },
    ],
    "unique.id": [{ row: 4, column: "id" }],
  })
})

describe("examples of parts", () => {
  const found = fc.record({
    rule: fc.constantFrom("a", "b"),
    row: fc.integer({ min: 1, max: 20 }),
    column: fc.constantFrom(undefined, "x", "y"),
  })
  const examplesOf = (issues: readonly { readonly rule: string; readonly row: number; readonly column: string | undefined }[]) => {
    const examples = new RuleExamples()
    examples.begin("next")
    for (const { row, ...parts } of issues) examples.add(createIssue({ code: "c", message: "m", ...parts }), () => ({ uri: "u", row }))
    return examples
  }

  test("merge to those of the whole, in any order", () => {
    fc.assert(
      fc.property(fc.array(found, { maxLength: 30 }), fc.nat(30), fc.boolean(), (issues, cut, turned) => {
        const parts = [issues.slice(0, cut), issues.slice(cut)].map((part) => examplesOf(part).toJSON())
        const merged = new RuleExamples()
        for (const part of turned ? parts.toReversed() : parts) merged.merge(part)
        expect(merged.toJSON()).toEqual(examplesOf(issues).toJSON())
      }),
    )
  })

  test("leave out issues that are only remarks, and rows after the first three once a batch has them", () => {
    const examples = examplesOf([1, 2, 3].map((row) => ({ rule: "a", row, column: undefined })))
    examples.begin("next")
    const never = () => expect.unreachable("no origin is needed")
    examples.add(createIssue({ code: "c", message: "m", rule: "a" }), never)
    examples.add(createIssue({ code: "c", message: "m", rule: "b", confidence: 0 }), never)
    expect(examples.toJSON()).toEqual({ a: [{ row: 1 }, { row: 2 }, { row: 3 }] })
  })
})
