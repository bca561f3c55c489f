import { daysFromCivil } from "./civil-date.ts"
import { instantAt } from "./with-microseconds.ts"

/** A text in the form of a date, read as far as its form alone allows. */
export interface DateText {
  /**
   * `ymd` begins with a year of four digits, `named` names the month, and `numbers` are day and month in an order that only other cells may prove,
   * or, with a year of two digits, year, month and day.
   */
  readonly form: "ymd" | "named" | "numbers"
  /** The first number of `numbers`, else the day. */
  readonly first: number
  /** The second number of `numbers`; the month of `ymd`. */
  readonly second: number
  readonly year: number
  /** Whether the year has two digits. */
  readonly isShort: boolean
  /** What separates the numbers of `numbers`: `-`, `/`, `.` or `. `. */
  readonly separator: string
  /** The name of the month, without a full stop after it. */
  readonly month: string | undefined
  /** Milliseconds since midnight, minus the offset from UTC, with microseconds as a fraction; NaN if the text has nanoseconds. */
  readonly time: number
  readonly hasTime: boolean
  /** The offset from UTC as `+02:00`; undefined if the text has none. */
  readonly offset: string | undefined
  /** Whether the text has digits of a second that a date cannot hold: nanoseconds, or microseconds of a year that is far away. */
  readonly isTooFine: boolean
  /** The pattern of the date in the letters of Unicode TR 35; undefined for `numbers`, where `first` and `second` are not settled. */
  readonly datePattern: string | undefined
  /** The pattern of the time, with what separates it from the date. */
  readonly timePattern: string
}

/** The pattern of a date. Its three numbers, if it has nothing else, are what the last parameters say. */
export function datePatternOf(date: DateText, first = "d", second = "M", third = date.isShort ? "yy" : "yyyy"): string {
  return (date.datePattern ?? [first, second, third].join(date.separator)) + date.timePattern
}

/** The longest text that is looked at. */
const longest = 64

const numbers = /^(\d{1,4})(-|\/|\. ?)(\d{1,2})\2(\d{1,4})(?!\d)/
/** The words between the parts are Spanish and Portuguese. */
const dayFirst = /^(\d{1,4})([ ./-]{0,2}| de )(\p{L}[\p{L}\p{M}]{1,19})\.?([ ,./-]{0,2}| de | del )(\d{1,4})(?!\d)/u
const monthFirst = /^(\p{L}[\p{L}\p{M}]{1,19})\.?([ ./-])(\d{1,2})(, ?|[ ./-])(\d{1,4})(?!\d)/u
const timeOfDay = /^(T|,? {1,2})(\d{1,2}):(\d{2})(?::(\d{2})(?:([.,])(\d{1,9}))?)?(?:( ?)([AaPp])\.?[Mm]\.?)?(?:( ?)(Z|[-+]\d{2}:\d{2}))?$/

/** Reads the form of a date with an optional time. Undefined for text of another form; whether there is such a day is for the caller to ask. */
export function dateText(text: string): DateText | undefined {
  return text.length > longest ? undefined : isDigit(text.charCodeAt(0)) ? (numericForm(text) ?? namedForm(text)) : namedForm(text)
}

/** The days from 1970 of a date with a full year; NaN if there is no such day. `month` is the number of a named month. */
export function dayOf({ form, first, second, year }: DateText, month = second): number {
  return form === "ymd" ? daysFromCivil(year, second, first) : daysFromCivil(year, month, first)
}

/** The instant of a date with a full year, in milliseconds; NaN if there is no such day. */
export function instantOf(date: DateText, month?: number): number {
  return instantAt(dayOf(date, month), date.time)
}

function numericForm(text: string): DateText | undefined {
  const match = numbers.exec(text)
  if (match === null) return undefined
  const [all, one = "", separator = "", two = "", three = ""] = match
  const isYearFirst = one.length === 4
  if (isYearFirst ? three.length > 2 : one.length > 2 || (three.length !== 4 && three.length !== 2)) return undefined
  const time = timeOf(text, all.length)
  if (time === undefined) return undefined
  return {
    form: isYearFirst ? "ymd" : "numbers",
    first: Number(isYearFirst ? three : one),
    second: Number(two),
    year: Number(isYearFirst ? one : three),
    isShort: !isYearFirst && three.length === 2,
    separator,
    month: undefined,
    time: time.time,
    hasTime: time.hasTime,
    offset: time.offset,
    isTooFine: isTooFine(time, Number(isYearFirst ? one : three), !isYearFirst && three.length === 2),
    datePattern: isYearFirst ? `yyyy${separator}M${separator}d` : undefined,
    timePattern: time.pattern,
  }
}

