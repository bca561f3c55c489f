import { type Dialect, lineEndAt } from "../dialect/dialect.ts"

/** Where a quoted field ends. */
export interface QuotedSpan {
  readonly closed: boolean
  /** The position of the closing quote. */
  readonly end: number
  /** The position of the delimiter or line end after it. */
  readonly after: number
  readonly stray: boolean
  /** The field is not closed before the text ends; more text may close it. */
  readonly dangling: boolean
}

const unclosed: QuotedSpan = { closed: false, end: 0, after: 0, stray: false, dangling: false }

/**
 * Finds where the quoted fields of one record end.
 *
 * A line may open a quote in each of its fields and close none. The result of one search also holds for the following fields, so the line is
 * searched only once in total.
 */
export class QuotedSpans {
  readonly #view: string
  readonly #dialect: Dialect
  readonly #multiline: boolean
  /** Between these positions no quote closes a field, except one that directly follows its opening quote. */
  #barrenFrom = 0
  #barrenTo = 0
  /** A position and the first line end after it. */
  #lineFrom = 0
  #lineEnd = -1

  constructor(view: string, dialect: Dialect, multiline: boolean) {
    this.#view = view
    this.#dialect = dialect
    this.#multiline = multiline
  }

  /** Reads the field whose opening quote is right before `from`. */
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
      // A stray quote on a later line belongs to another record, so the opening quote is the stray one.
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

/** 1 if there is a CR. After a quoted field a CR can only be a line end, even if other lines end differently. */
export function loneCr(view: string, at: number): number {
  return view.charCodeAt(at) === 13 ? 1 : 0
}

export function startsDelimiter(view: string, at: number, { delimiter }: Dialect): boolean {
  return delimiter !== undefined && view.startsWith(delimiter, at)
}

/** The first position at or after `from` where the text does not follow. */
export function skip(view: string, from: number, text: string): number {
  let at = from
  while (text !== "" && view.startsWith(text, at)) at += text.length
  return at
}
