import { type Dialect, lineEndAt } from "../dialect/dialect.ts"

/** Where a quoted field ends. */
export interface QuotedSpan {
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

/**
 * Finds where the quoted fields of one record end.
 *
 * A line may open a quote in each of its fields and close none. What one search has found out holds for the fields behind it, so that all of
 * them together go through the line once.
 */
export class QuotedSpans {
  readonly #view: string
  readonly #dialect: Dialect
  readonly #multiline: boolean
  /** From the first to the second no quote closes a field, but for one of those that directly follow an opening quote. */
  #barrenFrom = 0
  #barrenTo = 0
  /** The first line end from one position on. */
  #lineFrom = 0
  #lineEnd = -1

  constructor(view: string, dialect: Dialect, multiline: boolean) {
    this.#view = view
    this.#dialect = dialect
    this.#multiline = multiline
  }

  /** The field whose opening quote stands right before `from`. */
  spanFrom(from: number): QuotedSpan {
    const view = this.#view
    const dialect = this.#dialect
    const quote = dialect.quote?.charCodeAt(0)
    let stray = false
    let limit = this.#multiline ? Number.POSITIVE_INFINITY : this.#firstLineEnd(from)
    for (let at = nextQuote(view, from, dialect); at >= 0 && at < limit; at = nextQuote(view, at, dialect)) {
      if (view.charCodeAt(at + 1) === quote) {
        at += 2
        continue
      }
      const after = dialect.delimiter === " " ? at + 1 : skip(view, at + 1, " ")
      if (after >= view.length || startsDelimiter(view, after, dialect) || lineEndAt(view, after, dialect) + loneCr(view, after) > 0)
        return { closed: true, end: at, after, stray, dangling: false }
      // A stray quote lines further down belongs to another record: the opening quote was the stray one.
      if (!stray) limit = Math.min(limit, this.#firstLineEnd(from))
      if (at >= limit || (from >= this.#barrenFrom && at < this.#barrenTo)) return this.#unclosed(from, limit)
      stray = true
      at += 1
    }
    return limit === Number.POSITIVE_INFINITY ? { ...unclosed, dangling: true } : this.#unclosed(from, limit)
  }

  #unclosed(from: number, limit: number): QuotedSpan {
    this.#barrenFrom = from
    this.#barrenTo = limit
    return unclosed
  }

  #firstLineEnd(from: number): number {
    if (from >= this.#lineFrom && from <= this.#lineEnd) return this.#lineEnd
    this.#lineFrom = from
    let at = from
    while (at < this.#view.length && lineEndAt(this.#view, at, this.#dialect) === 0) at++
    this.#lineEnd = at
    return at
  }
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

/** 1 where a CR stands: behind a quoted field it can only be a line end, whatever those of the file are. */
export function loneCr(view: string, at: number): number {
  return view.charCodeAt(at) === 13 ? 1 : 0
}

export function startsDelimiter(view: string, at: number, { delimiter }: Dialect): boolean {
  return delimiter !== undefined && view.startsWith(delimiter, at)
}

/** The first position from one on where a text does not stand. */
export function skip(view: string, from: number, text: string): number {
  let at = from
  while (text !== "" && view.startsWith(text, at)) at += text.length
  return at
}
