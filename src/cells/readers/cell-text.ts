import { CellError } from "../../model/cell-error.ts"
import { numberText } from "../number-text.ts"

/**
 * A cell of any kind as text, as the spreadsheet or the file shows it. A date at midnight UTC is written without a time. Undefined for an error
 * cell, which is not a value.
 */
export function cellText(cell: unknown): string | undefined {
  if (typeof cell === "string") return cell
  if (typeof cell === "number") return numberText(cell)
  if (cell instanceof CellError) return undefined
  if (cell instanceof Date) return dateText(cell)
  if (typeof cell === "object") return isPlain(cell) ? JSON.stringify(cell) : String(cell)
  return String(cell)
}

function isPlain(cell: object | null): boolean {
  return (
    Array.isArray(cell) || (cell !== null && (Object.getPrototypeOf(cell) === Object.prototype || Object.getPrototypeOf(cell) === null))
  )
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "Invalid Date"
  const text = date.toISOString()
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, -14) : text.replace(".000Z", "Z")
}
