import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { CellValue } from "../../../model/cell-value.ts"
import type { JsonValue } from "../../../model/json-value.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { expectedHeader } from "../../header/expected-header.ts"
import { nameHeaders } from "../../header/header-names.ts"
import { findHeader, type HeaderFound } from "../../header/header-row.ts"
import { headerText, joinHeader } from "../../header/join-header.ts"
import { findTables } from "../../layout/find-tables.ts"
import { noHeaderNotice, preambleNotice, repeatedNotice } from "../../layout/skipped-part.ts"
import type { CellRange } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"
import { HeadSample, type SkippedRows, shownCell } from "./head-sample.ts"
import { areSeparate, besideNotice, tablesBeside } from "./tables-beside.ts"

/** What the options, or the workbook itself, say about a table. */
export interface TableRegion {
  /** Cells outside this range do not belong to the table. */
  readonly range: CellRange | undefined
  /** Sheet row of the header, counted from 1; false if there is no header; undefined to detect it. */
  readonly headerRow: number | false | undefined
  /** The names of the columns, if no row holds them. */
  readonly names?: readonly string[] | undefined
  /** Where to look for the table, if other tables of the sheet are above it or beside it. */
  readonly area?: CellRange | undefined
}

/** The place of a table in its sheet and the names of its columns. */
export interface TableHead {
  readonly names: readonly string[]
  readonly notices: readonly TableNotice[]
  readonly facts: { readonly [fact: string]: JsonValue }
  /** The sheet column of each name, counted from 0. Columns without cells are left out, unless a range was given. */
  readonly columns: readonly number[]
  /** First and last row of the data, counted from 0. The last one may be infinite. */
  readonly top: number
  readonly bottom: number
  /** Whether a range was given. Cells outside it are then ignored. */
  readonly bounded: boolean
  /** Whether a range or a header row was given. Cells above the header are then ignored. */
  readonly stated: boolean
  /** How many rows above the header are in no table. */
  readonly above: number
  /** The texts of the header by table column, if it is a single row. */
  readonly header: readonly (string | null)[] | undefined
  /** The rows of the sample from the next table of the sheet on. */
  readonly next: SkippedRows | undefined
  /** The next tables of the sheet to read: those below and beside this one. */
  readonly others: readonly TableRegion[]
}

/** What a table is chosen by, if several stand below each other. */
export interface TableChoice {
  /** The keys of the headers that the pipeline expects. */
  readonly expected: ReadonlySet<string>
  /** Whether all tables are read. The first is then the first of the sheet, whatever the pipeline expects. */
  readonly allTables: boolean
}

/** Determines the head of a table from the first cells of its sheet. */
export function tableHead(
  blocks: readonly CellBlock[],
  strings: SharedStrings,
  region: TableRegion,
  place: { uri: string; table: string },
  { expected, allTables }: TableChoice,
): TableHead {
  const { range, headerRow } = region
  const area = region.area ?? everywhere
  const whole = new HeadSample(blocks, strings, range ?? area)
  const table = range === undefined && headerRow !== false ? chosenTable(whole, region, allTables ? new Set() : expected) : undefined
  const bottom = table?.next === undefined ? (range ?? area).bottom : table.next - 1
  const isWhole = table === undefined || (table.first === undefined && table.next === undefined)
  const own = { ...area, top: table?.first ?? area.top, bottom }
  const sample = isWhole ? whole : new HeadSample(blocks, strings, own)
  const next = table?.next === undefined ? [] : [areaOf({ ...area, top: table.next })]
  const beside =
    range === undefined && headerRow === undefined && !isNarrow(area)
      ? tablesBeside(sample, (columns) => new HeadSample(blocks, strings, { ...own, ...columns }))
      : []
  if (allTables && areSeparate(beside)) {
    const [first, ...more] = beside.map(({ left, right }) => areaOf({ ...own, left, right }))
    const head = tableHead(blocks, strings, { ...region, ...first }, place, { expected, allTables })
    return { ...head, others: [...head.others, ...more, ...next] }
  }
  const sideBySide = besideNotice(beside)
  const isFound = headerRow === undefined && region.names === undefined
  const found = isFound ? foundHeader(sample, expected) : statedHeader(sample, region, place)
  const top = Math.max(found.dataRow, range?.top ?? 0)
  const columns = sample.columns(found.headerRow ?? top, range)
  const headless = found.headerRow === undefined
  const { names, notices } =
    headless && region.names === undefined
      ? { names: columns.map((_, at) => `column_${at + 1}`), notices: [] }
      : nameHeaders(columns.map((column, at) => region.names?.[at] ?? found.cells[column - sample.left] ?? null))
  const header =
    headless || found.facts["headerRows"] !== 1 ? undefined : columns.map((column) => found.cells[column - sample.left] ?? null)
  const repeats = header === undefined ? [] : repeatedRows(sample, columns, header, top)
  const above = range === undefined ? whole.skipped(area.top, (found.headerRow ?? top) - 1) : undefined
  const first = isFound && headless ? sample.skipped(top, top) : undefined
  return {
    names,
    notices: [
      ...notices,
      ...(sideBySide === undefined ? [] : [sideBySide]),
      ...(above === undefined ? [] : [preambleNotice("row", above)]),
      ...(first === undefined ? [] : [noHeaderNotice("row", first.at, first.text, above !== undefined)]),
      ...repeats
        .slice(0, 1)
        .map((row) => repeatedNotice("row", { count: repeats.length, at: row + 1, text: sample.skipped(row, row)?.text ?? "" })),
    ],
    facts: { headerRow: found.headerRow === undefined ? null : found.headerRow + 1, ...found.facts },
    columns,
    top,
    bottom,
    bounded: range !== undefined || isNarrow(area),
    stated: range !== undefined || headerRow !== undefined || region.area !== undefined,
    above: above?.count ?? 0,
    header,
    next: table?.next === undefined ? undefined : whole.skipped(table.next, Number.POSITIVE_INFINITY),
    others: next,
  }
}

