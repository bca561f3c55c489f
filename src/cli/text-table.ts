import { displayWidth, padToWidth } from "./display-width.ts"
import { visibleText } from "./visible-text.ts"

const longestCell = 200

/** Rows below a header with aligned columns. Columns of numbers are aligned to the right. */
export function textTable(header: readonly string[], texts: readonly (readonly string[])[]): readonly string[] {
  const rows = texts.map((row) => row.map((text) => visibleText(text, longestCell)))
  const widths = header.map((name, at) => Math.max(displayWidth(name), ...rows.map((row) => displayWidth(row[at] ?? ""))))
  const isNumeric = header.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d,.]*$/.test(row[at] ?? "")))
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, at) => (isNumeric[at] === true ? cell.padStart(widths[at] ?? 0) : padToWidth(cell, widths[at] ?? 0)))
    return padded.join("  ").trimEnd()
  }
  return [line(header), ...rows.map(line)]
}
