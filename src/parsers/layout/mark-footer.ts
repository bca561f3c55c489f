import { cellText } from "../../cells/readers/cell-text.ts"
import type { Row } from "../../model/cell-value.ts"
import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { apparentKind } from "../header/apparent-kind.ts"
import { sumsUp } from "./sums-up.ts"

/** The most rows that a footer has. */
const longest = 12
const longestNote = 400
/** How many rows must have several values before a row with one is a note. */
const leastRows = 3
/** How many rows above the footer show what a row of the table looks like. */
const bodyRows = 20

const total =
  /^(?:(?:grand|sub|overall|sum|report|general)[ -]?)?(?:totals?|sum|totale?|totaux|gesamt|gesamtsumme|summe|zwischensumme|insgesamt|subtotale?|suma|summa|totaal|razem|celkem|итого|всего|合計|总计|總計)(?: general| général| général| generale)?\s*:?$/i
const note =
  /^(?:[*†‡§©]|\(?\d{1,2}\)|notes?\b|sources?\b|quellen?\b|hinweis|anmerkung|fuentes?\b|fonte\b|remarque|generated\b|exported\b|printed\b|created\b|end of\b|page \d|\d+ rows?\b)/i

const totalRow = footerWarning("table.total", "The row is labelled as a total of the rows above it.", 0.8)
const sumRow = footerWarning("table.total", "Each number of the row is the sum of its column.", 0.8)
const noteRow = footerWarning("table.note", "The row looks like a note below the table.", 0.7)
const blankRow = footerWarning("table.blank", "The row is blank and separates the table from a total or a note below it.", 0.9)

function footerWarning(code: string, message: string, confidence: number): Issue {
  return createIssue({ code, message, rule: "table.footer", severity: "warning", confidence })
}

/**
 * Looks for totals and notes in the last rows of a table. They get a warning or, with `drop`, are filtered out.
 *
 * A total has such a label as its first cell and a number; and it stands apart, has a blank cell where the rows above have values, has its label in a
 * column without text, or adds up. A row without a label is a total if it has blank cells and each of its numbers is the sum of its column. A note is
 * alone in its row, and begins like one or stands below a blank row. Blank rows count if a total or a note follows.
 */
export function markFooter(batch: TableBatch<Row>, drop: boolean): void {
  if (batch.names.length < 2) return
  const footer: (readonly [row: number, issue: Issue])[] = []
  let blanks: number[] = []
  for (let row = batch.length - 1; row > 0 && batch.length - row <= longest; row--) {
    const cells = cellsOf(batch, row)
    const issue = labelOf(cells) === "" ? blankRow : footerIssue(batch, row, cells)
    if (issue === undefined) break
    if (issue === blankRow) blanks.push(row)
    else {
      // Blank rows below the footer's last row belong to nothing.
      if (footer.length > 0) footer.push(...blanks.map((blank) => [blank, blankRow] as const))
      blanks = []
      footer.push([row, issue])
    }
  }
  if (footer.length > 0) footer.push(...blanks.map((blank) => [blank, blankRow] as const))
  for (const [at, issue] of footer) {
    if (!batch.selection.has(at)) continue
    if (drop) batch.drop(at)
    else batch.mark(at, issue)
  }
}

/** What a row at the end of the table is, if it is no row of the table. */
function footerIssue(batch: TableBatch<Row>, row: number, cells: readonly string[]): Issue | undefined {
  const label = labelOf(cells)
  if (label.length > longestNote) return undefined
  const filled = cells.filter((cell) => cell !== "")
  const numbers = filled.filter((cell) => apparentKind(cell) === "number")
  const isLabelled = total.test(label) && numbers.length > 0
  const isAlone = filled.length === 1 && apparentKind(label) === "text"
  const mayBeUnlabelled = numbers.length === filled.length && filled.length > 0 && filled.length < cells.length
  if (!isLabelled && !isAlone && !mayBeUnlabelled) return undefined
  const isApart = labelOf(cellsOf(batch, row - 1)) === "" || isBehindBlank(batch, row)
  const body = rowsAbove(batch, row)
  const lacks = cells.some((cell, j) => cell === "" && body.some((above) => above[j] !== ""))
  if (isLabelled) return isApart || lacks || isOfAnotherKind(cells, label, body) || addsUp(batch, row, cells) ? totalRow : undefined
  if (!isAlone) return lacks && addsUp(batch, row, cells) ? sumRow : undefined
  // Where other rows have a single value too, this is one of them.
  const isUnlike = body.length >= leastRows && body.every((above) => above.filter((cell) => cell !== "").length > 1)
  return isUnlike && (isApart || note.test(label)) ? noteRow : undefined
}

/** Whether the label stands in a column that has no text above it, such as one of dates. */
function isOfAnotherKind(cells: readonly string[], label: string, body: readonly (readonly string[])[]): boolean {
  const column = cells.indexOf(label)
  return body.length >= leastRows && body.every((above) => apparentKind(above[column] ?? "") !== "text")
}

/** Whether every number of a row is the sum of its column in the rows of the batch above. */
function addsUp(batch: TableBatch<Row>, row: number, cells: readonly string[]): boolean {
  return cells.every((cell, j) => {
    if (apparentKind(cell) !== "number") return true
    const column = batch.columns[batch.names[j] ?? ""]
    const above = Array.from({ length: row }, (_, at) => textOf(column?.at(at)))
    return sumsUp(
      cell,
      above.filter((text, at) => text !== "" && batch.selection.has(at)),
    )
  })
}

/** Whether blank rows of a sheet or blank lines of a text, which are in no batch, precede a row. */
function isBehindBlank(batch: TableBatch<Row>, row: number): boolean {
  const [own, above] = [batch.origin(row), batch.origin(row - 1)]
  if (own.address !== undefined) return own.row > above.row + 1
  if (own.line === undefined || above.line === undefined) return false
  const breaks = cellsOf(batch, row - 1).reduce((sum, cell) => sum + cell.split("\n").length - 1, 0)
  return own.line > above.line + breaks + 1
}

/** The nearest rows above that are neither blank nor rejected, nor part of a footer by their labels. */
function rowsAbove(batch: TableBatch<Row>, below: number): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = []
  for (let row = below - 1; row >= 0 && row >= below - bodyRows; row--) {
    const cells = cellsOf(batch, row)
    const label = labelOf(cells)
    if (batch.selection.has(row) && label !== "" && !total.test(label) && !note.test(label)) rows.push(cells)
  }
  return rows
}

/** The first cell that is not blank. */
function labelOf(cells: readonly string[]): string {
  return cells.find((cell) => cell !== "")?.slice(0, longestNote + 1) ?? ""
}

function cellsOf(batch: TableBatch<Row>, row: number): readonly string[] {
  return batch.names.map((name) => textOf(batch.columns[name]?.at(row)))
}

function textOf(cell: unknown): string {
  return cell === null || cell === undefined ? "" : (cellText(cell) ?? String(cell)).trim()
}