/** The rows of the sample that repeat the header. */
function repeatedRows(sample: HeadSample, columns: readonly number[], header: readonly (string | null)[], top: number): readonly number[] {
  const isSame = (cells: readonly CellValue[]) =>
    columns.every((column, at) => headerText(cells[column - sample.left] ?? null) === (header[at] ?? ""))
  return sample.rows().flatMap(({ row, cells }) => (row >= top && isSame(cells) ? [row] : []))
}

/** The table to read, of those that stand below each other: its first row, unless it is the sample's, and the first row of the next table. */
function chosenTable(
  sample: HeadSample,
  { headerRow }: TableRegion,
  expected: ReadonlySet<string>,
): { readonly first: number | undefined; readonly next: number | undefined } {
  const all = sample.lines()
  const lines = typeof headerRow === "number" ? all.filter(({ row }) => row >= headerRow - 1) : all
  const ranges = findTables(lines)
  const named =
    typeof headerRow === "number"
      ? undefined
      : expectedHeader(
          lines.map(({ cells }) => cells),
          expected,
        )
  const at = named === undefined ? 0 : ranges.findIndex(({ from, to }) => named >= from && named < to)
  const [own, next] = ranges.slice(Math.max(0, at))
  const rowOf = (line: number | undefined) => (line === undefined ? undefined : lines[line]?.row)
  return { first: own?.from === 0 ? undefined : rowOf(own?.from), next: rowOf(next?.from) }
}

const everywhere: CellRange = { top: 0, left: 0, bottom: Number.POSITIVE_INFINITY, right: Number.POSITIVE_INFINITY }

/** Whether an area leaves out columns. */
function isNarrow({ left, right }: CellRange): boolean {
  return left > 0 || right < Number.POSITIVE_INFINITY
}

function areaOf(area: CellRange): TableRegion {
  return { range: undefined, headerRow: undefined, area }
}

interface HeaderPlace {
  /** Counted from 0; undefined if there is none. */
  readonly headerRow: number | undefined
  readonly dataRow: number
  /** By column, from the left of the sample. */
  readonly cells: readonly (string | null)[]
  readonly facts: { readonly [fact: string]: JsonValue }
}

function foundHeader(sample: HeadSample, expected: ReadonlySet<string>): HeaderPlace {
  const rows = sample.rows()
  const cells = rows.map((row) => row.cells)
  const seen = findHeader(cells, { expected })
  const named = expectedHeader(
    cells.map((row) => row.map(shownCell)),
    expected,
  )
  // A header of several rows may have the expected names in its last one.
  const isOther = named !== undefined && (seen.row === undefined || named < seen.row || named >= seen.row + seen.span)
  const found = isOther ? expectedAt(named, cells[named] ?? []) : seen
  const row = found.row === undefined ? undefined : rows[found.row]
  const data = rows[found.dataRow]
  const last = rows[(found.row ?? 0) + found.span - 1]
  return {
    headerRow: row?.row,
    // Rows between the header and the sample's next row may come later in the file.
    dataRow: row === undefined ? (data?.row ?? 0) : (last?.row ?? row.row) + 1,
    cells: found.cells,
    facts: { headerRows: found.span, headerConfidence: found.confidence, headerEvidence: [...found.evidence] },
  }
}

function expectedAt(row: number, cells: readonly CellValue[]): HeaderFound {
  const evidence = ["it has names that the pipeline expects"]
  return { row, span: 1, dataRow: row + 1, cells: joinHeader([cells]), confidence: 1, evidence }
}

function statedHeader(sample: HeadSample, { headerRow, names, range }: TableRegion, place: { uri: string; table: string }): HeaderPlace {
  const first = range?.top ?? 0
  if (headerRow === undefined || headerRow === false) return { headerRow: undefined, dataRow: first, cells: [], facts: {} }
  const row = sample.rowAt(headerRow - 1)
  if (row === undefined && names === undefined) {
    throw new RowgateError({
      code: "HEADER_NOT_FOUND",
      message: `Row ${headerRow} of the sheet "${shownText(place.table)}" is blank, so it cannot be the header.`,
      remedy: "Set the option header to the row number of the header in the spreadsheet, or to false.",
      origin: { ...place, row: headerRow },
    })
  }
  return { headerRow: headerRow - 1, dataRow: headerRow, cells: joinHeader([row ?? []]), facts: { headerRows: 1 } }
}
