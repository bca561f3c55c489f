import type { CellValue } from "../../model/cell-value.ts"
import { apparentKind } from "./apparent-kind.ts"
import type { ColumnSummary } from "./column-summary.ts"
import { isColumnWord } from "./column-words.ts"
import { textShape } from "./text-shape.ts"

/** This many numbers in a row are names whatever stands beside them. */
const many = 6

/** What the numbers of a row count, if they are names of columns: years or, beside a text, months and the like. `others`: the other rows. */
export function countedNames(
  cells: readonly CellValue[],
  summaries: readonly ColumnSummary[],
  others: () => readonly (readonly CellValue[])[],
): string | undefined {
  if (countsYears(cells, summaries)) return "years in a row"
  return countsUp(cells, summaries) && !others().some(isCount) ? "numbers in a row" : undefined
}

/** Years that increase by one are column names if the columns below hold no years. */
function countsYears(cells: readonly CellValue[], summaries: readonly ColumnSummary[]): boolean {
  const years = cells.map((cell) => (apparentKind(cell) === "number" ? Number(cell) : 0)).filter((year) => year !== 0)
  if (years.length < 2 || !years.every((year) => Number.isInteger(year) && year > 1500 && year < 2500)) return false
  const step = (years[1] ?? 0) - (years[0] ?? 0)
  if (step === 0 || !years.every((year, at) => at === 0 || year - (years[at - 1] ?? 0) === step)) return false
  return summaries.some((summary) => ![...summary.values].some((value) => /^(?:1[5-9]|2[0-4])\d\d$/.test(value)))
}

/** Whether numbers count up from zero or one, beside texts that the rows below do not have. Few numbers need a text that is unlike those below. */
function countsUp(cells: readonly CellValue[], summaries: readonly ColumnSummary[]): boolean {
  if (!isCount(cells)) return false
  const names = cells.flatMap((cell, j) => (apparentKind(cell) === "text" ? [{ text: String(cell).trim(), below: summaries[j] }] : []))
  const isUnlike = names.some(({ text, below }) => isColumnWord(text) || below?.shapes.has(textShape(text)) === false)
  const isNew = names.every(({ text, below }) => below?.values.has(text) !== true)
  return names.length > 0 && isNew && (cells.length - names.length >= many || isUnlike)
}

/** Whether the numbers of a row are 0, 1, 2 or 1, 2, 3 and so on, at least two of them, beside texts only. */
function isCount(cells: readonly CellValue[]): boolean {
  let first: number | undefined
  let count = 0
  for (const cell of cells) {
    const kind = apparentKind(cell)
    if (kind === "text") continue
    const number = kind === "number" ? Number(cell) : Number.NaN
    first ??= number
    if ((first !== 0 && first !== 1) || number !== first + count) return false
    count++
  }
  return count > 1
}
