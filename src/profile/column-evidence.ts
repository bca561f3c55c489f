import { blanksToNull } from "../cells/blank-cells.ts"
import { dayMs } from "../cells/civil-date.ts"
import { numericDate } from "../cells/day-month.ts"
import { parseIsoDate } from "../cells/parse-iso-date.ts"
import { parseNumber, plainForm } from "../cells/parse-number.ts"
import type { Column } from "../model/column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import type { DayMonthOrder } from "../model/day-month-order.ts"
import type { ProposedColumn } from "./proposal.ts"

/** The most digits with which a double, and a person, can tell a number from its neighbour. A longer one is an identifier. */
const longestNumber = 15

/** What all cells of a column have in common. More samples only narrow it: one cell of another kind makes the column text. */
export class ColumnEvidence {
  #cells = 0
  #nulls = 0
  #numbers = true
  #whole = true
  #dates = true
  #days = true
  #booleans = true
  #dayFirst = 0
  #monthFirst = 0
  #ambiguous = 0

  add(given: Column<unknown>): void {
    const column = blanksToNull(given)
    for (let row = 0; row < column.length; row++) {
      if (column.nulls.has(row)) {
        this.#nulls++
        continue
      }
      this.#cells++
      if (column instanceof BytesColumn) this.#addBytes(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0)
      else this.#addCell(column.at(row))
    }
  }

  proposal(name: string): ProposedColumn {
    const nulls = this.#nulls
    const filled = nulls === 0 && this.#cells > 0
    if (this.#cells === 0) return { name, kind: "text", nulls, filled }
    if (this.#booleans) return { name, kind: "boolean", nulls, filled }
    if (this.#numbers) return { name, kind: this.#whole ? "integer" : "decimal", nulls, filled }
    if (this.#dates && this.#order !== "undecided" && this.#order !== "mixed")
      return { name, kind: this.#days ? "date" : "timestamp", nulls, filled }
    return { name, kind: "text", nulls, filled }
  }

  /** If all dates are ISO dates, there is no order to decide. */
  get #order(): DayMonthOrder | "none" {
    if (this.#dayFirst > 0 && this.#monthFirst > 0) return "mixed"
    if (this.#dayFirst > 0) return "day-first"
    if (this.#monthFirst > 0) return "month-first"
    return this.#ambiguous > 0 ? "undecided" : "none"
  }

  #addCell(cell: unknown): void {
    if (typeof cell === "string") {
      const bytes = Buffer.from(cell)
      this.#addBytes(bytes, 0, bytes.length)
    } else if (typeof cell === "number") {
      this.#dates = this.#booleans = false
      if (!Number.isInteger(cell)) this.#whole = false
    } else if (cell instanceof Date) {
      this.#numbers = this.#booleans = false
      if (cell.getTime() % dayMs !== 0) this.#days = false
    } else {
      this.#numbers = this.#dates = false
      if (typeof cell !== "boolean") this.#booleans = false
    }
  }

  #addBytes(bytes: Buffer, start: number, end: number): void {
    if (this.#numbers) this.#tryNumber(bytes, start, end)
    if (this.#booleans && !isBooleanWord(bytes, start, end)) this.#booleans = false
    if (this.#dates) this.#tryDate(bytes, start, end)
  }

  /** A leading zero, sign or exponent that a number would lose makes the cell text: 007, +49, 1E5 (often a part number). */
  #tryNumber(bytes: Buffer, start: number, end: number): void {
    const value = parseNumber(bytes, start, end)
    const isPlain = !Number.isNaN(value) && plainForm.start < plainForm.end && end - start <= longestNumber + 2
    if (!isPlain) this.#numbers = false
    else if (!Number.isInteger(value) || bytes.subarray(start, end).includes(46)) this.#whole = false
  }

  #tryDate(bytes: Buffer, start: number, end: number): void {
    const iso = parseIsoDate(bytes, start, end)
    if (!Number.isNaN(iso)) {
      if (end - start !== 10) this.#days = false
      return
    }
    const numbers = end - start > 24 ? undefined : numericDate(bytes.toString("latin1", start, end))
    if (numbers === undefined) {
      this.#dates = false
      return
    }
    if (numbers.evidence === "day-first") this.#dayFirst++
    else if (numbers.evidence === "month-first") this.#monthFirst++
    else if (numbers.evidence === undefined) this.#ambiguous++
    if (numbers.time !== 0 || end - start > 10) this.#days = false
  }
}

/** Only `true` and `false`: 0 and 1 are numbers, and "no" may be Norway. */
function isBooleanWord(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > 5) return false
  const word = bytes.toString("latin1", start, end).toLowerCase()
  return word === "true" || word === "false"
}
