import { splitRecord } from "../scan/split-record.ts"
import type { DialectScore } from "./score-dialect.ts"

/** Divides a text into its lines that begin with a prefix, and the rest. */
export function withoutComments(view: string, prefix: string | undefined, lineEnd: string): { rest: string; comments: string[] } {
  if (prefix === undefined || !view.includes(prefix)) return { rest: view, comments: [] }
  const lines = view.split(lineEnd)
  const comments = lines.filter((line) => line.startsWith(prefix))
  return comments.length === 0
    ? { rest: view, comments }
    : { rest: lines.filter((line) => !line.startsWith(prefix)).join(lineEnd), comments }
}

/**
 * Lines that begin with a hash are comments, unless they split into as many fields as the others: `#1` may be a value and `#id` a header. In a
 * table of one column, they are comments above all other lines, or if a blank follows each hash and most lines have none.
 */
export function findComment(comments: readonly string[], best: DialectScore, table: string, view: string): string | undefined {
  if (comments.length === 0 || comments.length === linesOf(view).length) return undefined
  if (best.width === 1) {
    const first = linesOf(view).findIndex((line) => !line.startsWith("#"))
    const spoken = comments.every((line) => /^#+(?:\s|$)/.test(line)) && comments.length < linesOf(table).length
    return first === comments.length || spoken ? "#" : undefined
  }
  // Lines above the table may be anything; those between its rows show what the prefix means.
  const lines = linesOf(view)
  const inner = lines.slice(lines.findIndex((line) => !line.startsWith("#"))).filter((line) => line.startsWith("#"))
  const judged = inner.length > 0 ? inner : comments
  const rows = judged.filter(
    (line) => splitRecord(line, 0, best.dialect).fields.length === best.width && !(best.width === 2 && line.startsWith("# ")),
  )
  return best.width > 1 && rows.length * 2 >= judged.length ? undefined : "#"
}

function linesOf(text: string): string[] {
  return text.split(/[\r\n]+/).filter((line) => line !== "")
}
