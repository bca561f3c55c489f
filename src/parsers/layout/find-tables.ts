import { apparentKind } from "../header/apparent-kind.ts"
import { isColumnWord } from "../header/column-words.ts"
import { isTellingShape, textShape } from "../header/text-shape.ts"

/** A record or row of a sample. */
export interface SampleLine {
  readonly cells: readonly string[]
  /** Whether blank lines precede it. */
  readonly apart: boolean
}

/** The lines of one table: its header, the rows, and the lines between it and the table above. */
export interface TableRange {
  /** The index of its first line. */
  readonly from: number
  /** The index after its last line. */
  readonly to: number
}

/** How much must suggest that a table begins, and how many rows above and below are compared. */
const leastEvidence = 3
const bodyLook = 20
const longestPreamble = 50
const longestLabel = 60

interface Line extends SampleLine {
  /** The number of cells without the blank ones at the end. */
  readonly width: number
  readonly filled: number
}

/**
 * Divides the lines of a sample into tables, which stand below each other: a row of names begins another one if it differs from the rows above
 * it and suits those below.
 *
 * Evidence is a blank line or a title above the names, another width that the rows below share, names over numbers or dates, and a name of the
 * first header. One of the first three is needed, because a row of bad values stands over numbers, too. A row that repeats the first header begins
 * no table, nor does one whose rows below go on as those above began.
 */
export function findTables(sample: readonly SampleLine[]): TableRange[] {
  const lines = sample.map(lineOf)
  const starts = [0]
  let header: number | undefined
  let widths = new Set<number>()
  lines.forEach((line, at) => {
    if (header === undefined) {
      if (isLabels(line) && at + 1 < lines.length) header = at
    } else if (at > header + 1 && startsTable(lines, at, header, widths)) {
      const top = topOf(lines, at)
      if (top <= header) return
      starts.push(top)
      header = at
      widths = new Set()
    }
    if (line.filled >= 2) widths.add(line.width)
  })
  const ranges = starts.map((from, at): TableRange => ({ from, to: starts[at + 1] ?? lines.length }))
  // Names and values side by side, above a wider table, describe that table.
  return ranges.filter((range, at) => at === ranges.length - 1 || !isPreamble(lines, range, ranges[at + 1] ?? range))
}

function lineOf({ cells, apart }: SampleLine): Line {
  const width = cells.findLastIndex((cell) => cell.trim() !== "") + 1
  return { cells, apart, width, filled: cells.filter((cell) => cell.trim() !== "").length }
}

function isLabels({ cells, width, filled }: Line): boolean {
  if (filled < 2 || filled < width) return false
  for (let j = 0; j < width; j++) {
    const cell = cells[j] ?? ""
    if (cell.length > longestLabel || apparentKind(cell) !== "text") return false
  }
  return new Set(cells.slice(0, width).map((cell) => cell.trim())).size === width
}

/** `header`: the last header above. `widths`: those of the rows since then. */
function startsTable(lines: readonly Line[], at: number, header: number, widths: ReadonlySet<number>): boolean {
  const [line, next, names] = [lines[at], lines[at + 1], lines[header]]
  if (line === undefined || next === undefined || names === undefined) return false
  if (next.filled < 2 || next.apart || !isLabels(line)) return false
  const known = new Set(names.cells.map((cell) => cell.trim()))
  const shared = line.cells.slice(0, line.width).filter((cell) => known.has(cell.trim())).length
  if (shared === line.width && line.width === names.width) return false
  const below = rowsFrom(lines, at + 1)
  const contrasts = contrastsOf(line, [below])
  if (contrasts < 0) return false
  const gap = isApart(lines, at)
  const title = !gap && (lines[at - 1]?.filled ?? 0) === 1 && isApart(lines, at - 1)
  // Blank cells at the end of a row make it narrower, but no other table.
  const mayBeShort = line.width < names.width && line.cells.length === names.cells.length && contrasts === 0 && !title
  const alike = below.filter(({ width }) => width === line.width).length
  const wider = !widths.has(line.width) && !mayBeShort && alike > 0
  const above = lines.slice(Math.max(header + 1, at - bodyLook), at).filter(isRow)
  // Below a header without rows, these are its rows.
  if (above.length === 0 && line.width === names.width) return false
  if (!title && !wider && shared === 0 && continues(line, above, below)) return false
  // Texts in several columns of numbers and dates may be names, but a row of bad values has them too.
  const between = contrasts < 2 ? 0 : contrastsOf(line, [above, below])
  let evidence = 0
  if (gap || title) evidence++
  if (title) evidence++
  if (wider) evidence += alike >= 3 || alike === below.length ? 2 : 1
  if (contrasts > 0) evidence++
  if (shared > 0) evidence += shared * 2 > line.width ? 2 : 1
  // Names under a column of numbers or dates end it.
  if (gap && contrasts > 0 && line.cells.some((cell, j) => cell.trim() !== "" && holdsValues(above, j))) evidence++
  if (between >= 3) evidence += 3
  else if (between === 2 && gap) evidence++
  return evidence >= leastEvidence && (gap || title || wider)
}

