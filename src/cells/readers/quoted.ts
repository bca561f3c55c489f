import { shownText } from "../../errors/shown-text.ts"
import { CellError } from "../../model/cell-error.ts"

/** A cell as the subject of a message, in quotes and cut if it is long. */
export function quoted(cell: unknown): string {
  if (cell instanceof CellError) return `The error ${cell.error}`
  if (cell instanceof Date) return `The date ${cell.toISOString()}`
  if (typeof cell !== "string") return `${typeof cell === "object" ? "" : `The ${typeof cell} `}${shownText(String(cell))}`
  return JSON.stringify(shownText(cell))
}
