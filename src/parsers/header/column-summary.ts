import type { CellValue } from "../../model/cell-value.ts"
import { type ApparentKind, apparentKind } from "./apparent-kind.ts"
import { isTellingShape, textShape } from "./text-shape.ts"

/** What the rows below the header hold in one column. */
export interface ColumnSummary {
  filled: number
  readonly kinds: Map<ApparentKind, number>
  readonly shapes: Map<string, number>
  readonly values: Set<string>
  shortest: number
  longest: number
}

/** The kind and shape of a cell. */
interface CellPattern {
  readonly kind: ApparentKind
  readonly shape: string
  /** The beginning of its text, for comparisons. */
  readonly text: string
  readonly length: number
}

/** Patterns of cells met so far: the same text may be in every cell, and rows may be judged ten times. */
export type CellPatterns = Map<CellValue, CellPattern>

/** Summarises a column of some rows. */
export function summariseColumn(
  rows: readonly (readonly CellValue[])[],
  body: readonly number[],
  column: number,
  patterns: CellPatterns,
): ColumnSummary {
  const summary: ColumnSummary = {
    filled: 0,
    kinds: new Map(),
    shapes: new Map(),
    values: new Set(),
    shortest: Number.POSITIVE_INFINITY,
    longest: 0,
  }
  for (const at of body) {
    const cell = rows[at]?.[column] ?? null
    const { kind, shape, text, length } = patterns.get(cell) ?? patternOf(cell, patterns)
    if (kind === "empty" || kind === "missing") continue
    summary.filled++
    summary.kinds.set(kind, (summary.kinds.get(kind) ?? 0) + 1)
    summary.shapes.set(shape, (summary.shapes.get(shape) ?? 0) + 1)
    summary.values.add(text)
    summary.shortest = Math.min(summary.shortest, length)
    summary.longest = Math.max(summary.longest, length)
  }
  return summary
}

function patternOf(cell: CellValue, patterns: CellPatterns): CellPattern {
  const kind = apparentKind(cell)
  const text = kind === "empty" || kind === "missing" ? "" : String(cell).trim()
  const pattern = { kind, shape: kind === "text" ? textShape(text) : kind, text: text.slice(0, 200), length: text.length }
  patterns.set(cell, pattern)
  return pattern
}

/** The kind of a column of numbers, dates or booleans; undefined if it holds text or too many kinds. */
export function typedKind(summary: ColumnSummary): ApparentKind | undefined {
  for (const [kind, count] of summary.kinds) if (kind !== "text" && count >= summary.filled * 0.8) return kind
  return undefined
}

/** How much a cell looks like the name of the column below it. A negative weight means that it does not. */
export function judgeCell(cell: CellValue, summary: ColumnSummary): readonly [weight: number, reason: string] {
  const kind = apparentKind(cell)
  if (summary.filled === 0 || kind === "missing" || kind === "empty") return [0, ""]
  const typed = typedKind(summary)
  if (typed !== undefined) {
    if (kind === "text") return [1, `text over ${typed}s`]
    return kind === typed ? [-1, `a ${kind} over ${typed}s`] : [0.3, `a ${kind} over ${typed}s`]
  }
  if (kind === "number" && isYear(cell) && !summary.kinds.has("number")) return [0.3, "a year over text"]
  if (kind === "number" || kind === "date") return [-0.7, `a ${kind} over text`]
  return judgeText(String(cell).trim(), summary)
}

/** Whether a cell is a year of our time, which may well be a name. */
export function isYear(cell: CellValue): boolean {
  return /^(?:19|20)\d\d$/.test(String(cell).trim())
}

/** Addresses are values even where no two have the same shape. */
function addressKind(text: string): "URL" | "e-mail address" | undefined {
  if (/^(?:https?|ftp|s3):\/\/\S+$/i.test(text)) return "URL"
  return /^[^\s@,;]+@[^\s@,;]+$/.test(text) ? "e-mail address" : undefined
}

/** A date or a time, as at the beginning of a line of a log. */
const instant = /^\[?\d{1,4}[-/.:]\d{1,2}(?:[-/.:]\d{1,4})?\b/

function judgeText(text: string, summary: ColumnSummary): readonly [weight: number, reason: string] {
  if (summary.values.has(text.slice(0, 200))) return [-1, "a text that the rows below repeat"]
  const address = addressKind(text)
  if (address !== undefined && [...summary.values].filter((value) => addressKind(value) === address).length * 2 > summary.values.size)
    return [-1, `${address === "URL" ? "a" : "an"} ${address} over ${address}s`]
  if (instant.test(text) && [...summary.values].every((value) => instant.test(value)))
    return [-1, "a text that begins with a time, like those below"]
  const [shape, often] = [...summary.shapes].reduce((most, one) => (one[1] > most[1] ? one : most), ["", 0])
  const least = shape.startsWith("9") ? 2 : 3
  if (summary.filled >= least && often >= summary.filled * 0.8 && isTellingShape(shape)) {
    return textShape(text) === shape ? [-0.6, "text of the same shape as below"] : [0.6, "text of a different shape than below"]
  }
  if (summary.filled >= 8 && summary.values.size * 3 <= summary.filled) return [0.5, "a text that a column of few values does not have"]
  if (summary.filled >= 5 && summary.shortest === summary.longest) {
    // A name may well be as long as the codes below it, so an equal length says nothing.
    return text.length === summary.shortest ? [0, ""] : [0.4, "text of a different length than below"]
  }
  return [0, ""]
}
