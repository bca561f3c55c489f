import { CellError } from "../../model/cell-error.ts"

const shown = 60

/** A cell as messages show it: quoted, and cut where it is long. */
export function quoted(cell: unknown): string {
  if (cell instanceof CellError) return `the error ${cell.error}`
  if (cell instanceof Date) return `the date ${cell.toISOString()}`
  if (typeof cell !== "string") return `${typeof cell === "object" ? "" : `the ${typeof cell} `}${String(cell)}`
  return JSON.stringify(cell.length > shown ? `${cell.slice(0, shown)}…` : cell)
}
