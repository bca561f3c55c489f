import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { instantOf } from "../../model/fine-instant.ts"
import { parseIsoDate } from "../parse-iso-date.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { quoted } from "./quoted.ts"

/** What numbers may count. */
export const epochUnits = ["seconds", "milliseconds"] as const

/** The last instant of a `Date`, in milliseconds. */
const last = 8.64e15
/** Counts before this one, as milliseconds, are in the first months of 1970; as seconds, they reach to the year 2286. */
const firstMilliseconds = 1e10

/** Reads whole numbers, as cells or as text, as instants since 1970 in UTC. */
export class EpochReader implements ColumnReader {
  readonly #unit: (typeof epochUnits)[number]

  constructor(unit: (typeof epochUnits)[number]) {
    this.#unit = unit
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    if (column instanceof DateColumn) return column
    const values = new Float64Array(column.length).fill(Number.NaN)
    const nulls = new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell === null) continue
      const ms = this.#instant(cell)
      if (Math.abs(ms) <= last) values[row] = ms
      else {
        nulls.set(row)
        fail(row, "epoch.unreadable", `${quoted(cell)} is not a number of ${this.#unit} since 1970.`, this.#suggest(cell))
      }
    }
    return new DateColumn(values, column.length, nulls)
  }

  #instant(cell: unknown): number {
    if (cell instanceof Date) return instantOf(cell)
    const count = countOf(cell)
    return this.#unit === "seconds" ? count * 1000 : count
  }

  #suggest(cell: unknown): string | undefined {
    if (
      typeof cell === "string" &&
      cell.length < 40 &&
      !Number.isNaN(parseIsoDate(Buffer.from(cell.trim()), 0, Buffer.byteLength(cell.trim())))
    )
      return "Read the column with cell.date()."
    const isLong = Math.abs(countOf(cell)) >= firstMilliseconds
    return this.#unit === "seconds" && isLong ? 'If it counts milliseconds, declare cell.epoch("milliseconds").' : undefined
  }
}

/** A whole number, as a number or as plain digits; NaN for anything else. */
function countOf(cell: unknown): number {
  if (typeof cell === "number") return Number.isInteger(cell) ? cell : Number.NaN
  return typeof cell === "string" && /^\s{0,9}-?\d{1,17}\s{0,9}$/.test(cell) ? Number(cell) : Number.NaN
}
