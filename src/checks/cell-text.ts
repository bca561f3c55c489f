import { numberText } from "../cells/number-text.ts"
import type { Column } from "../model/column.ts"
import { jsonText } from "../model/json-text.ts"

/** The value of a cell as a text: a number without an exponent and with the zeros that a spreadsheet shows, a date as in ISO 8601. */
export function cellText(column: Column<unknown>, row: number): string {
  return column.shown?.at(row) ?? valueText(column.at(row))
}

/** A value that is not null as a text. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : numberText(value)
  if (value instanceof Date) return value.toISOString()
  return typeof value === "object" ? jsonText(value) : String(value)
}
