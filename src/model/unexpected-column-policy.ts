/** What happens to a column that no contract names. */
export type UnexpectedColumnPolicy = "evolve" | "freeze" | "discardColumn" | "rejectRow"

/** What can happen to a column that no contract names. */
export const unexpectedColumnPolicies = [
  "evolve",
  "freeze",
  "discardColumn",
  "rejectRow",
] as const satisfies readonly UnexpectedColumnPolicy[]
