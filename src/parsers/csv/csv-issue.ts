import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"

export const unclosedQuote = "A quote is opened and not closed before the record ends."

/** An issue that rejects the row. */
export function csvError(code: string, message: string): Issue {
  return createIssue({ code, message, rule: "csv.structure" })
}

/** An issue of a row that was read by a guess: the row passes and shows it. */
export function csvWarning(code: string, message: string, confidence: number): Issue {
  return createIssue({ ...csvError(code, message), severity: "warning", confidence })
}

/** A value behind a trailing delimiter, where the other records have nothing. */
export const valueBehind = csvError("row.ragged", "The record has a value behind the last column.")
