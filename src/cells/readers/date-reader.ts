import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import type { DayMonthOrder } from "../../model/day-month-order.ts"
import { instantOf as instantOfDate } from "../../model/fine-instant.ts"
import { compileDateFormat, type DateFormat, type DateFormatOptions } from "../date-format.ts"
import { type DateText, datePatternOf, dateText, instantOf } from "../date-text.ts"
import { inOrder, type NumericDate, numericDateOf } from "../day-month.ts"
import { languagesOfMonth, monthKey, monthNames } from "../month-names.ts"
import { parseIsoDate } from "../parse-iso-date.ts"
import { zonedToUtc } from "../zone-offset.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { quoted } from "./quoted.ts"

/** The end of an ISO time that gives its offset from UTC. */
const namesOffset = /:[^:]*(?:[Zz]|[-+]\d\d(?::?\d\d)?)\s*$/

/** How dates are written. Without formats: ISO 8601, month names, and numbers in the order that the column proves. */
export interface DateReaderOptions extends DateFormatOptions {
  readonly formats?: readonly string[] | undefined
  /** The IANA zone of texts without an offset. Default: UTC. */
  readonly zone?: string | undefined
  /** The order that a plan has settled. */
  readonly order?: DayMonthOrder | undefined
  /** Called with what cells prove about the order, if it goes beyond the settled order. */
  readonly evidence?: OrderEvidence | undefined
}

/** Learns what the cells of a column prove about the order of day and month. */
export interface OrderEvidence {
  /** A cell that is a date in only one order. */
  proof(order: "day-first" | "month-first", row: number): void
  /** A cell that is a different date in each order, while no order is settled. */
  doubt(): void
}

/** Reads dates, and text in the declared formats. Numbers, booleans and errors are not dates. */
export class DateReader implements ColumnReader {
  readonly #formats: readonly DateFormat[] | undefined
  readonly #options: DateReaderOptions

  constructor(options: DateReaderOptions = {}) {
    this.#options = options
    this.#formats = options.formats?.map((format) => compileDateFormat(format, options))
  }

  /** Whether numeric dates are read in an order that the cells themselves must prove. */
  get needsOrder(): boolean {
    return this.#formats === undefined
  }

  /** The same reader with a settled order. */
  inOrder(order: DayMonthOrder, evidence?: OrderEvidence): DateReader {
    return new DateReader({ ...this.#options, order, evidence })
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    if (column instanceof DateColumn) return column
    if (column instanceof BytesColumn && this.#formats === undefined && this.#options.zone === undefined) return this.#readIso(column, fail)
    const values = new Float64Array(column.length).fill(Number.NaN)
    const nulls = new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell !== null) this.#readCell(row, cell, values, nulls, fail)
    }
    return new DateColumn(values, column.length, nulls)
  }

  /** The hot path reads ISO dates directly from bytes. Any other cell takes the slow path. */
  #readIso(column: BytesColumn, fail: ReadFailure): DateColumn {
    const { bytes, starts, ends, length } = column
    const given = column.nulls
    const anyNull = given.count !== 0
    const values = new Float64Array(length)
    let nulls: Bitmask | undefined
    let allPlain = true
    for (let row = 0; row < length; row++) {
      if (anyNull && given.has(row)) {
        values[row] = Number.NaN
        continue
      }
      const start = starts[row] ?? 0
      const end = ends[row] ?? 0
      const ms = parseIsoDate(bytes, start, end)
      values[row] = ms
      if (Number.isNaN(ms)) {
        nulls ??= new Bitmask(length, given.bits.slice(), given.count)
        this.#readCell(row, column.at(row), values, nulls, fail)
        if (!Number.isNaN(values[row])) allPlain = false
      } else if (end - start !== 10) allPlain = false
    }
    return new DateColumn(values, length, nulls ?? given, allPlain ? { bytes, starts, ends } : undefined)
  }

