import type { Row } from "../../model/cell-value.ts"
import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { apparentKind } from "../header/apparent-kind.ts"
import { isFirstTotal } from "./first-total.ts"
import { InnerHeaders } from "./inner-headers.ts"
import { keptLines } from "./kept-lines.ts"
import { type Label, labelIn, labelledRows, numbersOf } from "./labelled-rows.ts"
import { isNoteText, isPageText, isRuleText } from "./note-text.ts"
import { RowSums } from "./row-sums.ts"
import { BatchLine, type TableLine } from "./table-line.ts"
import { isSummaryLabel } from "./total-label.ts"

/** The most rows that a footer has. */
export const longestFooter = 12
const longestNote = 400
const mostRemarks = 3
/** How many rows above the footer show what a row of the table looks like, and how many must if nothing else does. */
const bodyRows = 20
const leastRows = 3
const searchedRows = 1000
/** How much is kept of the rows of earlier batches. */
const keptRows = 8
const keptCells = 2000
const keptTotals = 20_000
const noRows: ReadonlySet<number> = new Set()

const totalRow = footerWarning("table.total", "The row is labelled as a total of the rows above it.", 0.8)
const sumRow = footerWarning("table.total", "Each number of the row is the sum of its column.", 0.8)
const summaryRow = footerWarning("table.total", "The row looks like a balance, an average or a tax below the table.", 0.7)
const firstTotalRow = footerWarning("table.total", "The numbers of the row are the sums of the rows below it.", 0.8)
const carriedRow = footerWarning("table.total", "The row carries an amount from one page to the next.", 0.8)
const pageRow = footerWarning("table.note", "The row has the number of a page.", 0.8)
const ruleRow = footerWarning("table.note", "The row is a line drawn between rows.", 0.9)
const noteRow = footerWarning("table.note", "The row looks like a note below the table.", 0.7)
const blankRow = footerWarning("table.blank", "The row is blank and separates the table from a total or a note below it.", 0.9)

function footerWarning(code: string, message: string, confidence: number): Issue {
  return createIssue({ code, message, rule: "table.footer", severity: "warning", confidence })
}

/** What a row of the footer is, if it is no row of the table. Blank rows, and texts that are like no note, are not sure: other rows decide. */
interface Verdict {
  readonly issue: Issue
  readonly isSure: boolean
}

/**
 * Finds totals, subtotals and notes among the rows of a table, and headers of other tables. They get a warning; with `drop`, totals and notes in the
 * last rows are filtered out.
 *
 * A total has a label and numbers that add up the rows above it. In the last rows, a plain label is enough if the row stands apart, has a blank
 * cell where the rows above have values, or has its label in a column without text. A row without a label is a total if it begins with a blank cell
 * and all its numbers are sums. So is the first row of a table that adds up all others. A note is alone in its row, and begins like one or stands below a blank row or a total.
 *
 * Subtotals are looked for in the first thousand rows, in the last batch, and in all others once one was found.
 */
export class SuspectRows {
  readonly #drop: boolean
  readonly #headers = new InnerHeaders()
  #sums = new RowSums()
  /** The last rows of earlier batches. */
  #above: readonly TableLine[] = []
  #seen = 0
  #hasTotals = false
  /** Whether the last row of the batch before is part of a footer. */
  #isInFooter = false

  constructor(drop: boolean) {
    this.#drop = drop
  }

  /**
   * Whether the last row of a batch may belong to a footer that goes on in the next batch. Then pass `mark` the rows that follow, if they are few
   * and the last of the table.
   */
  mayContinue(batch: TableBatch<Row>): boolean {
    if (batch.names.length < 2 || batch.length === 0) return false
    return maybeFooter(new BatchLine(batch, batch.length - 1, undefined))
  }

