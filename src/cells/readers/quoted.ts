import { shownText } from "../../errors/shown-text.ts"
import { CellError } from "../../model/cell-error.ts"

/** A cell as messages show it: quoted, and cut where it is long. */
export function quoted(cell: unknown): string {
  if (cell instanceof CellError) return `the error ${cell.error}`
  if (cell instanceof Date) return `the date ${cell.toISOString()}`
  if (typeof cell !== "string") return `${typeof cell === "object" ? "" : `the ${typeof cell} `}${shownText(String(cell))}`
  return JSON.stringify(shownText(cell))
}
