import { expect, test } from "vitest"
import { z } from "zod"
import * as checks from "../../src/checks.ts"
import { declarationOf } from "../../src/contract/rule.ts"
import { createRuleset, rulesetHash } from "../../src/score/ruleset.ts"
import { check } from "../../src/validate/check.ts"

const atMost = checks.defineCheck({ name: "atMost", options: z.object({ limit: z.number() }), cell: () => undefined })
const hashOf = (rule: unknown) => rulesetHash(createRuleset(declarationOf(check(rule as never) as never)?.rules ?? [], {}))

test.each([
  ["defineCheck", atMost("a", { limit: 1 }), atMost("a", { limit: 2 })],
  ["inList", checks.inList("a", ["x"]), checks.inList("a", ["x", "y"])],
  ["vatNumber", checks.vatNumber("a"), checks.vatNumber("a", { country: "DE" })],
  ["matches", checks.matches("a", /a/), checks.matches("a", /b/)],
  ["sumOf", checks.sumOf("a", ["b", "c"]), checks.sumOf("a", ["b", "c"], { tolerance: 1 })],
  ["productOf", checks.productOf("a", ["b", "c"]), checks.productOf("a", ["b", "d"])],
  ["requiredIf", checks.requiredIf("a", "b", ["x"]), checks.requiredIf("a", "b", ["y"])],
  ["dependsOn", checks.dependsOn("a", ["b"]), checks.dependsOn("a", ["b"], { most: 5 })],
  ["nearDuplicates", checks.nearDuplicates(["a"]), checks.nearDuplicates(["a"], { by: ["b"] })],
  ["trailer", checks.trailer("a", "T", { count: "b" }), checks.trailer("a", "T", { count: "b", ignore: ["H"] })],
  ["outliers", checks.outliers("a"), checks.outliers("a", { confidence: 0.5 })],
  ["commonFormat", checks.commonFormat("a"), checks.commonFormat("a", { confidence: 0.5 })],
])("another option of %s is another ruleset, and the same one is the same", (_name, one, other) => {
  expect(hashOf(one)).not.toBe(hashOf(other))
  expect(hashOf(one)).toBe(hashOf(one))
})
