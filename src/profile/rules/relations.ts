import { counted } from "../../errors/counted.ts"
import type { ObservedColumn } from "./observed-column.ts"
import type { ObservedTable } from "./observed-table.ts"
import type { ProposedRule } from "./proposed-rule.ts"
import { ruleThresholds } from "./rule-thresholds.ts"

/** A column of numbers or dates. */
interface Measured {
  readonly column: ObservedColumn
  readonly numbers: readonly number[]
}

const { mostExceptions, mostRows, mostNumbers, probedRows } = ruleThresholds

/** Sums and products among the numbers of a table, and the order of its dates and numbers. */
export function relationsOf(table: ObservedTable): readonly ProposedRule[] {
  const measured = table.columns.flatMap((column) => (column.numbers === undefined ? [] : [{ column, numbers: column.numbers }]))
  const numbers = measured.filter(
    ({ column: { kind, isKey } }) => (kind === "decimal" || kind === "integer") && !(kind === "integer" && isKey),
  )
  const dates = measured.filter(({ column: { kind } }) => kind === "date" || kind === "timestamp")
  const varied = numbers.filter(({ column }) => column.least < column.greatest).slice(0, mostNumbers)
  const totals = totalsAmong(varied, table)
  const related = new Set(totals.flatMap((rule) => (rule.kind === "sum" ? [...rule.parts, rule.total] : [])))
  // That a part is at most its sum follows from the sum.
  const free = varied.filter(({ column: { name } }) => !related.has(name))
  return [...totals, ...ordersAmong(dates, table), ...ordersAmong(free, table)]
}

/** For each column at most one rule that makes it a total: a product before a sum, fewer parts before more. */
function totalsAmong(columns: readonly Measured[], table: ObservedTable): readonly ProposedRule[] {
  const found: ProposedRule[] = []
  const taken = new Set<string>()
  for (const total of columns) {
    const others = columns.filter((other) => other !== total)
    const parts = partsOf(total, others)
    if (parts === undefined) continue
    const names = [...parts.columns.map(({ column }) => column.name), total.column.name]
    const key = [...names].sort().join("\n")
    if (taken.has(key)) continue
    const rule = judged(parts, total, table)
    if (rule === undefined) continue
    taken.add(key)
    found.push(rule)
  }
  return found
}

interface Parts {
  readonly kind: "sum" | "product"
  readonly columns: readonly Measured[]
}

/** The parts of a total in the probed rows. */
function partsOf(total: Measured, others: readonly Measured[]): Parts | undefined {
  for (const size of [2, 3, 4]) {
    for (const columns of subsets(others, size)) {
      if (size === 2 && holds({ kind: "product", columns }, total)) return { kind: "product", columns }
      if (holds({ kind: "sum", columns }, total)) return { kind: "sum", columns }
    }
  }
  return undefined
}

/** Whether parts make the total in the probed rows, in enough of which no part could be left out. */
function holds(parts: Parts, total: Measured): boolean {
  const tolerance = toleranceOf(parts, total.column)
  let [rows, telling, exceptions] = [0, 0, 0]
  for (let row = 0; row < total.numbers.length && rows < probedRows; row++) {
    const made = madeOf(parts, row)
    const difference = Math.abs(made - (total.numbers[row] ?? Number.NaN))
    if (Number.isNaN(difference)) continue
    rows++
    if (difference > tolerance && ++exceptions > Math.max(1, 3 * mostExceptions * probedRows)) return false
    if (isTelling(parts, row)) telling++
  }
  return exceptions <= rows * 3 * mostExceptions && telling >= Math.max(5, rows / 20)
}

/** Whether each part changes the total: it is not zero, and in a product not one. */
function isTelling({ kind, columns }: Parts, row: number): boolean {
  return columns.every(({ numbers }) => numbers[row] !== 0 && (kind === "sum" || Math.abs(numbers[row] ?? 0) !== 1))
}

function madeOf({ kind, columns }: Parts, row: number): number {
  let made = kind === "sum" ? 0 : 1
  for (const { numbers } of columns) made = kind === "sum" ? made + (numbers[row] ?? Number.NaN) : made * (numbers[row] ?? Number.NaN)
  return made
}

/** Half a unit of the last digit of the total, or of the least exact part of a sum. */
function toleranceOf({ kind, columns }: Parts, { scale }: ObservedColumn): number {
  const scales = columns.map(({ column }) => column.scale)
  return 0.6 * 10 ** -(kind === "sum" ? Math.max(scale, ...scales) : scale)
}