  #readCell(row: number, cell: unknown, values: Float64Array, nulls: Bitmask, fail: ReadFailure): void {
    const ms = cell instanceof Date ? instantOfDate(cell) : typeof cell === "string" ? this.#parse(cell, row) : Number.NaN
    if (ms === undefined) {
      nulls.set(row)
      fail(
        row,
        "date.ambiguous",
        `${quoted(cell)} may be day-first or month-first.`,
        'Declare the format, as in cell.date(["dd/MM/yyyy"]).',
      )
    } else if (Number.isNaN(ms)) {
      nulls.set(row)
      if (typeof cell === "string" && dateText(cell.trim())?.isTooFine === true) {
        const message = `${quoted(cell)} has more digits of a second than a date can hold.`
        fail(row, "date.too_fine", message, "Read the column with cell.text() to keep all digits.")
        return
      }
      fail(row, "date.unreadable", `${quoted(cell)} is not a date.`, this.#formats === undefined ? suggest(cell) : undefined)
    } else values[row] = ms
  }

  /** Milliseconds; NaN if it is not a date; undefined if the two orders give different dates. */
  #parse(cell: string, row: number): number | undefined {
    const text = cell.trim()
    if (this.#formats !== undefined) return this.#parseWith(this.#formats, text)
    const bytes = Buffer.from(text)
    const iso = parseIsoDate(bytes, 0, bytes.length)
    if (!Number.isNaN(iso)) return namesOffset.test(text) ? iso : this.#zoned(iso)
    const date = dateText(text)
    if (date === undefined || date.isShort) return Number.NaN
    const numbers = numericDateOf(date)
    if (numbers !== undefined) {
      const ms = this.#inOrder(numbers, row)
      return numbers.hasOffset || ms === undefined ? ms : this.#zoned(ms)
    }
    if (date.form === "numbers") return Number.NaN
    const ms = instantOf(date, date.month === undefined ? undefined : (monthNames("en").get(monthKey(date.month)) ?? 0))
    return date.offset === undefined ? this.#zoned(ms) : ms
  }

  #inOrder(numbers: NumericDate, row: number): number | undefined {
    if (numbers.evidence === "either") return inOrder(numbers, "day-first")
    const { order = "undecided", evidence } = this.#options
    if (numbers.evidence === undefined) {
      if (order === "day-first" || order === "month-first") return inOrder(numbers, order)
      evidence?.doubt()
      return undefined
    }
    if (numbers.evidence !== order) evidence?.proof(numbers.evidence, row)
    return inOrder(numbers, numbers.evidence)
  }

  #parseWith(formats: readonly DateFormat[], text: string): number {
    for (const format of formats) {
      const ms = format.parse(text)
      if (!Number.isNaN(ms)) return format.hasOffset ? ms : this.#zoned(ms)
    }
    return Number.NaN
  }

  #zoned(ms: number): number {
    return this.#options.zone === undefined || Number.isNaN(ms) ? ms : zonedToUtc(ms, this.#options.zone)
  }
}

/** Suggests the format of a date that only a format can read. */
function suggest(cell: unknown): string | undefined {
  const unit = epochUnit(cell)
  if (unit !== undefined) return `If it counts the ${unit} since 1970, declare cell.epoch("${unit}").`
  const date = typeof cell === "string" ? dateText(cell.trim()) : undefined
  if (date === undefined) return undefined
  const [language] = date.month === undefined ? ["en"] : [...languagesOfMonth(date.month).keys()]
  if (language === undefined || (language === "en" && !date.isShort)) return undefined
  return `Declare the format, as in cell.date(["${formatOf(date)}"]${language === "en" ? "" : `, { locale: "${language}" }`}).`
}

/** The unit in which a number is an instant from 1973 to 2286. Smaller numbers, such as the days of a spreadsheet, are none. */
function epochUnit(cell: unknown): "seconds" | "milliseconds" | undefined {
  const count = typeof cell === "number" || (typeof cell === "string" && /^\s{0,9}\d{9,13}\s{0,9}$/.test(cell)) ? Number(cell) : Number.NaN
  return count >= 1e11 && count < 1e13 ? "milliseconds" : count >= 1e8 && count < 1e10 ? "seconds" : undefined
}

function formatOf(date: DateText): string {
  return date.separator === "/" && date.second > 12 ? datePatternOf(date, "M", "d") : datePatternOf(date)
}
