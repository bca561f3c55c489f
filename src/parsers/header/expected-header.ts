import { headerKey } from "../../binding/match-headers.ts"

/** How many rows are looked at. */
const mostRows = 50

/**
 * The first row that names most of the columns which the pipeline expects, or at least two of them in most of its own cells; undefined if there is none.
 *
 * `headers`: the keys of the expected headers.
 */
export function expectedHeader(rows: readonly (readonly string[])[], headers: ReadonlySet<string>): number | undefined {
  if (headers.size === 0) return undefined
  const found = rows.slice(0, mostRows).findIndex((cells) => {
    const filled = cells.filter((cell) => cell.trim() !== "")
    const named = new Set(filled.map(headerKey).filter((key) => headers.has(key))).size
    return named > 0 && (named === filled.length || named >= 2) && (named * 2 >= filled.length || named * 2 >= headers.size)
  })
  return found < 0 ? undefined : found
}
