/** A range of cells. Rows and columns are counted from 0, and both ends are included. An open end is infinite. */
export interface CellRange {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** The letters of a column that is counted from 0: A, Z, AA, XFD. */
export function columnLetters(column: number): string {
  let letters = ""
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters
  return letters
}

/** The address of a cell: `B4`. Row and column are counted from 0. */
export function formatAddress(row: number, column: number): string {
  return columnLetters(column) + (row + 1)
}

/** The index of a column, counted from 0, by its letters. */
export function columnIndex(letters: string): number {
  let column = 0
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

const corner = /^\$?([a-z]{1,3})?\$?(\d{1,7})?$/i

/** Parses a range in A1 form without a sheet: `B4:H90`, `$B$4`, `B:H`, `4:90`. Returns undefined for other texts: `TAX` may be a name, not a column. */
export function parseRange(text: string): CellRange | undefined {
  const [first = "", last = first, more] = text.trim().split(":")
  const from = corner.exec(first)
  const to = corner.exec(last)
  if (from === null || to === null || more !== undefined || first === "" || last === "") return undefined
  const [, fromLetters, fromRow] = from
  const [, toLetters, toRow] = to
  if ((fromLetters === undefined) !== (toLetters === undefined) || (fromRow === undefined) !== (toRow === undefined)) return undefined
  if ((fromLetters === undefined || fromRow === undefined) && !text.includes(":")) return undefined
  if (Number(fromRow) === 0 || Number(toRow) === 0) return undefined
  const rows = fromRow === undefined ? [0, Number.POSITIVE_INFINITY] : [Number(fromRow) - 1, Number(toRow) - 1]
  const columns = fromLetters === undefined ? [0, Number.POSITIVE_INFINITY] : [columnIndex(fromLetters), columnIndex(toLetters ?? "")]
  return { top: Math.min(...rows), left: Math.min(...columns), bottom: Math.max(...rows), right: Math.max(...columns) }
}

/** Parses a range that may name its sheet: `Sheet1!A1:B2`, `'It''s here'!$A$1`. */
export function parseReference(text: string): { readonly sheet: string | undefined; readonly range: CellRange } | undefined {
  const bang = text.lastIndexOf("!")
  const range = parseRange(text.slice(bang + 1))
  if (range === undefined) return undefined
  if (bang < 0) return { sheet: undefined, range }
  const sheet = text.slice(0, bang).trim()
  const quoted = sheet.startsWith("'") && sheet.endsWith("'") && sheet.length > 1
  return { sheet: quoted ? sheet.slice(1, -1).replaceAll("''", "'") : sheet, range }
}

/** A range in A1 form: `B4:H90`, `B:H`, `4:90`. */
export function formatRange({ top, left, bottom, right }: CellRange): string {
  const allRows = bottom === Number.POSITIVE_INFINITY
  const allColumns = right === Number.POSITIVE_INFINITY
  const from = `${allColumns ? "" : columnLetters(left)}${allRows ? "" : top + 1}`
  return `${from}:${allColumns ? "" : columnLetters(right)}${allRows ? "" : bottom + 1}`
}

/** A sheet's name as references write it: in quotes unless it is a word. */
export function formatSheetName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) ? name : `'${name.replaceAll("'", "''")}'`
}

/** Columns in A1 form: `B:H`. */
export function formatColumns({ left, right }: { readonly left: number; readonly right: number }): string {
  return `${columnLetters(left)}:${columnLetters(right)}`
}
