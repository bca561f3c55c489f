import type { ColumnValues, JudgedValue } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { Suspicion } from "./suspicion.ts"

/** Judges whether a value belongs to the domain of another column, as after a swap of two fields or a shift of a row. */
export type ForeignJudge = (column: ColumnValues, value: JudgedValue) => Suspicion | undefined

interface Home {
  readonly column: ColumnValues
  readonly count: number
  /** Whether it is frequent in another column too. */
  isShared: boolean
}

export function foreignJudge(columns: readonly ColumnValues[]): ForeignJudge {
  const homes = new Map<string, Home>()
  for (const column of columns)
    column.values.forEach((value, code) => {
      const count = column.counts[code] ?? 0
      if (count < limits.leastForeignCount || !isTelling(column, code)) return
      const known = homes.get(value)
      if (known === undefined) homes.set(value, { column, count, isShared: false })
      else known.isShared = true
    })
  const shared = new Map<ColumnValues, Map<ColumnValues, boolean>>(columns.map((column) => [column, new Map()]))
  const share = (column: ColumnValues, home: ColumnValues) => {
    const known = shared.get(column)
    const found = known?.get(home) ?? sharesDomain(column, home)
    known?.set(home, found)
    return found
  }
  return (column, { text, form, count }) => {
    if (form.kind !== "words" && form.kind !== "code") return undefined
    const home = homes.get(text)
    if (home === undefined || home.isShared || home.column === column) return undefined
    if (count > Math.max(limits.mostForeignHere, limits.foreignRatio * home.count)) return undefined
    // Two columns of the same domain, such as origin and destination, have the same values by right.
    if (share(column, home.column)) return undefined
    const message = `${JSON.stringify(text)} is a frequent value of the column ${JSON.stringify(home.column.name)}.`
    return { reason: "foreign", weight: limits.foreign, message }
  }
}

/** Numbers and single letters are in many columns by chance. */
function isTelling(column: ColumnValues, code: number): boolean {
  const form = column.forms[code]
  return form !== undefined && form.kind !== "number" && (column.values[code] ?? "").length > 1
}

/** Whether more than a few of the values of one column are in the other. */
function sharesDomain(one: ColumnValues, other: ColumnValues): boolean {
  let [cells, both] = [0, 0]
  one.values.forEach((value, code) => {
    if (code === 0) return
    const count = one.counts[code] ?? 0
    cells += count
    if (other.countOf(value) > 0) both += count
  })
  return both > limits.sharedDomain * cells
}
