import { CellError } from "../../model/cell-error.ts"
import type { CellValue } from "../../model/cell-value.ts"

/** What a cell looks like before anything is declared about it. `"missing"` is text that stands for no value, such as "n/a". */
export type ApparentKind = "empty" | "missing" | "number" | "date" | "boolean" | "text"

const missing = /^(?:n\/?a|nan|null|nil|none|#n\/a|unknown|tbd|-+|\.+|\?+)$/i
const digits = "\\d{1,3}(?:[.,'’ \\u00a0\\u202f\\u2009]\\d{3})+(?:[.,]\\d+)?|\\d+(?:[.,]\\d*)?|[.,]\\d+"
const number = new RegExp(`^\\(?[-+]?\\s?(?:[$€£¥]\\s?)?(?:${digits})(?:e[-+]?\\d{1,3})?\\s?[%$€£¥]?\\)?$`, "i")
const date =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:[ap]m|z|[-+]\d{2}:?\d{2})?)?$/i
const clock = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[ap]m)?$/i
const month = /^(?:\d{1,2}[-. ]+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-., ]+\d{1,4}(?:,? \d{4})?$/i
const boolean = /^(?:true|false|yes|no)$/i

/** No number or date is longer than this, so longer text is not examined. */
const longestValue = 40

/** The kind of a cell. Typed values have a known kind; that of a text is inferred. */
export function apparentKind(value: CellValue): ApparentKind {
  if (value === null) return "empty"
  if (typeof value === "number") return "number"
  if (typeof value === "boolean") return "boolean"
  if (typeof value !== "string") return value instanceof CellError ? "missing" : "date"
  const text = value.length > longestValue ? value.slice(0, longestValue + 1).trim() : value.trim()
  if (text === "") return "empty"
  if (text.length > longestValue) return "text"
  const first = text.charCodeAt(0)
  // Most text begins with a letter. It cannot be a number, and it is a date only if it begins with the name of a month.
  const letter = (first | 32) >= 97 && (first | 32) <= 122
  if (letter) return missing.test(text) ? "missing" : boolean.test(text) ? "boolean" : month.test(text) ? "date" : "text"
  if (missing.test(text)) return "missing"
  if (date.test(text) || clock.test(text) || month.test(text)) return "date"
  return number.test(text) ? "number" : "text"
}
