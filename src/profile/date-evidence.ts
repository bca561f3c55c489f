import { dayMs, daysFromCivil } from "../cells/civil-date.ts"
import { type DateText, datePatternOf, dateText, dayOf } from "../cells/date-text.ts"
import { languagesOfMonth, monthKey, monthLanguages } from "../cells/month-names.ts"
import { parseIsoDate } from "../cells/parse-iso-date.ts"
import { instantOf } from "../model/fine-instant.ts"
import { type DateSort, dateRemarks } from "./date-remarks.ts"
import type { ColumnRemark } from "./proposal.ts"
import { Tally } from "./tally.ts"
import { thresholds } from "./thresholds.ts"
import { wilsonBound } from "./wilson.ts"

/** The first of the hundred years that years of two digits stand for, as in POSIX. */
const pivot = 1969

/** Years in between are further ahead than plans and contracts reach. Later ones, such as 2999 and 9999, stand for "never". */
const lastOrdinaryYear = 2150
const firstEndlessYear = 2999

/** What the numbers of a date may be, in their order. The last one has a year of two digits. */
const orders = { "day-first": 1, "month-first": 2, "year-first": 4 } as const
type Order = keyof typeof orders

/** Dates that are written alike. */
interface Sort {
  readonly tally: Tally
  readonly date: DateText
  /** The orders in which they are dates; 0 if the form leaves no choice. */
  readonly mask: number
  /** Whether all orders give the same date, as for 5/5/2024. */
  readonly isEither: boolean
  /** Whether the first number is too large for a day. */
  readonly isBeyondDays: boolean
  readonly languages: ReadonlyMap<string, number> | undefined
}

/** What the dates of a column have in common, in the order and the language that read most of them. */
export interface DateFindings {
  readonly agreeing: readonly { readonly label: string; readonly tally: Tally }[]
  /** How many cells have the form of a date, but name a day that does not exist. */
  readonly impossible: number
  /** Dates that are read in another order or another language only. */
  readonly contrary: Tally
  readonly hasTime: boolean
  /** The patterns that read all of them, if `cell.date()` needs patterns. */
  readonly formats: readonly string[] | undefined
  /** The language of the names of months, if it is not English. */
  readonly language: string | undefined
  readonly pivot: number | undefined
  readonly doubt: DateDoubt | undefined
  readonly remarks: readonly ColumnRemark[]
}

/** Why dates are not read. */
export interface DateDoubt {
  readonly reason: "order" | "year" | "contradiction" | "language" | "fraction"
  readonly tally: Tally
}

/** The dates among the cells of a column. */
export class DateEvidence {
  readonly #isoDays = new Tally()
  /** By their offset from UTC; those without one have an empty text. */
  readonly #isoTimes = new Map<string, Tally>()
  readonly #typedDays = new Tally()
  readonly #typedTimes = new Tally()
  readonly #sorts = new Map<string, Sort>()
  /** Texts in the form of a date without such a day. */
  readonly impossible = new Tally()
  /** Times with digits that a date cannot hold. They are among the other dates too. */
  readonly tooFine = new Tally()
  /** Dates far ahead. They are among the other dates too. */
  readonly farAhead = new Tally()
  /** The first and the last numbers of dates that may begin with the day or with the year. */
  readonly #firsts = new Set<number>()
  readonly #lasts = new Set<number>()

  addDate(date: Date, row: number): void {
    const tally = instantOf(date) % dayMs === 0 ? this.#typedDays : this.#typedTimes
    const text = () => (Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString())
    if (tally.add()) tally.keep(row, text())
    this.#noteYear(date.getUTCFullYear(), row, text)
  }

  /** Takes an ISO date, and says whether it was one. */
  addIso(bytes: Buffer, start: number, end: number, row: number): boolean {
    if (end - start < 10 || bytes[start + 4] !== 45 || Number.isNaN(parseIsoDate(bytes, start, end))) return false
    const tally = end - start === 10 ? this.#isoDays : this.#isoTimesWith(isoOffset(bytes, start + 10, end))
    const text = () => bytes.toString("latin1", start, end)
    if (tally.add()) tally.keep(row, text())
    // Most years begin with 1 or 20.
    if (bytes[start] !== 49 && (bytes[start] !== 50 || bytes[start + 1] !== 48)) this.#noteYear(Number(text().slice(0, 4)), row, text)
    return true
  }

  /** Takes a text in another form of a date, and says whether it was one. */
  addText(text: string, row: number): boolean {
    const date = dateText(text)
    if (date === undefined) return false
    const languages = date.month === undefined ? undefined : languagesOfMonth(date.month)
    if (languages !== undefined && languages.size === 0) return false
    const mask = date.form === "numbers" ? orderMask(date) : 0
    const isDay = date.form === "numbers" ? mask !== 0 : isSomeDay(date, languages)
    if (!isDay) add(this.impossible, row, text)
    else {
      const isEither = mask === 3 && date.first === date.second
      const written = date.datePattern ?? (date.isShort ? `${date.separator}s` : date.separator)
      const month = date.month === undefined ? "" : monthKey(date.month)
      const isBeyondDays = mask !== 0 && date.first > 31
      const key = `${written}|${date.timePattern}|${date.offset}|${month}|${isEither ? -1 : mask}|${isBeyondDays}`
      const sort = this.#sorts.get(key) ?? { tally: new Tally(), date, mask, isEither, isBeyondDays, languages }
      this.#sorts.set(key, sort)
      add(sort.tally, row, text)
      if (mask & orders["year-first"]) {
        this.#firsts.add(date.first)
        this.#lasts.add(date.year)
      }
      if (!date.isShort) this.#noteYear(date.year, row, () => text)
      if (date.isTooFine) add(this.tooFine, row, text)
    }
    return true
  }

