import type { ColumnValues } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { Suspicion } from "./suspicion.ts"
import { emptyCode } from "./text-codes.ts"

/** A row that repeats an earlier one but for one cell. */
export interface TwinRow {
  /** The column in which the rows differ. If they do not, the one by which they were found. */
  readonly column: ColumnValues
  /** The earlier row, by its position in the sample. */
  readonly twin: number
  readonly isEqual: boolean
}

/**
 * Finds the rows that were entered twice, by their position in the sample: they share a value of a column in which nearly every value occurs once, and have all other cells in
 * common but one. If most of them differ in the same column, it changes by right, as the telephone of somebody who has two. And if rows are alike in these other cells even
 * without that value, as those of one shop on one day, the value says nothing.
 */
export function twinRows(columns: readonly ColumnValues[]): ReadonlyMap<number, TwinRow> {
  const found = new Map<number, TwinRow>()
  if (columns.length < limits.leastTwinColumns) return found
  const sums = sumsOf(columns)
  let checks = 0
  for (const key of columns.filter(isNearlyUnique).slice(0, limits.mostTwinKeys)) {
    const telling = new Map<ColumnValues | null, boolean>()
    const isTelling = (differing: ColumnValues | null) => {
      const known = telling.get(differing) ?? (checks++ < limits.mostTwinChecks && shareOfAlike(sums, key, differing) <= limits.mostAlike)
      telling.set(differing, known)
      return known
    }
    for (const rows of groupsOf(key)) {
      for (const [at, row] of rows.entries()) {
        if (found.has(row)) continue
        for (const twin of rows.slice(0, at)) {
          const differing = onlyDifference(columns, row, twin)
          if (differing === undefined || !isTelling(differing)) continue
          found.set(row, { column: differing ?? key, twin, isEqual: differing === null })
          break
        }
      }
    }
  }
  return withoutUsual(found)
}

/** A hash of all cells of each row, from which single cells can be taken out. */
function sumsOf(columns: readonly ColumnValues[]): Int32Array {
  const sums = new Int32Array(columns[0]?.codes.length ?? 0)
  for (const column of columns) for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] as number) + cellHash(column, row)
  return sums
}

function cellHash({ at, codes }: ColumnValues, row: number): number {
  const mixed = Math.imul((codes[row] as number) + Math.imul(at + 1, 0x9e3779b1), 0x85ebca6b)
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35)
}

/** The share of the rows that have all cells but these two in common with a row of another key. */
function shareOfAlike(sums: Int32Array, key: ColumnValues, differing: ColumnValues | null): number {
  // The key of the first row with these cells, or -1 if several keys have them.
  const keys = new Map<number, number>()
  const rests = sums.map((sum, row) => sum - cellHash(key, row) - (differing === null ? 0 : cellHash(differing, row)))
  rests.forEach((rest, row) => {
    const code = key.codes[row] as number
    const before = keys.get(rest)
    keys.set(rest, before === undefined || before === code ? code : -1)
  })
  let alike = 0
  for (const rest of rests) if (keys.get(rest) === -1) alike++
  return alike / Math.max(1, sums.length)
}

/** What speaks against the cell; `place` is the earlier row in the file. What the cell should be is open, because either row may be right. */
export function twinSuspicion({ isEqual }: TwinRow, place: number): Suspicion {
  const message = isEqual ? `The row repeats row ${place}.` : `Row ${place} has the same cells in all other columns.`
  return { reason: "duplicate", weight: limits.twin, message }
}

function isNearlyUnique({ rows, filled, distinct }: ColumnValues): boolean {
  return filled >= limits.fewCells && filled >= limits.twinFilled * rows && distinct >= limits.twinDistinct * filled
}

/** The rows of the values that occur a few times, in order. A value that occurs more often says little. */
function groupsOf({ codes, counts }: ColumnValues): Iterable<readonly number[]> {
  const groups = new Map<number, number[]>()
  codes.forEach((code, row) => {
    const count = counts[code] as number
    if (code === emptyCode || count < 2 || count > limits.mostTwins) return
    const rows = groups.get(code) ?? []
    groups.set(code, rows)
    rows.push(row)
  })
  return groups.values()
}

/** The only column in which two rows differ; null if they are equal, and undefined if they differ in several. */
function onlyDifference(columns: readonly ColumnValues[], one: number, other: number): ColumnValues | null | undefined {
  let differing: ColumnValues | null = null
  for (const column of columns) {
    if (column.codes[one] === column.codes[other]) continue
    if (differing !== null) return undefined
    differing = column
  }
  return differing
}

function withoutUsual(found: ReadonlyMap<number, TwinRow>): ReadonlyMap<number, TwinRow> {
  const counts = new Map<ColumnValues, number>()
  for (const { column } of found.values()) counts.set(column, (counts.get(column) ?? 0) + 1)
  const isUsual = (column: ColumnValues) => {
    const count = counts.get(column) ?? 0
    return count >= limits.fewTwins && count > limits.mostOneColumn * found.size
  }
  return new Map([...found].filter(([, { column }]) => !isUsual(column)))
}
