import type { Kind } from "./zod-properties.ts"

/** Stands for a cell that cannot be read as its column declares. */
export const unreadable: unique symbol = Symbol("unreadable")

const flags = new Map<string, boolean>([
  ...["true", "t", "yes", "y", "on", "1"].map((word) => [word, true] as const),
  ...["false", "f", "no", "n", "off", "0"].map((word) => [word, false] as const),
])

/** Reads a cell as its kind in the plainest way, to compare the kernels with it. */
export function readCell(cell: unknown, kind: Kind): unknown {
  if (cell === null || kind === "any") return cell
  if (typeof cell !== "string") return readTyped(cell, kind)
  if (kind === "text") return cell
  const text = cell.trim()
  if (text === "") return null
  if (kind === "number")
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : unreadable
  if (kind === "boolean") return flags.get(text.toLowerCase()) ?? unreadable
  const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : new Date(Number.NaN)
  // Date reads the 30th of February as the 1st of March.
  const day = text.slice(0, 10)
  return !Number.isNaN(date.getTime()) && new Date(day).toISOString().startsWith(day) ? date : unreadable
}

/** A cell of a workbook or of JSON, which has a kind of its own. */
function readTyped(cell: unknown, kind: Kind): unknown {
  if (cell instanceof Date) return kind === "date" ? cell : kind === "text" ? cell.toISOString().slice(0, 10) : unreadable
  if (kind === "text") return typeof cell === "object" ? JSON.stringify(cell) : String(cell)
  if (kind === "boolean" && (cell === 0 || cell === 1)) return cell === 1
  return typeof cell === kind ? cell : unreadable
}
