import { shownText } from "../errors/shown-text.ts"

/** A value as messages show it: short, and without the contents of an object. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shownText(value))
  if (typeof value === "function") return "a function"
  if (typeof value === "symbol") return "a symbol"
  if (typeof value !== "object" || value === null) return String(value)
  if (Array.isArray(value)) return "a list"
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid date" : value.toISOString()
  if (value instanceof RegExp) return "a pattern"
  return "then" in value && typeof value.then === "function" ? "a promise" : "an object"
}

/** The type of a value that no message may show, because it may be a secret or a cell. */
export function shownType(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? `a ${typeof value}` : shownValue(value)
}
