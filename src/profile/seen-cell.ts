import { dayMs } from "../cells/civil-date.ts"
import { numberText } from "../cells/number-text.ts"
import { toDate } from "../model/fine-instant.ts"

/** A cell as a sketch keeps it: plain JSON, and short. */
export type SeenCell =
  | {
      readonly type: "text"
      /** The first 200 bytes. */
      readonly text: string
      /** Its length in characters. */
      readonly characters: number
      /** Whether white space surrounds it. */
      readonly isPadded: boolean
    }
  | { readonly type: "number" | "date"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "other"; readonly text: string }

/** The most bytes of a text that are kept. */
export const longestSeen = 200

/** The cell as text, as a profile shows it. */
export function shownCell(cell: SeenCell, most = 100): string {
  const text = textOf(cell)
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 2)
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 2 : most - 1)}…`
}

function textOf(cell: SeenCell): string {
  if (cell.type === "text" || cell.type === "other") return cell.text
  if (cell.type === "number") return numberText(cell.value)
  if (cell.type === "date") return shownInstant(cell.value)
  return String(cell.value)
}

/** A day without its time, if it has none. */
export function shownInstant(ms: number): string {
  const text = toDate(ms).toISOString()
  return ms % dayMs === 0 ? text.slice(0, text.indexOf("T")) : text.replace(".000Z", "Z")
}
