import { splitRecord } from "../scan/split-record.ts"
import { byteView, commonDelimiters, type Dialect } from "./dialect.ts"

const maxRecords = 60

/**
 * The delimiter between fields that are all quoted, as in `"Ann","100.00"`; undefined if there is none. It is evident from a record whose fields are
 * all quoted and another one of the same width, even if most lines are notes.
 */
export function quotedDelimiter(view: string, base: Dialect): string | undefined {
  return commonDelimiters
    .map(byteView)
    .find((delimiter) => view.includes(`"${delimiter}"`) && isEvident(view, { ...base, delimiter, quote: '"' }))
}

function isEvident(view: string, dialect: Dialect): boolean {
  const whole = new Set<number>()
  const counts = new Map<number, number>()
  for (let at = 0, n = 0; at < view.length && n < maxRecords; n++) {
    const { fields, quoted, flaw, next } = splitRecord(view, at, dialect)
    at = next
    if (flaw !== undefined || fields.length < 2 || !quoted.includes(true)) continue
    counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
    if (fields.every((_, j) => quoted[j] === true)) whole.add(fields.length)
  }
  return [...whole].some((width) => (counts.get(width) ?? 0) > 1)
}
