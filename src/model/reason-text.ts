import type { Issue } from "./issue.ts"

/** What an issue says, with the column that it speaks of. */
export function reasonText({ column, message }: Issue): string {
  return column === undefined || message.startsWith(column) ? message : `${column}: ${message}`
}
