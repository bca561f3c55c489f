import type { Issue } from "../../model/issue.ts"

export const unclosedQuote = "A quote is opened and not closed before the record ends."

/** What rejects a row. */
export function csvError(code: string, message: string): Issue {
  return { code, message, rule: "csv.structure", dimension: "validity", severity: "error", confidence: 1 }
}

/** What was read by evidence, which the row shows. */
export function csvWarning(code: string, message: string, confidence: number): Issue {
  return { ...csvError(code, message), severity: "warning", confidence }
}

/** A value in a field that only a delimiter made, where the other records have none. */
export const valueBehind = csvError("row.ragged", "The record has a value behind the last column.")
