import type { Dimension } from "./dimension.ts"
import type { Issue } from "./issue.ts"

/** What an issue is made of; only the code and the message are needed. */
export interface IssueParts {
  readonly code: string
  readonly message: string
  /** Default: the code. */
  readonly rule?: string | undefined
  /** Default: `"validity"`. */
  readonly dimension?: Dimension | undefined
  /** Default: none; the issue is about the whole row. */
  readonly column?: string | undefined
  /** Where in a nested value of the column. Default: the issue is about all of it. */
  readonly path?: Issue["path"] | undefined
  /** Default: `"error"`, which rejects the row. */
  readonly severity?: Issue["severity"] | undefined
  /** 0 to 1; default: 1. */
  readonly confidence?: number | undefined
  readonly suggestion?: string | undefined
}

/** Makes an issue. All are made here, so that they have the same keys in the same order: they are stored as JSON. */
export function createIssue(parts: IssueParts): Issue {
  const { code, message, rule = code, dimension = "validity", column, path, severity = "error", confidence = 1, suggestion } = parts
  // A file may have millions of faulty cells, and assignments are ten times as fast as `{ ...issue, suggestion }`.
  const issue: Writable<Issue> = { code, message, rule, dimension, severity, confidence }
  if (column !== undefined) issue.column = column
  if (path !== undefined) issue.path = path
  if (suggestion !== undefined) issue.suggestion = suggestion
  return issue
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
