import type { Rule } from "../contract/rule.ts"

/** What happens to a column that no contract names. */
export type UnexpectedColumnPolicy = "evolve" | "freeze" | "discardColumn" | "rejectRow"

/** What can happen to a column that no contract names. */
export const unexpectedColumnPolicies = [
  "evolve",
  "freeze",
  "discardColumn",
  "rejectRow",
] as const satisfies readonly UnexpectedColumnPolicy[]

/** The rule of rows that have a value in such a column. It judges the row as a whole, because the ruleset cannot know the column. */
export const unexpectedRule: Rule = { name: "unexpected", dimension: "validity", columns: [] }
