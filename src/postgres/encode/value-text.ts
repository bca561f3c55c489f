import type { ColumnFormat } from "./column-format.ts"
import { dayText, instantText, isMidnight } from "./instant-text.ts"

/** A value that the column's type cannot hold, and why. */
export class Unwritable {
  readonly code: string
  readonly message: string

  constructor(code: string, message: string) {
    this.code = code
    this.message = message
  }
}

/** A value of any kind as the text that PostgreSQL reads for a type; not yet escaped for COPY. */
export function valueText(value: unknown, format: ColumnFormat): string | Unwritable {
  if (format.kind === "json") return jsonText(value)
  if (typeof value === "string") return value
  if (typeof value === "number") return numberText(value, format)
  if (typeof value === "boolean") return booleanText(value, format)
  if (value instanceof Date) return dateText(value.getTime(), format)
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex")}`
  if (Array.isArray(value) && format.kind === "array") return arrayText(value, format)
  if (typeof value === "bigint" || hasTextForm(value)) return String(value)
  return jsonText(value)
}

/** A double: exact to its last digit, whole where the column is. */
export function numberText(value: number, format: ColumnFormat): string | Unwritable {
  const { kind, min, max } = format
  if (kind === "integer") {
    if (!Number.isInteger(value)) return new Unwritable("postgres.not_whole", `${value} is not a whole number`)
    if (value < (min ?? value) || value > (max ?? value)) return new Unwritable("postgres.out_of_range", `${value} is out of range`)
    // The shortest text that reads as the same double is not the same integer beyond 2^53.
    return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString()
  }
  if (Number.isFinite(value)) return Object.is(value, -0) && kind === "float" ? "-0" : String(value)
  if (kind === "json") return new Unwritable("postgres.not_finite", `${value} has no JSON form`)
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
}

export function booleanText(value: boolean, { kind }: ColumnFormat): string {
  if (kind === "integer" || kind === "numeric" || kind === "float") return value ? "1" : "0"
  return value ? "true" : "false"
}

/** Milliseconds since 1970 UTC. Infinities are PostgreSQL's `infinity`. */
export function dateText(ms: number, { kind }: ColumnFormat): string | Unwritable {
  if (ms === Number.POSITIVE_INFINITY) return "infinity"
  if (ms === Number.NEGATIVE_INFINITY) return "-infinity"
  if (Number.isNaN(new Date(ms).getTime())) return new Unwritable("postgres.not_a_date", "is not a date")
  if (kind === "json") return JSON.stringify(new Date(ms))
  if (kind === "timestamp") return instantText(ms)
  if (isMidnight(ms)) return dayText(ms)
  if (kind !== "date") return instantText(ms)
  return new Unwritable("postgres.time_of_day", `${new Date(ms).toISOString()} has a time of day, and the column holds dates`)
}

function jsonText(value: unknown): string | Unwritable {
  try {
    const text: string | undefined = JSON.stringify(value)
    if (text !== undefined) return text
  } catch {
    // a BigInt or a circle
  }
  return new Unwritable("postgres.not_json", "has no JSON form")
}

function arrayText(values: readonly unknown[], format: ColumnFormat): string | Unwritable {
  const parts: string[] = []
  for (const value of values) {
    const text = value === null || value === undefined ? "NULL" : elementText(value, format)
    if (text instanceof Unwritable) return text
    parts.push(text)
  }
  return `{${parts.join(",")}}`
}

function elementText(value: unknown, format: ColumnFormat): string | Unwritable {
  if (Array.isArray(value)) return arrayText(value, format)
  const text = valueText(value, { kind: "other" })
  return text instanceof Unwritable ? text : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
}

/** Classes that say how they are written (a time of day, a decimal of somebody's library); plain objects and arrays do not. */
function hasTextForm(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false
  return value.toString !== Object.prototype.toString
}
