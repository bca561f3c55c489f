import { visibleText } from "./visible-text.ts"

const longestCell = 200

/** Rows below a header with aligned columns. Columns of numbers are aligned to the right. */
export function textTable(header: readonly string[], texts: readonly (readonly string[])[]): readonly string[] {
  const rows = texts.map((row) => row.map((text) => visibleText(text, longestCell)))
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const isNumeric = header.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d,.]*$/.test(row[at] ?? "")))
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, at) => (isNumeric[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
    return padded.join("  ").trimEnd()
  }
  return [line(header), ...rows.map(line)]
}
