import { type Dialect, lineEndAt } from "./dialect.ts"

/** A record taken apart, well-formed or not. */
export interface SplitRecord {
  /** What the fields hold, quotes and escapes undone. */
  readonly fields: string[]
  /** Which fields stood in quotes. */
  readonly quoted: boolean[]
  /** Position after the last byte of the record, before its line end. */
  readonly end: number
  /** Position of the next record. */
  readonly next: number
  /** The text ended before the record did, or before a quote was closed: more text might give another record. */
  readonly open: boolean
  /** `"stray"`: a quote within a quoted field that is not doubled. `"unclosed"`: a quote that opens a field and is never closed. */
  readonly flaw: "stray" | "unclosed" | undefined
  /** Where the field begins that the text ends within; what it ends after where there is none. */
  readonly openAt: number
}

/** Options of `splitRecord`. */
export interface SplitOptions {
  /** Whether a quoted field may hold line ends. Default true. */
  readonly multiline?: boolean | undefined
  /** Stops after so many fields; `next` is then where it stopped. */
  readonly maxFields?: number | undefined
}

/**
 * Takes one record apart, leniently: a quote closes a field only before a delimiter or a line end, a stray one on the same line is data, and
 * an opening quote that nothing closes is data too. The scanners read regular records; this reads samples, and what a scanner stopped at.
 */
export function splitRecord(view: string, from: number, dialect: Dialect, options: SplitOptions = {}): SplitRecord {
  const { delimiter, padded, collapsed } = dialect
  const { multiline = true, maxFields = Number.POSITIVE_INFINITY } = options
  const quote = dialect.quote?.charCodeAt(0)
  const fields: string[] = []
  const quoted: boolean[] = []
  let flaw: SplitRecord["flaw"]
  let dangling = false
  let openAt = from
  let at = from
  if (collapsed && delimiter !== undefined) at = skip(view, at, delimiter)
  for (;;) {
    if (padded && fields.length > 0) at = skip(view, at, " ")
    const inQuotes = quote !== undefined && view.charCodeAt(at) === quote ? readQuoted(view, at + 1, dialect, multiline) : undefined
    if (!dangling) openAt = at
    if (inQuotes?.closed === false) {
      flaw = "unclosed"
      dangling ||= inQuotes.dangling
    } else if (inQuotes?.stray) flaw ??= "stray"
    const field = inQuotes?.closed ? inQuotes : readPlain(view, at, dialect)
    fields.push(field.value)
    quoted.push(field === inQuotes)
    at = field.end
    if (at >= view.length) return { fields, quoted, end: at, next: at, open: true, flaw, openAt }
    const lineEnd = lineEndAt(view, at, dialect) || loneCr(view, at)
    // The LF of a CR at the end of the text may be still to come.
    const open = dangling || (lineEnd === 1 && at + 1 === view.length && view.endsWith("\r"))
    if (lineEnd > 0 || delimiter === undefined) return { fields, quoted, end: at, next: at + lineEnd, open, flaw, openAt }
    const end = at
    at += delimiter.length
    if (collapsed) {
      at = skip(view, at, delimiter)
      const after = lineEndAt(view, at, dialect)
      if (after > 0) return { fields, quoted, end, next: at + after, open: dangling, flaw, openAt }
    }
    if (fields.length >= maxFields) return { fields, quoted, end, next: at, open: dangling, flaw, openAt }
  }
}

interface FieldRead {
  readonly value: string
  /** Position of what follows: a delimiter, a line end, or the end of the text. */
  readonly end: number
}

interface QuotedRead extends FieldRead {
  readonly closed: boolean
  readonly stray: boolean
  /** Not closed up to the end of the text: more text might close it. */
  readonly dangling: boolean
}

const unclosed: QuotedRead = { value: "", end: 0, closed: false, stray: false, dangling: false }

function readQuoted(view: string, from: number, dialect: Dialect, multiline: boolean): QuotedRead {
  const quote = dialect.quote ?? '"'
  let stray = false
  let escaped = false
  let lineLimit = multiline ? Number.POSITIVE_INFINITY : firstLineEnd(view, from, dialect)
  for (let at = nextQuote(view, from, dialect); at >= 0 && at < lineLimit; at = nextQuote(view, at, dialect)) {
    if (view.startsWith(quote, at + 1)) {
      escaped = true
      at += 2
      continue
    }
    const after = dialect.delimiter === " " ? at + 1 : skip(view, at + 1, " ")
    if (after >= view.length || startsDelimiter(view, after, dialect) || lineEndAt(view, after, dialect) + loneCr(view, after) > 0) {
      const value = view.slice(from, at)
      return {
        value: escaped || dialect.escape !== undefined ? unescapeField(value, dialect) : value,
        end: after,
        closed: true,
        stray,
        dangling: false,
      }
    }
    // A stray quote lines further down belongs to another record: the opening quote was the stray one.
    if (!stray) lineLimit = Math.min(lineLimit, firstLineEnd(view, from, dialect))
    if (at >= lineLimit) return unclosed
    stray = true
    at += 1
  }
  return lineLimit === Number.POSITIVE_INFINITY ? { ...unclosed, dangling: true } : unclosed
}

function readPlain(view: string, from: number, dialect: Dialect): FieldRead {
  const escaping = dialect.escape?.charCodeAt(0)
  const delimiter = dialect.delimiter?.charCodeAt(0)
  let escaped = false
  let at = from
  for (; at < view.length; at++) {
    const code = view.charCodeAt(at)
    if (code === escaping) {
      escaped = true
      at++
    } else if (code === delimiter ? startsDelimiter(view, at, dialect) : (code === 10 || code === 13) && lineEndAt(view, at, dialect) > 0)
      break
  }
  const end = Math.min(at, view.length)
  const value = view.slice(from, end)
  return { value: escaped ? unescapeField(value, dialect) : value, end }
}

/** A field's value without doubled quotes, and without the escapes of characters that need one; other escapes stay, as in `\N`. */
export function unescapeField(value: string, dialect: Dialect): string {
  const { quote, escape: escaping, delimiter } = dialect
  if (escaping === undefined) return quote === undefined ? value : value.replaceAll(quote + quote, quote)
  let plain = ""
  for (let at = 0; at < value.length; at++) {
    const character = value.charAt(at)
    const following = value.charAt(at + 1)
    const special =
      following !== "" &&
      (following === quote || following === escaping || following === delimiter?.charAt(0) || following === "\n" || following === "\r")
    const undone = (character === escaping && special) || (character === quote && following === quote)
    if (undone) at++
    plain += undone ? following : character
  }
  return plain
}

function nextQuote(view: string, from: number, dialect: Dialect): number {
  const quote = dialect.quote ?? '"'
  if (dialect.escape === undefined) return view.indexOf(quote, from)
  for (let at = from; at < view.length; at++) {
    if (view.startsWith(dialect.escape, at)) at++
    else if (view.startsWith(quote, at)) return at
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
  while (view.startsWith(text, at)) at += text.length
  return at
}
