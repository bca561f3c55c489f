import type { Issue } from "./issue.ts"

/** The message of an issue, with its column. */
export function reasonText({ column, message }: Issue): string {
  return column === undefined || message.startsWith(column) ? message : `${column}: ${message}`
}
