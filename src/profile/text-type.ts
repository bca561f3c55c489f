import { inOrder, numericDate } from "../cells/day-month.ts"
import { parseIsoDate } from "../cells/parse-iso-date.ts"
import { parseNumber, plainForm } from "../cells/parse-number.ts"

/** What a single cell is by itself, whatever its column is. */
export const cellTypes = ["text", "integer", "decimal", "date", "timestamp", "boolean", "other"] as const

/** A type of `cellTypes`. */
export type CellType = (typeof cellTypes)[number]

/** The most digits with which a double can tell a number from its neighbour. A longer one is an identifier. */
const longestNumber = 15

/** The type of a text, and the value that it has as this type. The result stays in the fields, so that a million cells allocate nothing. */
export class TextType {
  type: CellType = "text"
  /** A number; or milliseconds since 1970, if the text is an ISO date. */
  value = 0
  /** For a date such as 03/04/2025: milliseconds with the day first and with the month first; NaN if there is no such day. Otherwise undefined. */
  orders: { readonly dayFirst: number; readonly monthFirst: number } | undefined = undefined

  read(bytes: Buffer, start: number, end: number): void {
    this.type = "text"
    this.orders = undefined
    const first = bytes[start] as number
    if (end - start > 40) return
    if (first > 57) this.#readWord(bytes, start, end)
    else this.#readNumeric(bytes, start, end)
  }

  #readWord(bytes: Buffer, start: number, end: number): void {
    const first = (bytes[start] as number) | 32
    if ((first !== 116 && first !== 102) || end - start > 5 || end - start < 4) return
    const word = bytes.toString("latin1", start, end).toLowerCase()
    if (word === "true" || word === "false") this.type = "boolean"
  }

  /** A leading zero or sign that a number would lose makes the cell text: 007, +49. */
  #readNumeric(bytes: Buffer, start: number, end: number): void {
    const number = parseNumber(bytes, start, end)
    if (!Number.isNaN(number)) {
      if (plainForm.start === plainForm.end || end - start > longestNumber + 2) return
      this.value = number
      this.type = isWhole(bytes, start, end) ? "integer" : "decimal"
      return
    }
    if (end - start < 8) return
    const ms = parseIsoDate(bytes, start, end)
    if (!Number.isNaN(ms)) {
      this.value = ms
      this.type = end - start > 10 ? "timestamp" : "date"
    } else if (end - start <= 24) this.#readNumericDate(bytes, start, end)
  }

  #readNumericDate(bytes: Buffer, start: number, end: number): void {
    const date = numericDate(bytes.toString("latin1", start, end))
    if (date === undefined) return
    this.orders = {
      dayFirst: date.evidence === "month-first" ? Number.NaN : inOrder(date, "day-first"),
      monthFirst: date.evidence === "day-first" ? Number.NaN : inOrder(date, "month-first"),
    }
    this.type = date.time === 0 && end - start <= 10 ? "date" : "timestamp"
  }
}

function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === 46) return false
  return true
}