/** Whether the rows below a line go on as those above it began, so that the line is one of them: a record of an error, or one with bad values. */
function continues(line: Line, above: readonly Line[], below: readonly Line[]): boolean {
  if (line.cells.some(isColumnWord)) return false
  for (let j = 0; j < line.width; j++) {
    if (holdsValues(above, j) && holdsValues(below, j)) continue
    const texts = (rows: readonly Line[]) => new Set(rows.map(({ cells }) => cells[j]?.trim() ?? "").filter((text) => text !== ""))
    const [before, after, shape] = [texts(above), texts(below), textShape(line.cells[j] ?? "")]
    const isAlike = isTellingShape(shape) && [...before, ...after].every((text) => textShape(text) === shape)
    if (!isAlike && ![...after].some((text) => before.has(text))) return false
  }
  return true
}

function isRow({ filled }: Line): boolean {
  return filled >= 2
}

function isApart(lines: readonly Line[], at: number): boolean {
  return lines[at]?.apart === true || lines[at - 1]?.filled === 0
}

/** The records up to the next gap. */
function rowsFrom(lines: readonly Line[], from: number): readonly Line[] {
  const rows: Line[] = []
  for (let at = from; at < lines.length && rows.length < bodyLook; at++) {
    const line = lines[at]
    if (line === undefined || line.filled === 0 || (at > from && line.apart)) break
    rows.push(line)
  }
  return rows
}

/** How many cells of a line stand over numbers or dates, in each of the groups of rows; negative if the rows repeat a cell. */
function contrastsOf(line: Line, groups: readonly (readonly Line[])[]): number {
  let contrasts = 0
  for (let j = 0; j < line.width; j++) {
    if (groups.some((rows) => rows.some(({ cells }) => cells[j] === line.cells[j]))) return -1
    if (groups.every((rows) => holdsValues(rows, j))) contrasts++
  }
  return contrasts
}

/** Whether the cells of a column are numbers and dates, but for blank ones. */
function holdsValues(rows: readonly Line[], column: number): boolean {
  let values = 0
  for (const { cells } of rows) {
    const kind = apparentKind(cells[column] ?? "")
    if (kind === "number" || kind === "date") values++
    else if (kind !== "empty") return false
  }
  return values > 0
}

/** Blank records and titles above a header belong to its table. A title may have blank lines on both sides. */
function topOf(lines: readonly Line[], header: number): number {
  let top = header
  for (let above = lines[top - 1]; above !== undefined && above.filled <= 1; above = lines[top - 1]) {
    const isAlone = above.filled === 1 && above.apart
    if (lines[top]?.apart === true && !isAlone) break
    top--
  }
  // The blank records between two tables are of neither.
  return top
}

/** Whether the records of a range say something about the table below it, and are no table themselves. */
function isPreamble(lines: readonly Line[], { from, to }: TableRange, next: TableRange): boolean {
  const own = lines.slice(from, to).filter(({ filled }) => filled > 0)
  const rest = lines.slice(next.from, next.to).filter(({ filled }) => filled > 1)
  if (own.every(({ filled }) => filled <= 1)) return true
  const widest = Math.max(...own.map(({ width }) => width))
  const keys = own.map(({ cells }) => cells[0]?.trim() ?? "")
  const [head, ...body] = own
  if (head !== undefined && body.length > 1 && isLabels(head) && contrastsOf(head, [body.slice(0, bodyLook)]) > 0) return false
  return (
    own.length <= longestPreamble &&
    widest <= 2 &&
    rest.length > own.length &&
    rest.every(({ width }) => width > 2) &&
    keys.every((key) => apparentKind(key) === "text") &&
    new Set(keys).size === keys.length
  )
}
