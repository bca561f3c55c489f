import type { CellValue } from "../../model/cell-value.ts"
import { apparentKind } from "./apparent-kind.ts"

/**
 * Whether the rows above a header are a form: labels with their values beside them, such as `Customer | ACME | | Date | 2025-01-31`, and titles. Its rows
 * have fewer cells than the header and leave one of its columns blank.
 */
export function isFormAbove(form: readonly (readonly CellValue[])[], header: readonly CellValue[]): boolean {
  const pieces = form.map(runsOf)
  const runs = pieces.flat()
  const isSparse = form.every((cells) => filledOf(cells) < filledOf(header))
  const leavesOut = header.some((name, j) => !isBlank(name) && form.every((cells) => isBlank(cells[j])))
  const arePairs = runs.every(([label = null, ...values]) => apparentKind(label) === "text" && values.length < 2)
  return isSparse && leavesOut && arePairs && runs.some(({ length }) => length === 2)
}

/** The cells of a row that stand side by side without a blank between them. */
function runsOf(cells: readonly CellValue[]): readonly (readonly CellValue[])[] {
  const runs: CellValue[][] = []
  cells.forEach((cell, at) => {
    if (isBlank(cell)) return
    if (at === 0 || isBlank(cells[at - 1])) runs.push([])
    runs.at(-1)?.push(cell)
  })
  return runs
}

function filledOf(cells: readonly CellValue[]): number {
  return cells.filter((cell) => !isBlank(cell)).length
}

function isBlank(cell: CellValue | undefined): boolean {
  return cell === undefined || apparentKind(cell) === "empty"
}
