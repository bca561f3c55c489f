import type { Rule } from "../contract/rule.ts"

/** The rule of rows that have a value in a column that no contract names. It judges the row as a whole, because the ruleset cannot know the column. */
export const unexpectedRule: Rule = { name: "unexpected", dimension: "validity", columns: [] }
