import type { ColumnValues } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { Suspicion } from "./suspicion.ts"

/** Judges whether a value belongs to the domain of another column, as after a swap of two fields or a shift of a row. */
export function foreignJudge(columns: readonly ColumnValues[]): (column: ColumnValues, value: string) => Suspicion | undefined {
  const homes = new Map<string, ColumnValues[]>()
  for (const column of columns)
    column.values.forEach((value, code) => {
      if ((column.counts[code] ?? 0) < limits.leastForeignCount || !isTelling(column, code)) return
      const known = homes.get(value) ?? []
      if (known.length === 0) homes.set(value, known)
      known.push(column)
    })
  const shared = new Map<ColumnValues, Map<ColumnValues, boolean>>(columns.map((column) => [column, new Map()]))
  const share = (column: ColumnValues, home: ColumnValues) => {
    const known = shared.get(column)
    const found = known?.get(home) ?? sharesDomain(column, home)
    known?.set(home, found)
    return found
  }
  return (column, value) => {
    const found = homes.get(value)
    if (found === undefined || found.length > 1 || found[0] === column) return undefined
    const home = found[0] as ColumnValues
    if (column.countOf(value) > Math.max(limits.mostForeignHere, limits.foreignRatio * home.countOf(value))) return undefined
    // Two columns of the same domain, such as origin and destination, have the same values by right.
    if (share(column, home)) return undefined
    const message = `${JSON.stringify(value)} is a frequent value of the column ${JSON.stringify(home.name)}.`
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
