import type { SourceTableProfile } from "../pipeline/tables/profile.ts"
import type { ColumnProfile, Suspect } from "../profile/table-profile.ts"
import { visibleText } from "./visible-text.ts"

/** The width of a screen that fits everywhere. */
const screen = 100
const gap = "  "
/** The columns of the table, and the most characters of each. The last one takes what is left of the screen, and a little if nothing is. */
const header = ["COLUMN", "KIND", "FILL", "DISTINCT", "MIN", "MEDIAN", "MAX", "TOP VALUES"] as const
const most = [17, 9, 6, 10, 24, 24, 24] as const
const rightAligned = [2, 3]
const leastTop = 10
/** The most characters of a sentence below the table, which goes on in the next line. */
const longestNote = 600
/** The notices that are about cells. */
const ofCells = ["column.units", "cell.not_calculated"]

/** A profile for people: a line for each column, and below them the kinds that are in doubt and the cells that may be wrong. */
export function profileLines({ table, rows, unreadable, hidden, notices, columns }: SourceTableProfile): readonly string[] {
  const cells = columns.map(cellsOf)
  const widths = header.slice(0, -1).map((name, at) => {
    return Math.max(name.length, ...cells.map((each) => Math.min(most[at] ?? 0, (each[at] ?? "").length)))
  })
  const left = screen - widths.reduce((sum, width) => sum + width + gap.length, 0)
  const line = (each: readonly string[]) =>
    [...widths, Math.max(left, leastTop)]
      .map((width, at) => {
        const text = cut(each[at] ?? "", width)
        return rightAligned.includes(at) ? text.padStart(width) : text.padEnd(width)
      })
      .join(gap)
      .trimEnd()
  const doubtful = columns.flatMap(({ name, doubt, remarks = [], suspects }) => {
    const doubts = [...(doubt === undefined ? [] : [doubt]), ...remarks]
    return [...doubts.map((each) => `${name}: ${each}`), ...suspects.map((each) => suspectText(name, each))].flatMap(wrapped)
  })
  const noticed = notices.filter(({ code }) => ofCells.includes(code)).flatMap(({ message }) => wrapped(message))
  const kept = unreadable === 0 ? "" : `, ${whole(unreadable)} of them unreadable`
  const counts = `${whole(rows)} ${rows === 1 ? "row" : "rows"}${kept}, ${whole(columns.length)} ${columns.length === 1 ? "column" : "columns"}`
  return [
    cut(`${table}${hidden ? " (hidden)" : ""}: ${counts}`, screen),
    "",
    line(header),
    ...cells.map(line),
    ...(doubtful.length + noticed.length === 0 ? [] : ["", "May be wrong:", ...doubtful, ...noticed]),
  ]
}

function cellsOf({ name, kind, fill, filled, distinct, exact, min, max, quantiles, top }: ColumnProfile): readonly string[] {
  const isAllUnique = exact && distinct === filled
  return [
    name,
    kind,
    shareText(fill),
    `${exact ? "" : "~"}${whole(distinct)}`,
    valueText(min),
    valueText(quantiles?.p50 ?? null),
    valueText(max),
    isAllUnique ? "" : top.map(({ value, count }) => `${value} ${shareText(count / filled)}`).join(", "),
  ]
}

/** A share, rounded so that only all is 100 % and only nothing is 0 %. */
function shareText(share: number): string {
  const tenths = share === 1 ? 1000 : Math.min(999, Math.round(share * 1000))
  if (tenths === 0 && share > 0) return "<0.1%"
  return `${tenths / 10}%`
}

function valueText(value: number | string | null): string {
  return value === null ? "" : String(value)
}

function suspectText(name: string, { message, examples }: Suspect): string {
  const shown = examples.map(({ value, count }) => `${JSON.stringify(value)}${count === 1 ? "" : ` (${whole(count)})`}`)
  return `${name}: ${message} ${shown.join(", ")}`.trimEnd()
}

function whole(value: number): string {
  return value.toLocaleString("en-US")
}

/** A sentence in lines that fit the screen. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  let line = " "
  for (const word of visibleText(text, longestNote).split(" ")) {
    if (line.length + 1 + word.length > screen && line.trim() !== "") {
      lines.push(line)
      line = "   "
    }
    line += ` ${word}`
  }
  return [...lines, line].map((each) => (each.length <= screen ? each : `${each.slice(0, screen - 1)}…`))
}

function cut(text: string, width: number): string {
  const shown = visibleText(text, width)
  return shown.length <= width ? shown : `${shown.slice(0, width - 1)}…`
}
