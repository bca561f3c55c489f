/** A cell of a sketched sheet. A text is inline, null leaves the cell out, and the object form states the style or the whole value. */
export type SketchedCell = string | number | boolean | null | { readonly value: number | string; readonly style: number }

/** The XML of rows from a row on, counted from 1. */
export function sheetRows(rows: readonly (readonly SketchedCell[])[], first = 1): string {
  return rows
    .map((cells, at) => `<row r="${first + at}">${cells.map((cell, j) => cellXml(cell, `${letters(j)}${first + at}`)).join("")}</row>`)
    .join("")
}

function cellXml(cell: SketchedCell, address: string): string {
  if (cell === null) return ""
  if (typeof cell === "string") return `<c r="${address}" t="str"><v>${cell}</v></c>`
  if (typeof cell === "boolean") return `<c r="${address}" t="b"><v>${Number(cell)}</v></c>`
  if (typeof cell === "number") return `<c r="${address}"><v>${cell}</v></c>`
  return `<c r="${address}" s="${cell.style}"><v>${cell.value}</v></c>`
}

function letters(column: number): string {
  return column < 26 ? String.fromCharCode(65 + column) : `${letters(Math.floor(column / 26) - 1)}${letters(column % 26)}`
}