function namedForm(text: string): DateText | undefined {
  const dayMonth = dayFirst.exec(text)
  const match = dayMonth ?? monthFirst.exec(text)
  if (match === null) return undefined
  const [all, one = "", before = "", two = "", after = "", three = ""] = match
  const isYearFirst = dayMonth !== null && one.length === 4
  const [day, month, year] = dayMonth === null ? [two, one, three] : isYearFirst ? [three, two, one] : [one, two, three]
  const time = timeOf(text, all.length)
  if (day.length > 2 || (year.length !== 4 && year.length !== 2) || time === undefined) return undefined
  const isShort = year.length === 2
  const [yearLetters, gap, end] = [isShort ? "yy" : "yyyy", quoted(before), quoted(after)]
  const monthLetters = month.length > 3 ? "MMMM" : "MMM"
  const datePattern =
    dayMonth === null
      ? `${monthLetters}${gap}d${end}${yearLetters}`
      : isYearFirst
        ? `${yearLetters}${gap}${monthLetters}${end}d`
        : `d${gap}${monthLetters}${end}${yearLetters}`
  return {
    form: "named",
    first: Number(day),
    second: 0,
    year: Number(year),
    isShort,
    separator: "",
    month,
    time: time.time,
    hasTime: time.hasTime,
    offset: time.offset,
    isTooFine: isTooFine(time, Number(year), isShort),
    datePattern,
    timePattern: time.pattern,
  }
}

/** Letters stand for fields, so that literal ones are quoted. */
function quoted(separator: string): string {
  if (separator.length < 3) return separator
  const word = separator.trim()
  return /\p{L}/u.test(word) ? separator.replace(word, `'${word}'`) : separator
}

interface TimeText {
  readonly time: number
  readonly hasTime: boolean
  readonly offset: string | undefined
  readonly pattern: string
}

const noTime: TimeText = { time: 0, hasTime: false, offset: undefined, pattern: "" }

function timeOf(text: string, from: number): TimeText | undefined {
  if (from === text.length) return noTime
  const match = timeOfDay.exec(text.slice(from))
  if (match === null) return undefined
  const [, before = "", hours = "", minutes = "", seconds, point, fraction, gap, half, space, offset] = match
  const [hour, minute, second] = [Number(hours), Number(minutes), seconds === undefined ? 0 : Number(seconds)]
  if (minute > 59 || second > 59 || (half === undefined ? hour > 23 : hour < 1 || hour > 12)) return undefined
  const since = half === undefined ? hour : (hour % 12) + (half === "p" || half === "P" ? 12 : 0)
  let pattern = `${before === "T" ? "'T'" : before}${half === undefined ? "H" : "h"}:mm`
  let ms = ((since * 60 + minute) * 60 + second) * 1000
  let micros = 0
  if (seconds !== undefined) pattern += ":ss"
  if (fraction !== undefined) {
    pattern += point + "S".repeat(fraction.length)
    ms += Number(fraction.slice(0, 3).padEnd(3, "0"))
    micros = Number(fraction.slice(3, 6).padEnd(3, "0"))
  }
  if (half !== undefined) pattern += `${gap}a`
  if (offset !== undefined) {
    pattern += `${space}XXX`
    if (offset !== "Z") ms -= Number(`${offset.charAt(0)}1`) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4))) * 60_000
  }
  const hasNanos = fraction !== undefined && /[1-9]/.test(fraction.slice(6))
  return { time: hasNanos ? Number.NaN : ms + micros / 1000, hasTime: true, offset: offset === "Z" ? "+00:00" : offset, pattern }
}

/** All of the years from 1692 to 2247 have microseconds. */
function isTooFine({ time }: TimeText, year: number, isShort: boolean): boolean {
  return Number.isNaN(time) || (!isShort && !Number.isInteger(time) && (year < 1692 || year > 2247))
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