  get tallies(): readonly Tally[] {
    const sorts = [...this.#sorts.values()].map(({ tally }) => tally)
    return [this.#isoDays, ...this.#isoTimes.values(), this.#typedDays, this.#typedTimes, ...sorts, this.impossible]
  }

  /** `habit` is the order in which the people write who made the file, if it is known. It decides where no cell does. */
  findings(habit?: "day-first" | "month-first"): DateFindings {
    const sorts = [...this.#sorts.values()]
    const order = orderOf(
      sorts.filter(({ mask }) => mask !== 0),
      this.#firsts.size / this.#lasts.size,
      habit,
    )
    const language = languageOf(sorts)
    const read = sorts.filter((sort) => {
      const { mask, languages } = sort
      return mask === 0
        ? languages?.has(language.name) !== false
        : (mask & orders[order.name]) !== 0 && order.unproven?.includes(sort) !== true
    })
    const slips = sorts.filter((sort) => !read.includes(sort) && sort.mask === orders["year-first"] && !sort.isBeyondDays)
    const needsFormats = language.name !== "en" || order.isContested || read.some(({ date }) => date.isShort) || order.name === "year-first"
    const isoDays = needsFormats && this.#isoDays.count > 0 ? ["yyyy-M-d"] : []
    const isoTimes = needsFormats ? [] : [...this.#isoTimes.values()]
    const typed = [this.#typedDays, this.#typedTimes]
    const agreeing = [
      ...read.map((sort) => ({ label: patternOf(sort, order.name), tally: sort.tally })),
      { label: "yyyy-MM-dd", tally: this.#isoDays },
      ...isoTimes.map((tally) => ({ label: "ISO 8601 with a time", tally })),
      ...typed.map((tally) => ({ label: "date cells", tally })),
    ].filter(({ tally }) => tally.count > 0)
    const hasTime = this.#isoTimes.size > 0 || this.#typedTimes.count > 0 || read.some(({ date }) => date.hasTime)
    return {
      agreeing,
      impossible: this.impossible.count + count(slips),
      contrary: sumOf(sorts.filter((sort) => !read.includes(sort) && !slips.includes(sort))),
      hasTime,
      formats: needsFormats ? [...new Set([...read.map((sort) => patternOf(sort, order.name)), ...isoDays])] : undefined,
      language: language.name === "en" ? undefined : language.name,
      pivot: read.some(({ date }) => date.isShort) ? pivot : undefined,
      doubt: order.doubt ?? language.doubt ?? (this.tooFine.count > 0 ? { reason: "fraction", tally: this.tooFine } : undefined),
      remarks: dateRemarks(this.#written(read), { typed: this.#typedTimes, farAhead: this.farAhead, pivot }),
    }
  }

  #noteYear(year: number, row: number, text: () => string): void {
    if (year > lastOrdinaryYear && year < firstEndlessYear && this.farAhead.add()) this.farAhead.keep(row, text())
  }

  #isoTimesWith(offset: string): Tally {
    const known = this.#isoTimes.get(offset) ?? new Tally()
    this.#isoTimes.set(offset, known)
    return known
  }

  /** The dates that are texts. */
  #written(read: readonly Sort[]): readonly DateSort[] {
    return [
      ...read.map(({ tally, date: { hasTime, offset, isShort } }) => ({ tally, hasTime, offset, isShort })),
      { tally: this.#isoDays, hasTime: false, offset: undefined, isShort: false },
      ...[...this.#isoTimes].map(([offset, tally]) => ({ tally, hasTime: true, offset: offset || undefined, isShort: false })),
    ]
  }
}

function add(tally: Tally, row: number, text: string): void {
  if (tally.add()) tally.keep(row, text)
}

/** The offset at the end of an ISO time as `+02:00`; empty if there is none. */
function isoOffset(bytes: Buffer, start: number, end: number): string {
  for (let at = end - 1; at > start + 5 && at >= end - 6; at--) {
    const byte = bytes[at] as number
    if (byte === 90 || byte === 122) return "+00:00"
    if (byte !== 43 && byte !== 45) continue
    const digits = bytes
      .toString("latin1", at + 1, end)
      .replace(":", "")
      .padEnd(4, "0")
    return `${String.fromCharCode(byte)}${digits.slice(0, 2)}:${digits.slice(2)}`
  }
  return ""
}

function patternOf({ date, mask }: Sort, order: Order): string {
  if (mask === 0) return datePatternOf(date)
  return order === "day-first"
    ? datePatternOf(date, "d", "M")
    : order === "month-first"
      ? datePatternOf(date, "M", "d")
      : datePatternOf(date, "yy", "M", "d")
}

/** The orders in which three numbers are a date. Nobody writes the month first with full stops. */
function orderMask({ first, second, year, isShort, separator }: DateText): number {
  const full = isShort ? fullYear(year) : year
  const isDay = (y: number, month: number, day: number) => !Number.isNaN(daysFromCivil(y, month, day))
  return (
    (isDay(full, second, first) ? orders["day-first"] : 0) |
    (!separator.startsWith(".") && isDay(full, first, second) ? orders["month-first"] : 0) |
    (isShort && isDay(fullYear(first), second, year) ? orders["year-first"] : 0)
  )
}

function fullYear(short: number): number {
  return pivot + ((((short - pivot) % 100) + 100) % 100)
}

function isSomeDay(date: DateText, languages: ReadonlyMap<string, number> | undefined): boolean {
  const full = date.isShort ? { ...date, year: fullYear(date.year) } : date
  if (languages === undefined) return !Number.isNaN(dayOf(full))
  return [...languages.values()].some((month) => !Number.isNaN(dayOf(full, month)))
}

/**
 * The order that reads most of the dates, if cells prove it. Only a first number beyond 31 proves that the year comes first, because 30.02.24 is more
 * likely a slip than a day of 2030. Otherwise `variety` decides, the number of different first numbers for each different last one: a column has more
 * days than years.
 */
function orderOf(
  sorts: readonly Sort[],
  variety: number,
  habit: "day-first" | "month-first" | undefined,
): {
  readonly name: Order
  readonly isContested: boolean
  readonly doubt?: DateDoubt
  /** Dates that are too few to make a doubt, but are not read, because nothing proves their order. */
  readonly unproven?: readonly Sort[]
} {
  const read = (order: Order) => count(sorts.filter(({ mask }) => mask & orders[order]))
  const [day, month, year] = [read("day-first"), read("month-first"), read("year-first")]
  if (year > month && year >= day) {
    if (sorts.some(({ isBeyondDays }) => isBeyondDays) || variety <= 1 / thresholds.leastDayVariety)
      return { name: "year-first", isContested: year < count(sorts) }
    if (variety < thresholds.leastDayVariety)
      return { name: "day-first", isContested: false, doubt: { reason: "year", tally: sumOf(sorts) } }
  }
  const name = month > day ? "month-first" : "day-first"
  // A cell that is a date in one of the two orders proves that order.
  const only = (order: Order, other: Order) => sorts.filter(({ mask }) => mask & orders[order] && !(mask & orders[other]))
  const [forDay, forMonth] = [only("day-first", "month-first"), only("month-first", "day-first")]
  const [proving, against] = name === "day-first" ? [forDay, forMonth] : [forMonth, forDay]
  const open = sorts.filter(({ mask, isEither }) => (mask & 3) === 3 && !isEither)
  const isContested = against.length > 0
  // The cells prove no order to the reader either, so it needs the patterns, as if they were contested.
  if (proving.length === 0 && open.length > 0 && habit !== undefined) return { name: habit, isContested: true }
  // 13.01.2025 says nothing about 03/04/2025: two programs may have written them.
  const proven = new Set(proving.map(notationOf))
  const unproven = open.filter((sort) => !proven.has(notationOf(sort)))
  if (unproven.length > 0 && habit !== name) {
    const isRare = wilsonBound(count(sorts) - count(unproven), count(sorts)) >= thresholds.leastBound
    if (isRare) return { name, isContested: true, unproven }
    return { name, isContested, doubt: { reason: habit === undefined ? "order" : "contradiction", tally: sumOf(unproven) } }
  }
  if (isContested && wilsonBound(count(proving), count(proving) + count(against)) < thresholds.leastOrderBound)
    return { name, isContested, doubt: { reason: "contradiction", tally: sumOf([...proving, ...against]) } }
  return { name, isContested }
}

function notationOf({ date: { separator } }: Sort): string {
  return separator.trim()
}

/** The language in which most of the names are names of months. */
function languageOf(sorts: readonly Sort[]): { readonly name: string; readonly doubt?: DateDoubt } {
  const named = sorts.filter(({ languages }) => languages !== undefined)
  if (named.length === 0) return { name: "en" }
  const counts = monthLanguages.map((language) => count(named.filter(({ languages }) => languages?.has(language))))
  const most = Math.max(...counts)
  const best = monthLanguages.filter((_, at) => counts[at] === most)
  const [name = "en"] = best
  // The same name may be another month in a neighbouring language: listopad is November in Polish and October in Croatian.
  const differing = named.filter(({ languages }) => new Set(best.map((language) => languages?.get(language))).size > 1)
  return differing.length === 0 ? { name } : { name, doubt: { reason: "language", tally: sumOf(differing) } }
}

function count(sorts: readonly Sort[]): number {
  return sorts.reduce((sum, { tally }) => sum + tally.count, 0)
}

function sumOf(sorts: readonly Sort[]): Tally {
  return Tally.sum(sorts.map(({ tally }) => tally))
}
