import { dayMs, daysFromCivil } from "./civil-date.ts"
import { monthKey, monthNames } from "./month-names.ts"
import { withMicroseconds } from "./with-microseconds.ts"

/** The fields of a pattern, each with the expression that matches it. */
const fields: { readonly [token: string]: { readonly field: Field; readonly pattern: string } } = {
  yyyy: { field: "year", pattern: "(\\d{4})" },
  yy: { field: "shortYear", pattern: "(\\d{2})" },
  MMMM: { field: "monthName", pattern: "(\\p{L}[\\p{L}\\p{M}]{1,19})\\.?" },
  MMM: { field: "monthName", pattern: "(\\p{L}[\\p{L}\\p{M}]{1,19})\\.?" },
  MM: { field: "month", pattern: "(\\d{2})" },
  M: { field: "month", pattern: "(\\d{1,2})" },
  dd: { field: "day", pattern: "(\\d{2})" },
  d: { field: "day", pattern: "(\\d{1,2})" },
  HH: { field: "hour", pattern: "(\\d{2})" },
  H: { field: "hour", pattern: "(\\d{1,2})" },
  hh: { field: "halfHour", pattern: "(\\d{2})" },
  h: { field: "halfHour", pattern: "(\\d{1,2})" },
  mm: { field: "minute", pattern: "(\\d{2})" },
  ss: { field: "second", pattern: "(\\d{2})" },
  a: { field: "half", pattern: "([AaPp])\\.?[Mm]\\.?" },
  XXX: { field: "offset", pattern: "(Z|[-+]\\d{2}:\\d{2})" },
}

type Field =
  | "year"
  | "shortYear"
  | "monthName"
  | "month"
  | "day"
  | "hour"
  | "halfHour"
  | "minute"
  | "second"
  | "fraction"
  | "half"
  | "offset"

/**
 * How much longer than its pattern a text may be, because of spaces and month names. Without a limit, the expression would try every split of
 * two neighbouring runs of white space.
 */
const mostSpace = 64

/** A compiled date pattern. It returns a text's milliseconds in UTC, or NaN. `local` is true if the text has no offset. */
export interface DateFormat {
  readonly pattern: string
  parse(text: string): number
  readonly hasOffset: boolean
}

/** How the parts of a date are read that a pattern leaves open. */
export interface DateFormatOptions {
  /** The language of month names, as a BCP 47 tag. Default: English. */
  readonly locale?: string | undefined
  /** The first of the hundred years that years of two digits stand for. Default: 1969, as in POSIX. */
  readonly pivot?: number | undefined
}

/**
 * Compiles a date pattern in the letters of Unicode TR 35: `yyyy yy MMMM MMM MM M dd d HH H hh h mm ss SSS a XXX`, with one to nine `S` for as many digits
 * of a second. Text in single quotes and all other characters stand for themselves.
 *
 * Throws a `RangeError` for an unknown letter, or a pattern without a day, month or year, and for an invalid locale.
 */
export function compileDateFormat(pattern: string, { locale = "en", pivot = 1969 }: DateFormatOptions = {}): DateFormat {
  const order: Field[] = []
  let source = ""
  for (const [token, quotedText] of pattern.trim().matchAll(/'([^']*)'|([A-Za-z])\2*|[^A-Za-z]/g)) {
    if (quotedText !== undefined) source += literally(quotedText === "" ? "'" : quotedText)
    else if (!/[A-Za-z]/.test(token)) source += token === " " ? "\\s+" : literally(token)
    else {
      const field = /^S{1,9}$/.test(token) ? fractionOf(token.length) : fields[token]
      if (field === undefined) throw new RangeError(`"${token}" in the date pattern "${pattern}" has no meaning.`)
      source += field.pattern
      order.push(field.field)
    }
  }
  const has = (...names: Field[]) => names.some((name) => order.includes(name))
  if (!has("year", "shortYear") || !has("month", "monthName") || !has("day")) {
    throw new RangeError(`The date pattern "${pattern}" has no day, month or year.`)
  }
  const expression = new RegExp(`^${source}$`, "u")
  const longest = pattern.length + mostSpace
  const names = has("monthName") ? monthNames(locale) : noNames
  const parse = (text: string) => {
    const trimmed = text.trim()
    return trimmed.length > longest ? Number.NaN : parseWith(expression, order, trimmed, names, pivot)
  }
  return { pattern, hasOffset: order.includes("offset"), parse }
}

function fractionOf(digits: number): { readonly field: Field; readonly pattern: string } {
  return { field: "fraction", pattern: `(\\d{${digits}})` }
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
}

const noNames: ReadonlyMap<string, number> = new Map()

function parseWith(expression: RegExp, order: readonly Field[], text: string, names: ReadonlyMap<string, number>, pivot: number): number {
  const match = expression.exec(text)
  if (match === null) return Number.NaN
  let [year, month, day, hour, minute, second, ms, offset] = [0, 0, 0, 0, 0, 0, 0, 0]
  let halfDay: number | undefined
  let micros = 0
  for (let at = 0; at < order.length; at++) {
    const part = match[at + 1] ?? ""
    const number = Number(part)
    switch (order[at]) {
      case "year":
        year = number
        break
      case "shortYear":
        year = pivot + ((((number - pivot) % 100) + 100) % 100)
        break
      case "month":
        month = number
        break
      case "monthName":
        month = names.get(monthKey(part)) ?? 0
        break
      case "day":
        day = number
        break
      case "hour":
        hour = number
        break
      case "halfHour":
        hour = number >= 1 && number <= 12 ? number % 12 : Number.NaN
        break
      case "minute":
        minute = number
        break
      case "second":
        second = number
        break
      case "fraction":
        if (/[1-9]/.test(part.slice(6))) return Number.NaN
        ms = Number(part.slice(0, 3).padEnd(3, "0"))
        micros = Number(part.slice(3, 6).padEnd(3, "0"))
        break
      case "half":
        halfDay = /p/i.test(part) ? 12 : 0
        break
      case "offset":
        offset = part === "Z" ? 0 : (part.startsWith("-") ? -1 : 1) * (Number(part.slice(1, 3)) * 60 + Number(part.slice(4, 6)))
        break
    }
  }
  if (halfDay !== undefined) hour += halfDay
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN
  const whole = daysFromCivil(year, month, day) * dayMs + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms
  return withMicroseconds(whole, micros)
}
