import type { Column } from "../model/column.ts"
import type { DayMonthOrder } from "../model/day-month-order.ts"
import { daysFromCivil } from "./civil-date.ts"
import { type DateText, dateText } from "./date-text.ts"
import { instantAt } from "./with-microseconds.ts"

/** A date of three numbers, read as far as possible without knowing the order. */
export interface NumericDate {
  readonly first: number
  readonly second: number
  readonly year: number
  /** Milliseconds since midnight, minus the offset from UTC, with microseconds as a fraction. */
  readonly time: number
  readonly hasOffset: boolean
  /** What the numbers alone prove; a number above 12 is not a month. Undefined if both orders are possible and give different dates. */
  readonly evidence: "day-first" | "month-first" | "either" | undefined
}

/** Reads `12/31/2024`, `31.12.2024 14:30` and the like; undefined for another form, or for numbers that are a date in neither order. */
export function numericDate(text: string): NumericDate | undefined {
  const date = dateText(text.trim())
  return date === undefined ? undefined : numericDateOf(date)
}

/** The same for a date whose form is known. */
export function numericDateOf({ form, isShort, offset, first, second, year, time, separator }: DateText): NumericDate | undefined {
  if (form !== "numbers" || isShort) return undefined
  if (first === 0 || second === 0 || (first > 12 && second > 12)) return undefined
  // Nobody writes the month first with full stops.
  const hasStops = separator.startsWith(".")
  if (hasStops && second > 12) return undefined
  const evidence = first === second ? "either" : hasStops || first > 12 ? "day-first" : second > 12 ? "month-first" : undefined
  return { first, second, year, time, hasOffset: offset !== undefined, evidence }
}

/** The instant in a given order, in milliseconds; NaN if there is no such day. */
export function inOrder(date: NumericDate, order: "day-first" | "month-first"): number {
  const [day, month] = order === "day-first" ? [date.first, date.second] : [date.second, date.first]
  return instantAt(daysFromCivil(date.year, month, day), date.time)
}

/** The order that the cells of a sample prove together. */
export function orderOf(sample: Column<unknown>): {
  readonly order: DayMonthOrder
  readonly dayFirst: number
  readonly monthFirst: number
} {
  let dayFirst = 0
  let monthFirst = 0
  for (let row = 0; row < sample.length; row++) {
    const cell = sample.at(row)
    if (typeof cell !== "string") continue
    const evidence = numericDate(cell)?.evidence
    if (evidence === "day-first") dayFirst++
    else if (evidence === "month-first") monthFirst++
  }
  const order = dayFirst > 0 && monthFirst > 0 ? "mixed" : dayFirst > 0 ? "day-first" : monthFirst > 0 ? "month-first" : "undecided"
  return { order, dayFirst, monthFirst }
}
