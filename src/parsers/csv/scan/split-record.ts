import { type Dialect, lineEndAt, plainEscape } from "../dialect/dialect.ts"
import { loneCr, QuotedSpans, skip, startsDelimiter } from "./quoted-spans.ts"
import { unescapeField } from "./unescape-field.ts"

/** A record split into fields, well-formed or not. */
export interface SplitRecord {
  /** The values of the fields without quotes and escapes, at most as many as requested. */
  readonly fields: string[]
  /** Which fields were quoted. */
  readonly quoted: boolean[]
  /** How many fields there are. */
  readonly count: number
  /** The position after the last byte of the record, before its line end. */
  readonly end: number
  /** The position of the next record. */
  readonly next: number
  /** The text ended before the record did, or before a quote was closed. With more text the record may be different. */
  readonly open: boolean
  /**
   * `"stray"`: a quote inside a quoted field is not doubled, or a field begins with a quoted part and goes on. `"unclosed"`: a quote opens a field
   * and is never closed.
   */
  readonly flaw: "stray" | "unclosed" | undefined
  /** Where the field begins in which the text ends. If the record is complete, where its last field begins. */
  readonly openAt: number
}

/** Options of `splitRecord`. */
export interface SplitOptions {
  /** Whether a quoted field may contain line ends. Default: true. */
  readonly multiline?: boolean | undefined
  /** The most fields to keep; further ones are only counted. Default: all. */
  readonly keep?: number | undefined
  /** Fields may be cut after this many characters. Default: never. */
  readonly keepLength?: number | undefined
}

/**
 * Splits one record leniently. A quote closes a field only before a delimiter or a line end. A stray quote on the same line is data, and so is
 * an opening quote that is never closed. The scanners read regular records; this reads samples and the records at which a scanner stopped.
 */
export function splitRecord(view: string, from: number, dialect: Dialect, options: SplitOptions = {}): SplitRecord {
  const { multiline = true, keep = Number.POSITIVE_INFINITY, keepLength = Number.POSITIVE_INFINITY } = options
  const { delimiter, padded, collapsed } = dialect
  const quote = dialect.quote?.charCodeAt(0)
  const fields: string[] = []
  const quoted: boolean[] = []
  const spans = new QuotedSpans(view, dialect, multiline)
  let flaw: SplitRecord["flaw"]
  let dangling = false
  let openAt = from
  let count = 0
  let at = collapsed ? skip(view, from, delimiter ?? "") : from
  for (;;) {
    if (padded) at = skip(view, at, " ")
    const span = view.charCodeAt(at) === quote ? spans.spanFrom(at + 1) : undefined
    if (!dangling) openAt = at
    const inQuotes = span?.closed === true
    const after = inQuotes ? span.after : plainEnd(view, at, dialect)
    if (span?.closed === false) {
      flaw = flaw !== "unclosed" && !span.dangling && arePaired(view, at, after, quote) ? "stray" : "unclosed"
      dangling ||= span.dangling
    } else if (span?.stray) flaw ??= "stray"
    if (count++ < keep) {
      const start = inQuotes ? at + 1 : at
      const value = view.slice(start, Math.min(inQuotes ? span.end : after, start + 2 * keepLength))
      fields.push(inQuotes ? unescapeField(value, dialect) : plainValue(value, dialect))
      quoted.push(inQuotes)
    }
    const end = after
    if (end >= view.length) return { fields, quoted, count, end, next: end, open: true, flaw, openAt }
    at = end + (lineEndAt(view, end, dialect) || loneCr(view, end))
    if (at === end && delimiter !== undefined) {
      at += delimiter.length
      if (!collapsed) continue
      at = skip(view, at, delimiter)
      const trailing = lineEndAt(view, at, dialect)
      if (trailing === 0) continue
      at += trailing
    }
    // The text ends in a CR; its LF may still follow.
    const cut = at === view.length && view.charCodeAt(at - 1) === 13
    return { fields, quoted, count, end, next: at, open: dangling || cut, flaw, openAt }
  }
}

function plainEnd(view: string, from: number, dialect: Dialect): number {
  const escaping = plainEscape(dialect)?.charCodeAt(0)
  const delimiter = dialect.delimiter?.charCodeAt(0)
  const single = dialect.delimiter?.length === 1
  for (let at = from; at < view.length; at++) {
    const code = view.charCodeAt(at)
    if (code === escaping) at++
    else if (code === delimiter) {
      if (single || startsDelimiter(view, at, dialect)) return at
    } else if (code === 10 || (code === 13 && lineEndAt(view, at, dialect) > 0)) return at
  }
  return view.length
}

function plainValue(value: string, dialect: Dialect): string {
  const escaping = plainEscape(dialect)
  const own = dialect.padded ? withoutSpaces(value) : value
  return escaping !== undefined && own.includes(escaping) ? unescapeField(own, dialect) : own
}

/** The text without spaces at its end. */
function withoutSpaces(value: string): string {
  let end = value.length
  while (end > 0 && value.charCodeAt(end - 1) === 32) end--
  return value.slice(0, end)
}

/** Whether a field closes each quote that it opens, as `"Best" product` does. */
function arePaired(view: string, from: number, to: number, quote: number | undefined): boolean {
  let quotes = 0
  for (let at = from; at < to; at++) if (view.charCodeAt(at) === quote) quotes++
  return quotes % 2 === 0
}
