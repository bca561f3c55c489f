import { instantOf, toDate } from "../../model/fine-instant.ts"
import type { ColumnFormat } from "./column-format.ts"
import { dayText, instantText, isMidnight } from "./instant-text.ts"

/** Why a value cannot be written into its column. */
export class Unwritable {
  readonly code: string
  readonly message: string

  constructor(code: string, message: string) {
    this.code = code
    this.message = message
  }
}

/** The text of a value as PostgreSQL reads it for a type, not yet escaped for COPY. */
export function valueText(value: unknown, format: ColumnFormat): string | Unwritable {
  if (format.kind === "json") return jsonText(value)
  if (typeof value === "string") return value
  if (typeof value === "number") return numberText(value, format)
  if (typeof value === "boolean") return booleanText(value, format)
  if (value instanceof Date) return dateText(instantOf(value), format)
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex")}`
  if (Array.isArray(value) && format.kind === "array") return arrayText(value, format)
  if (typeof value === "bigint" || hasTextForm(value)) return String(value)
  return jsonText(value)
}

/** The text of a double, exact to its last digit. */
export function numberText(value: number, format: ColumnFormat): string | Unwritable {
  const { kind, min, max } = format
  if (kind === "integer") {
    if (!Number.isInteger(value)) return notWhole(String(value), format)
    if (value < (min ?? value) || value > (max ?? value)) return new Unwritable("postgres.out_of_range", `${value} is out of range`)
    // Beyond 2^53, the shortest text that reads as the same double is another integer.
    return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString()
  }
  if (Number.isFinite(value)) return Object.is(value, -0) && kind === "float" ? "-0" : String(value)
  if (kind === "json") return new Unwritable("postgres.not_finite", `${value} has no JSON form`)
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
}

/** Why a column of whole numbers does not take this number. */
export function notWhole(shown: string, { max = 0 }: ColumnFormat): Unwritable {
  const type = max < 2 ** 15 ? "a smallint" : max < 2 ** 31 ? "an integer" : "a bigint"
  const remedy = "make its type numeric, or let evolve (--evolve) widen it to the numbers of the file"
  return new Unwritable("postgres.not_whole", `${shown} is not a whole number, but the column is ${type}; ${remedy}`)
}

export function booleanText(value: boolean, { kind }: ColumnFormat): string {
  if (kind === "integer" || kind === "numeric" || kind === "float") return value ? "1" : "0"
  return value ? "true" : "false"
}

/** The text of an instant, in milliseconds since 1970 UTC. Infinity becomes PostgreSQL's `infinity`. */
export function dateText(ms: number, { kind }: ColumnFormat): string | Unwritable {
  if (ms === Number.POSITIVE_INFINITY) return "infinity"
  if (ms === Number.NEGATIVE_INFINITY) return "-infinity"
  if (Number.isNaN(new Date(ms).getTime())) return new Unwritable("postgres.not_a_date", "the value is not a valid date")
  if (kind === "json") return JSON.stringify(toDate(ms))
  if (kind === "timestamp") return instantText(ms)
  if (isMidnight(ms)) return dayText(ms)
  if (kind !== "date") return instantText(ms)
  return new Unwritable("postgres.time_of_day", `${toDate(ms).toISOString()} has a time of day, but the column only holds dates`)
}

function jsonText(value: unknown): string | Unwritable {
  try {
    const text: string | undefined = JSON.stringify(value)
    if (text !== undefined) return text
  } catch {
    // A BigInt, or an object that contains itself.
  }
  return new Unwritable("postgres.not_json", "the value has no JSON form")
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

/** Whether the object's class has its own toString, such as a time of day or a decimal of another library. */
function hasTextForm(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false
  return value.toString !== Object.prototype.toString
}