  /** Marks the rows of a batch. `below`: the last rows of the table, which are in the next batch. With `isLast`, there are none. */
  mark(batch: TableBatch<Row>, isLast: boolean, below: readonly TableLine[] = []): void {
    const { length, names } = batch
    if (names.length < 2 || length === 0) return
    this.#headers.mark(batch)
    if (this.#seen === 0 && isLast && isFirstTotal(batch)) batch.mark(0, firstTotalRow)
    const isEnd = isLast || below.length > 0
    const labelled = this.#isSearchedOn ? labelledRows(batch, this.#hasTotals ? length : searchedRows - this.#seen) : noRows
    this.#seen += length
    const isJudged = labelled.size > 0 || (isEnd && maybeFooter(below.at(-1) ?? new BatchLine(batch, length - 1, undefined)))
    if (isJudged) {
      const all = [...linesOf(batch, 0, this.#above.at(-1)), ...below]
      this.#judge(batch, all, isEnd ? footerTop(all, this.#above.length) : length, labelled)
    } else if (this.#isSearchedOn) for (const line of linesOf(batch, 0, undefined)) if (line.isSelected) this.#sums.add(line)
    if (!isLast) this.#keep(batch)
  }

  /** Whether totals are looked for in rows that are not the last ones. */
  get #isSearchedOn(): boolean {
    return this.#hasTotals || this.#seen < searchedRows
  }

  #judge(batch: TableBatch<Row>, lines: readonly TableLine[], top: number, labelled: ReadonlySet<number>): void {
    const sums = this.#sums
    const verdicts: (Verdict | undefined)[] = []
    lines.forEach((line, at) => {
      // The rows below the batch come again.
      if (at === batch.length) this.#sums = sums.copy()
      if (at >= top) verdicts.push(this.#footerVerdict(lines, at))
      else if (!line.isSelected) return
      else if (!labelled.has(at)) this.#sums.add(line)
      else if (isRule(line)) batch.mark(at, ruleRow)
      else if (this.#isPage(lines, at)) batch.mark(at, pageRow)
      else if (this.#isCarried(lines, at)) batch.mark(at, carriedRow)
      else if (this.#isSubtotal(lines, at)) batch.mark(at, totalRow)
    })
    this.#sums = sums
    const footer = footerRows(verdicts, top === 0 && this.#isInFooter)
    this.#isInFooter = footer.has(batch.length - 1 - top)
    // A total above rows that turned out to be data is a subtotal. One above a remark that is unlike other notes is a total.
    const within = verdicts.flatMap((verdict, at) =>
      verdict?.isSure === true && lasting.includes(verdict.issue) && !footer.has(at) ? [{ at, issue: verdict.issue }] : [],
    )
    const isHere = (at: number) => top + at < batch.length && batch.selection.has(top + at)
    for (const { at, issue } of within) if (isHere(at)) batch.mark(top + at, issue)
    for (const [at, issue] of footer) {
      if (!isHere(at)) continue
      if (this.#drop) batch.drop(top + at)
      else batch.mark(top + at, issue)
    }
  }

  /** Whether a row has only the number of a page. */
  #isPage(lines: readonly TableLine[], at: number): boolean {
    const line = lines[at] as TableLine
    return line.filled === 1 && isPageText(line.first) && lines.some((other) => other.filled > 1)
  }

  /** Whether a row has a label for an amount that goes on to the next page, and the amount. */
  #isCarried(lines: readonly TableLine[], at: number): boolean {
    const line = lines[at] as TableLine
    const label = labelIn(line)
    if (label?.says !== "carried" && label?.says !== "report") return false
    const places = numbersOf(line.cells(), label.column)
    if (places.length === 0 || line.filled !== places.length + 1 || line.filled === line.width) return false
    const isSum = () => this.#sums.find(line, places, { least: 2 }) !== undefined
    return label.says === "carried" || isSum()
  }

  /** Whether a labelled row amid the table adds up rows above it. Otherwise it counts as a row. */
  #isSubtotal(lines: readonly TableLine[], at: number): boolean {
    const line = lines[at] as TableLine
    const label = labelIn(line)
    const places = label === undefined ? [] : numbersOf(line.cells(), label.column)
    const isClear = label?.says === "subtotal"
    const rows =
      label === undefined || places.length === 0 ? undefined : this.#sums.find(line, places, { least: isClear || this.#hasTotals ? 1 : 2 })
    if (rows !== undefined) this.#sums.replace(rows, line)
    else if (!isClear || !this.#lacks(lines, at)) {
      this.#sums.add(line)
      return false
    }
    this.#hasTotals = true
    return true
  }

  /** What a row at the end of the table is, if it is no row of the table. */
  #footerVerdict(lines: readonly TableLine[], at: number): Verdict | undefined {
    const line = lines[at] as TableLine
    if (line.isBlank) return { issue: blankRow, isSure: false }
    if (isRule(line)) return { issue: ruleRow, isSure: true }
    const verdict = this.#rowVerdict(lines, at)
    if (verdict === undefined && line.isSelected) this.#sums.add(line)
    return verdict
  }

  #rowVerdict(lines: readonly TableLine[], at: number): Verdict | undefined {
    const line = lines[at] as TableLine
    const cells = line.cells()
    const filled = cells.filter((cell) => cell !== "")
    const [first = ""] = filled
    if (first.length > longestNote) return undefined
    const label = labelIn(line)
    const places = numbersOf(cells, label?.column)
    const body = this.#body(lines, at)
    const isApart = line.isApart || lines[at - 1]?.isBlank === true
    const isBelowRule = ruleAbove(lines, at) !== undefined
    if (this.#isCarried(lines, at)) return { issue: carriedRow, isSure: true }
    if (label !== undefined && label.says !== "report" && label.says !== "carried" && places.length > 0)
      return this.#isTotal(lines, at, label, places, isApart) ? { issue: totalRow, isSure: true } : undefined
    if (places.length > 0 && isSummaryLabel(first)) {
      const isSure = this.#lacks(lines, at) || this.#isOfAnotherKind(lines, at, cells.indexOf(first))
      return { issue: summaryRow, isSure: isSure && body.length > 1 }
    }
    if (filled.length === 1 && apparentKind(first) === "text") {
      // Where other rows have a single value too, this is one of them.
      if (body.length === 0 || !body.every((above) => above.filled > 1)) return undefined
      const isEnough = body.length >= leastRows
      return { issue: noteRow, isSure: isNoteText(first) ? isEnough || /\d/.test(first) : isEnough && (isApart || isBelowRule) }
    }
    // A row that begins with numbers, such as those of a key, may well lack other values.
    if (places.length !== filled.length || filled.length === cells.length || !this.#lacks(lines, at)) return undefined
    const least = cells[0] === "" ? 2 : 3
    return this.#sums.find(line, places, { least, every: true }) === undefined ? undefined : { issue: sumRow, isSure: true }
  }

  #isTotal(lines: readonly TableLine[], at: number, { says, column }: Label, places: readonly number[], isApart: boolean): boolean {
    const line = lines[at] as TableLine
    const isPlain = says !== "named" && line.cells().findIndex((cell) => cell !== "") === column
    const least = isPlain || this.#hasTotals ? 1 : 2
    const rows = this.#sums.find(line, places, { least, isRounded: isPlain })
    if (rows !== undefined) {
      this.#sums.replace(rows, line)
      return true
    }
    // A company may be called Total, but not two in a row.
    const isAmidLabels = () => [lines[at - 1], lines[at + 1]].some((other) => other !== undefined && labelIn(other) !== undefined)
    if (!isPlain) return this.#lacks(lines, at) && (isApart || isAmidLabels())
    if (isApart || this.#lacks(lines, at) || this.#isOfAnotherKind(lines, at, column)) return true
    return !this.#sums.isWhole && this.#sums.reaches(line, places)
  }

  /** Whether a row has a blank cell where rows above it have values. */
  #lacks(lines: readonly TableLine[], at: number): boolean {
    const body = this.#body(lines, at)
    return lines[at]?.cells().some((cell, j) => cell === "" && body.some((above) => above.cell(j) !== "")) === true
  }

  /** Whether the label stands in a column that has no text above it, such as one of dates. */
  #isOfAnotherKind(lines: readonly TableLine[], at: number, column: number): boolean {
    const body = this.#body(lines, at).map((above) => apparentKind(above.cell(column)))
    return body.filter((kind) => kind !== "empty").length >= 2 && !body.includes("text")
  }

  /** The nearest rows above that are neither blank nor rejected, nor part of a footer by their labels. */
  #body(lines: readonly TableLine[], below: number): readonly TableLine[] {
    const rows: TableLine[] = []
    const earlier = this.#above
    // Notes stand below a drawn line. If the line were amid the table, its rows would have more cells.
    const from = ruleAbove(lines, below) ?? below
    for (let at = from - 1; at >= -earlier.length && at >= from - bodyRows; at--) {
      const line = at >= 0 ? lines[at] : earlier[earlier.length + at]
      if (line?.isSelected === true && !line.isBlank && labelIn(line) === undefined && !isNoteText(line.first)) rows.push(line)
    }
    return rows
  }

  /** Copies what later rows may be compared with. */
  #keep(batch: TableBatch<Row>): void {
    const width = batch.names.length
    const kept = Math.max(2, Math.min(keptRows, Math.floor(keptCells / width)))
    this.#above = [...this.#above, ...keptLines(batch, Math.max(0, batch.length - kept))].slice(-kept)
    if (this.#isSearchedOn) this.#sums.keep(Math.max(kept, Math.floor(keptTotals / width)), width)
    else this.#sums = RowSums.ofLast(this.#above.filter(({ isSelected }) => isSelected))
  }
}

const lasting: readonly Issue[] = [totalRow, summaryRow, carriedRow, ruleRow]

/** Whether a row was rejected, or has text in some of its cells and nothing in the others. */
function lacksCells(line: TableLine): boolean {
  const filled = line.cells().filter((cell) => cell !== "")
  return !line.isSelected || (filled.length < line.width && filled.every((cell) => apparentKind(cell) === "text"))
}

/** Whether all cells of a row are drawn lines, one of them longer than the dashes for no value. */
function isRule(line: TableLine): boolean {
  const filled = line.cells().filter((cell) => cell !== "")
  return filled.length > 0 && filled.every(isRuleText) && filled.some((cell) => cell.length > 2)
}

/** Where a drawn line stands above a row, if all rows from there on are alone in theirs. */
function ruleAbove(lines: readonly TableLine[], at: number): number | undefined {
  let above = at - 1
  while (above >= 0 && above > at - longestFooter && (lines[above] as TableLine).filled < 2 && !isRule(lines[above] as TableLine)) above--
  return above >= 0 && isRule(lines[above] as TableLine) && (lines[above] as TableLine).filled < 2 ? above : undefined
}

/** The row with which a footer may begin, judging by the form of the last rows. `above`: how many rows are known above the first. */
function footerTop(lines: readonly TableLine[], above: number): number {
  let top = lines.length
  const least = Math.max(above > 0 ? 0 : 1, lines.length - longestFooter)
  // Remarks of several cells, or with delimiters in their text, may stand below a total.
  const remarks = lines.length - 1 - lines.findLastIndex((line) => maybeFooter(line))
  if (remarks <= mostRemarks && lines.slice(lines.length - remarks).every((line) => lacksCells(line))) top -= remarks
  while (top > least && maybeFooter(lines[top - 1] as TableLine)) top--
  return top
}

/** Whether a row is blank, alone, labelled as a total or without a label. */
function maybeFooter(line: TableLine): boolean {
  const { filled, width } = line
  if (filled < 2 || labelIn(line) !== undefined || isSummaryLabel(line.first)) return true
  if (filled === width) return false
  // The last row of each batch comes here, and most have a text in one of their first cells.
  for (let place = 0; place < width; place++) {
    const cell = line.cell(place)
    if (cell !== "" && apparentKind(cell) !== "number") return false
  }
  return true
}

/**
 * The rows of the footer with their issues. Rows that are not sure are part of it below one that is, and blank ones above as well. `continues`:
 * whether the row above the first is part of it.
 */
function footerRows(verdicts: readonly (Verdict | undefined)[], continues: boolean): ReadonlyMap<number, Issue> {
  const rows = new Map<number, Issue>()
  let unsure: (readonly [at: number, issue: Issue])[] = []
  for (let at = verdicts.length - 1; at >= 0; at--) {
    const verdict = verdicts[at]
    if (verdict === undefined) break
    // Blank rows below all others belong to nothing.
    if (!verdict.isSure) {
      if (rows.size > 0 || unsure.length > 0 || verdict.issue !== blankRow) unsure.push([at, verdict.issue])
      continue
    }
    for (const [each, issue] of unsure) rows.set(each, issue)
    unsure = []
    rows.set(at, verdict.issue)
  }
  const isWhole = unsure.length + rows.size === verdicts.length
  if ((continues && isWhole) || (rows.size > 0 && unsure.every(([, issue]) => issue === blankRow)))
    for (const [at, issue] of unsure) rows.set(at, issue)
  return rows
}

/** The rows of a batch from one on. `above`: the row before the first. */
export function linesOf(batch: TableBatch<Row>, from: number, above: TableLine | undefined): TableLine[] {
  const lines: TableLine[] = []
  let before = from === 0 ? above : undefined
  for (let row = from; row < batch.length; row++) {
    before = new BatchLine(batch, row, before)
    lines.push(before)
  }
  return lines
}
