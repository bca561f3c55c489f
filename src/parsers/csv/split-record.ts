import { type Dialect, lineEndAt } from "./dialect.ts"
import { unescapeField } from "./unescape-field.ts"

/** A record taken apart, well-formed or not. */
export interface SplitRecord {
  /** What the fields hold, quotes and escapes undone; no more of them than asked for. */
  readonly fields: string[]
  /** Which fields stood in quotes. */
  readonly quoted: boolean[]
  /** How many fields there are. */
  readonly count: number
  /** Position after the last byte of the record, before its line end. */
  readonly end: number
  /** Position of the next record. */
  readonly next: number
  /** The text ended before the record did, or before a quote was closed: more text might give another record. */
  readonly open: boolean
  /** `"stray"`: a quote within a quoted field that is not doubled. `"unclosed"`: a quote that opens a field and is never closed. */
  readonly flaw: "stray" | "unclosed" | undefined
  /** Where the field begins that the text ends within; where its last field begins, where there is none. */
  readonly openAt: number
}

/** Options of `splitRecord`. */
export interface SplitOptions {
  /** Whether a quoted field may hold line ends. Default true. */
  readonly multiline?: boolean | undefined
  /** Most fields to keep; those beyond are only counted. Default all. */
  readonly keep?: number | undefined
}

/**
 * Takes one record apart, leniently: a quote closes a field only before a delimiter or a line end, a stray one on the same line is data, and
 * an opening quote that nothing closes is data too. The scanners read regular records; this reads samples, and what a scanner stopped at.
 */
export function splitRecord(view: string, from: number, dialect: Dialect, options: SplitOptions = {}): SplitRecord {
  const { multiline = true, keep = Number.POSITIVE_INFINITY } = options
  const { delimiter, padded, collapsed } = dialect
  const quote = dialect.quote?.charCodeAt(0)
  const fields: string[] = []
  const quoted: boolean[] = []
  let flaw: SplitRecord["flaw"]
  let dangling = false
  let openAt = from
  let count = 0
  let at = collapsed ? skip(view, from, delimiter ?? "") : from
  for (;;) {
    if (padded && count > 0) at = skip(view, at, " ")
    const span = view.charCodeAt(at) === quote ? quotedSpan(view, at + 1, dialect, multiline) : undefined
    if (!dangling) openAt = at
    if (span?.closed === false) {
      flaw = "unclosed"
      dangling ||= span.dangling
    } else if (span?.stray) flaw ??= "stray"
    const inQuotes = span?.closed === true
    const after = inQuotes ? span.after : plainEnd(view, at, dialect)
    if (count++ < keep) {
      fields.push(inQuotes ? unescapeField(view.slice(at + 1, span.end), dialect) : plainValue(view.slice(at, after), dialect))
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
    // The LF of a CR at the end of the text may be still to come.
    const cut = at === view.length && view.charCodeAt(at - 1) === 13
    return { fields, quoted, count, end, next: at, open: dangling || cut, flaw, openAt }
  }
}

/** Where a quoted field ends. */
interface QuotedSpan {
  readonly closed: boolean
  /** Position of the closing quote. */
  readonly end: number
  /** Position of the delimiter or line end after it. */
  readonly after: number
  readonly stray: boolean
  /** Not closed up to the end of the text: more text might close it. */
  readonly dangling: boolean
}

const unclosed: QuotedSpan = { closed: false, end: 0, after: 0, stray: false, dangling: false }

function quotedSpan(view: string, from: number, dialect: Dialect, multiline: boolean): QuotedSpan {
  const quote = dialect.quote?.charCodeAt(0)
  let stray = false
  let lineLimit = multiline ? Number.POSITIVE_INFINITY : firstLineEnd(view, from, dialect)
  for (let at = nextQuote(view, from, dialect); at >= 0 && at < lineLimit; at = nextQuote(view, at, dialect)) {
    if (view.charCodeAt(at + 1) === quote) {
      at += 2
      continue
    }
    const after = dialect.delimiter === " " ? at + 1 : skip(view, at + 1, " ")
    if (after >= view.length || startsDelimiter(view, after, dialect) || lineEndAt(view, after, dialect) + loneCr(view, after) > 0)
      return { closed: true, end: at, after, stray, dangling: false }
    // A stray quote lines further down belongs to another record: the opening quote was the stray one.
    if (!stray) lineLimit = Math.min(lineLimit, firstLineEnd(view, from, dialect))
    if (at >= lineLimit) return unclosed
    stray = true
    at += 1
  }
  return lineLimit === Number.POSITIVE_INFINITY ? { ...unclosed, dangling: true } : unclosed
}

function plainEnd(view: string, from: number, dialect: Dialect): number {
  const escaping = dialect.escape?.charCodeAt(0)
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
  return dialect.escape !== undefined && value.includes(dialect.escape) ? unescapeField(value, dialect) : value
}

function nextQuote(view: string, from: number, dialect: Dialect): number {
  if (dialect.escape === undefined) return view.indexOf(dialect.quote ?? '"', from)
  const quote = dialect.quote?.charCodeAt(0)
  const escaping = dialect.escape.charCodeAt(0)
  for (let at = from; at < view.length; at++) {
    const code = view.charCodeAt(at)
    if (code === escaping) at++
    else if (code === quote) return at
  }
  return -1
}

function firstLineEnd(view: string, from: number, dialect: Dialect): number {
  for (let at = from; at < view.length; at++) if (lineEndAt(view, at, dialect) > 0) return at
  return view.length
}

/** 1 where a CR stands: behind a quoted field it can only be a line end, whatever those of the file are. */
function loneCr(view: string, at: number): number {
  return view.charCodeAt(at) === 13 ? 1 : 0
}

function startsDelimiter(view: string, at: number, { delimiter }: Dialect): boolean {
  return delimiter !== undefined && view.startsWith(delimiter, at)
}

function skip(view: string, from: number, text: string): number {
  let at = from
  while (text !== "" && view.startsWith(text, at)) at += text.length
  return at
}
