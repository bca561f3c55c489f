import { describe, expect, test } from "vitest"
import { createIssue } from "../../src/model/create-issue.ts"

describe("an issue", () => {
  test("is by default an error of the whole row that costs validity, under a rule named after its code", () => {
    expect(createIssue({ code: "row.ragged", message: "The record has 3 fields." })).toStrictEqual({
      code: "row.ragged",
      message: "The record has 3 fields.",
      rule: "row.ragged",
      dimension: "validity",
      severity: "error",
      confidence: 1,
    })
  })

  test("has its keys in one order, whatever the order of its parts", () => {
    const parts = {
      suggestion: "Write 1.5.",
      column: "amount",
      confidence: 0.5,
      severity: "warning",
      message: "Is it 1,5?",
      code: "odd",
    } as const
    expect(JSON.stringify(createIssue(parts))).toBe(
      '{"code":"odd","message":"Is it 1,5?","rule":"odd","dimension":"validity","severity":"warning","confidence":0.5,"column":"amount","suggestion":"Write 1.5."}',
    )
  })
})
