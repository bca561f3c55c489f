import { numberText } from "../../cells/number-text.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { instantOf } from "../../model/fine-instant.ts"
import { jsonText } from "../../model/json-text.ts"
import { shownInstant } from "../seen-cell.ts"

/** The most characters of a cell that are compared. Longer cells are prose, in which no single value is right. */
const longest = 200

/** Reads the cells of a column as the texts that people see, so that the same data gives the same texts whatever its format is. A cell without a value is "". */
export function shownTexts(column: Column<unknown>): (row: number) => string {
  const { nulls } = column
  if (column instanceof BytesColumn) {
    const { bytes, starts, ends } = column
    return (row) => (nulls.has(row) ? "" : cut(bytes.toString("utf8", starts[row], ends[row])))
  }
  if (column instanceof NumberColumn) {
    const { shown } = column
    const numbers = column.numbers()
    return (row) => (nulls.has(row) ? "" : (shown?.at(row) ?? numberText(numbers[row] as number)))
  }
  if (column instanceof DateColumn) {
    const times = column.times()
    return (row) => (nulls.has(row) ? "" : shownInstant(times[row] as number))
  }
  return (row) => textOf(column.at(row))
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "string") return cut(value)
  if (typeof value === "number") return numberText(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : shownInstant(instantOf(value))
  return cut(typeof value === "object" && !(String(value) !== "[object Object]" && !Array.isArray(value)) ? jsonText(value) : String(value))
}

function cut(text: string): string {
  return text.length <= longest ? text : text.slice(0, longest)
}