function judged(parts: Parts, total: Measured, table: ObservedTable): ProposedRule | undefined {
  const tolerance = toleranceOf(parts, total.column)
  const evidence = evidenceOf(table, (row) => {
    const difference = Math.abs(madeOf(parts, row) - (total.numbers[row] ?? Number.NaN))
    return Number.isNaN(difference) ? undefined : difference <= tolerance
  })
  if (evidence.exceptions > evidence.rows * mostExceptions) return undefined
  const thin = evidence.rows < 20 ? `only ${counted(evidence.rows, "row has", "rows have")} all of these numbers` : undefined
  const names = parts.columns.map(({ column }) => column.name)
  return { kind: parts.kind, parts: names, total: total.column.name, tolerance, ...evidence, thin }
}

/** Pairs of which the first is at most the second, in all rows that have both. */
function ordersAmong(columns: readonly Measured[], table: ObservedTable): readonly ProposedRule[] {
  const rules = columns.flatMap((first) => columns.flatMap((second) => (first === second ? [] : (orderOf(first, second, table) ?? []))))
  // The order of the outer two of three columns follows from the others.
  return rules.filter(({ first, second }) => {
    const after = (name: string) => rules.filter((rule) => rule.first === name).map((rule) => rule.second)
    return !after(first).some((between) => between !== second && after(between).includes(second))
  })
}

type OrderRule = Extract<ProposedRule, { kind: "order" }>

function orderOf(first: Measured, second: Measured, table: ObservedTable): OrderRule | undefined {
  let equal = 0
  let gap = 0
  const most = mostExceptions * table.rows
  const evidence = evidenceOf(
    table,
    (row) => {
      const [low = Number.NaN, high = Number.NaN] = [first.numbers[row], second.numbers[row]]
      if (Number.isNaN(low) || Number.isNaN(high)) return undefined
      if (low === high) equal++
      gap += Math.abs(high - low)
      return low <= high
    },
    most,
  )
  const { rows, exceptions } = evidence
  if (rows === 0 || equal === rows || exceptions > rows * mostExceptions) return undefined
  const span = Math.max(first.column.greatest, second.column.greatest) - Math.min(first.column.least, second.column.least)
  const isDate = first.column.kind === "date" || first.column.kind === "timestamp"
  // Numbers are often in an order by chance, so that their names must suggest it too.
  if (!isDate && !haveOrderWords(first.column.name, second.column.name)) return undefined
  const thin =
    rows < 50
      ? `only ${counted(rows, "row has", "rows have")} both`
      : first.column.greatest <= second.column.least
        ? "the ranges of the two columns do not overlap"
        : isDate && gap / rows > span / 2
          ? "the dates are far apart"
          : undefined
  return { kind: "order", first: first.column.name, second: second.column.name, ...evidence, thin }
}

const lowWords = /(^|[^a-z])(min(imum)?|low(est)?|from|start|begin|net(to)?|opens?)([^a-z]|$)/i
const highWords = /(^|[^a-z])(max(imum)?|high(est)?|to|until|end|stop|gross|brutto|close[sd]?|total)([^a-z]|$)/i

/** Whether names say that one number is the lower and one the higher of two. */
function haveOrderWords(first: string, second: string): boolean {
  const apart = (name: string) => name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
  return lowWords.test(apart(first)) && highWords.test(apart(second))
}

/** Counts the rows that a rule judges and those that break it. `test` returns undefined for a row that it cannot judge. */
function evidenceOf(table: ObservedTable, test: (row: number) => boolean | undefined, most = Number.POSITIVE_INFINITY) {
  let rows = 0
  let exceptions = 0
  const exceptionRows: number[] = []
  for (let row = 0; row < table.rows && exceptions <= most; row++) {
    const isKept = test(row)
    if (isKept === undefined) continue
    rows++
    if (isKept) continue
    if (exceptions++ < mostRows) exceptionRows.push(table.rowNumbers[row] ?? 0)
  }
  return { rows, exceptions, exceptionRows }
}

function* subsets<T>(of: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) yield []
  else for (let at = from; at <= of.length - size; at++) for (const rest of subsets(of, size - 1, at + 1)) yield [of[at] as T, ...rest]
}
