import { headerKey } from "../../binding/match-headers.ts"
import type { CellValue } from "../../model/cell-value.ts"
import { joinHeader } from "./join-header.ts"
import { type Judgement, SampledTable } from "./sampled-table.ts"

/** Options of `findHeader`. */
export interface FindHeaderOptions {
  /** How many rows may precede the header. Default: 50. */
  readonly maxPreamble?: number | undefined
  /** How many cells each row of the table has, as in a text file. A row of another length is then not a header. Default: any number. */
  readonly width?: number | undefined
  /** The keys of the headers that the pipeline expects. A name that they have is not joined with the rows below it. Default: none. */
  readonly expected?: ReadonlySet<string> | undefined
}

/** The header of a table, with the evidence for it. */
export interface HeaderFound {
  /** The index of the first header row; undefined if there is none. */
  readonly row: number | undefined
  /** How many rows the header has: 0 if there is none. */
  readonly span: number
  /** The index of the first row after the header that is not blank, or of the table's first row. */
  readonly dataRow: number
  /** One cell for each column, joined from all header rows; empty if there is no header. */
  readonly cells: readonly (string | null)[]
  /** From 0 to 1. */
  readonly confidence: number
  /** The evidence, as phrases. */
  readonly evidence: readonly string[]
}

/**
 * Finds the header among the first rows of a table, typed or text.
 *
 * A header fills the columns that the rows below it fill. It is text where they are numbers or dates, and it looks different from them where
 * they are text. Rows above it that fill few columns are titles. Without evidence either way, the first full row is the header.
 */
export function findHeader(rows: readonly (readonly CellValue[])[], options: FindHeaderOptions = {}): HeaderFound {
  const table = new SampledTable(rows, options.width)
  const header = headerFrom(table, 0, options.maxPreamble ?? 50)
  const { expected } = options
  if (expected === undefined || header.row === undefined || header.span < 2) return header
  const isExpected = (name: string | null | undefined) => expected.has(headerKey(name ?? ""))
  const upper = joinHeader([rows[header.row] ?? []])
  return { ...header, cells: header.cells.map((cell, j) => (isExpected(upper[j]) && !isExpected(cell) ? (upper[j] ?? null) : cell)) }
}

function headerFrom(table: SampledTable, from: number, maxPreamble: number): HeaderFound {
  const { rows } = table
  const top = table.firstFullRow(from, maxPreamble)
  if (top === undefined)
    return { row: undefined, span: 0, dataRow: rows.length, cells: [], confidence: 1, evidence: ["all rows are blank"] }
  const belowForm = from === 0 ? table.headerBelowForm() : undefined
  if (belowForm !== undefined) return found(table, belowForm, belowForm, table.judge(belowForm))
  const ragged = table.raggedHeader(top)
  if (ragged !== undefined) return found(table, ragged, ragged, table.judge(ragged))
  const first = table.judge(top)
  if (first.against > first.for) {
    if (table.isTitle(top)) return headerFrom(table, top + 1, maxPreamble)
    const below = table.headerBelow(top)
    const above = below === undefined ? table.namesAbove(top) : undefined
    if (above !== undefined) return found(table, above, above, table.judge(above))
    if (below === undefined) return noHeader(table.raggedAbove(top)[0] ?? top, first)
    return found(table, below, below, table.judge(below))
  }
  const below = table.headerBehindGap(top) ?? table.labelsBelow(top)
  if (below !== undefined) return found(table, below, below, table.judge(below))
  return found(table, table.topOfHeader(top), table.endOfHeader(top), first)
}

function noHeader(top: number, judged: Judgement): HeaderFound {
  const evidence = [`row ${top + 1} is like the rows below it: ${judged.because.join(", ")}`]
  return { row: undefined, span: 0, dataRow: top, cells: [], confidence: surety(judged.against - judged.for), evidence }
}

function found(table: SampledTable, from: number, to: number, judged: Judgement): HeaderFound {
  const evidence = [`row ${to + 1}: ${judged.because.length === 0 ? "nothing contradicts a header" : judged.because.join(", ")}`]
  if (from < to) evidence.push(`${to - from + 1} rows make one header`)
  const above = table.filledAbove(from)
  if (above > 0) evidence.push(`${above} ${above === 1 ? "row" : "rows"} above it ${above === 1 ? "fills" : "fill"} few columns`)
  return {
    row: from,
    span: to - from + 1,
    dataRow: table.nextFilled(to + 1),
    cells: joinHeader(table.rows.slice(from, to + 1)),
    confidence: surety(judged.for - judged.against),
    evidence,
  }
}

/** The confidence: 0.5 without evidence, and closer to 1 with each column that supports it. */
function surety(weight: number): number {
  return Math.round((0.5 + 0.5 * Math.tanh(weight / 2)) * 100) / 100
}
