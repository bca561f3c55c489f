import type { StandardSchemaV1 } from "@standard-schema/spec"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { declarationOf, type Rule } from "../../src/contract/rule.ts"
import { cell } from "../../src/index.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import type { Normalizer } from "../../src/normalize/normalizer.ts"
import { createRuleset, rulesetHash } from "../../src/score/ruleset.ts"
import type { ScoreOptions } from "../../src/score/score-options.ts"
import { check } from "../../src/validate/check.ts"
import { foreignKey } from "../../src/validate/foreign-key.ts"
import { validate } from "../../src/validate/validate.ts"

test("two rules with one name are refused if they judge different cells; the same rule twice counts once", () => {
  const rule: Rule = { name: "twin", dimension: "validity", columns: ["a"] }
  expect(() => createRuleset([rule, { ...rule, columns: ["b"] }], {})).toThrow(
    expect.objectContaining({ code: "PIPELINE_INVALID", message: 'Two rules have the name "twin" but judge different cells.' }),
  )
  expect(() => createRuleset([rule, { ...rule, dimension: "accuracy" }], {})).toThrow(/twin/)
  expect(createRuleset([rule, rule], {}).rules).toHaveLength(3)
})

test("equal rulesets have equal hashes, whatever the order of their keys, and different ones have different hashes", () => {
  const ruleset = createRuleset([{ name: "r", dimension: "validity", columns: ["a"] }], { criticality: { a: 2, b: 1 } })
  const turned = createRuleset([{ columns: ["a"], dimension: "validity", name: "r" }], { criticality: { b: 1, a: 2 } })
  expect(rulesetHash(turned)).toBe(rulesetHash(ruleset))
  expect(rulesetHash(createRuleset([], {}))).not.toBe(rulesetHash(ruleset))
  expect(rulesetHash(ruleset)).toMatch(/^[0-9a-f]{16}$/)
})

describe("the hash of a ruleset", () => {
  const hashOf = (schema: StandardSchemaV1, options: ScoreOptions<{ [column: string]: unknown }> = {}) =>
    rulesetHash(createRuleset(declarationOf(validate(schema))?.rules ?? [], options))
  const a = (property: z.ZodType) => z.object({ a: property })

  test.each<[string, StandardSchemaV1, StandardSchemaV1]>([
    ["a bound", a(z.number().max(10)), a(z.number().max(1000))],
    ["an exclusive bound", a(z.number().lt(10)), a(z.number().max(10))],
    ["a pattern", a(z.string().regex(/x/)), a(z.string().regex(/y/))],
    ["the flags of a pattern", a(z.string().regex(/x/)), a(z.string().regex(/x/i))],
    ["the values of a list", a(z.enum(["x", "y"])), a(z.enum(["x", "z"]))],
    ["a date", a(z.date().min(new Date(0))), a(z.date().min(new Date(1)))],
    ["a bigint", a(z.bigint().max(1n)), a(z.bigint().max(2n))],
    ["what is optional", a(z.string()), a(z.string().optional())],
    ["a part of a nested object", a(z.object({ b: z.number().max(1) })), a(z.object({ b: z.number().max(2) }))],
    ["the elements of a list", a(z.array(z.string().max(1))), a(z.array(z.string().max(2)))],
    ["a refinement of the row", a(z.string()), a(z.string()).refine(() => true)],
    [
      "an object within an intersection",
      a(z.string()).and(z.object({ b: z.number().max(1) })),
      a(z.string()).and(z.object({ b: z.number().max(2) })),
    ],
  ])("covers %s", (_case, one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other))
  })

  test("is that of an equal schema, whatever its messages say", () => {
    const schema = (error: string) =>
      a(
        z.lazy(() =>
          z
            .string({ error })
            .max(3, error)
            .default(() => String(Math.random())),
        ),
      )
    expect(hashOf(schema("no"))).toBe(hashOf(schema("nein")))
  })

  test("of a schema that contains itself exists", () => {
    const Tree: z.ZodType = z.object({ children: z.array(z.lazy(() => Tree)) })
    expect(hashOf(a(Tree))).toMatch(/^[0-9a-f]{16}$/)
  })

  test("covers the limits of timeliness and how much columns count, but not weights and gates", () => {
    const schema = a(z.date())
    const timely = (slaDays: number) => hashOf(schema, { timeliness: { column: "a", slaDays } })
    expect(timely(1)).not.toBe(timely(2))
    expect(hashOf(schema, { criticality: { a: 2 } })).not.toBe(hashOf(schema))
    expect(hashOf(schema, { weights: { accuracy: 1 }, minimum: { overall: 3 }, provisional: true })).toBe(hashOf(schema))
  })

  test("covers what normalizers read, and the parameters of checks", () => {
    const read = (normalizer: Normalizer<unknown>) =>
      rulesetHash(createRuleset(normalize({ columns: { a: normalizer } }).declares.rules, {}))
    expect(read(cell.oneOf("x", "y"))).not.toBe(read(cell.oneOf("x", "z")))
    expect(read(cell.decimal({ precision: 5, scale: 2 }))).not.toBe(read(cell.decimal({ precision: 6, scale: 2 })))
    const checked = (most: number) =>
      rulesetHash(createRuleset(check(() => undefined, { name: "most", parameters: { most } }).declares.rules, {}))
    expect(checked(10)).not.toBe(checked(1000))
    const known = (...keys: string[]) => rulesetHash(createRuleset(check(foreignKey("a", keys)).declares.rules, {}))
    expect([known("x", "y") === known("y", "x"), known("x") === known("x", "y")]).toEqual([true, false])
  })
})
