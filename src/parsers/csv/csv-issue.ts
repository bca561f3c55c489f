import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"

export const unclosedQuote = "A quote is opened but not closed before the record ends."

/** An issue that rejects the row. */
export function csvError(code: string, message: string): Issue {
  return createIssue({ code, message, rule: "csv.structure" })
}

/** An issue of a row that was read by an educated guess. The row passes with a warning. */
export function csvWarning(code: string, message: string, confidence: number): Issue {
  return createIssue({ ...csvError(code, message), severity: "warning", confidence })
}

/** The record has a value after the last delimiter, and the other records have none. */
export const valueBehind = csvError("row.ragged", "The record has a value after the last column.")
