import { counted } from "../../errors/counted.ts"
import { isCodeName, isIdName } from "./id-name.ts"
import type { ObservedColumn } from "./observed-column.ts"
import type { ObservedTable } from "./observed-table.ts"
import type { ProposedRule } from "./proposed-rule.ts"
import { ruleThresholds } from "./rule-thresholds.ts"

const {
  mostExceptions,
  mostRows,
  probedGroupedRows,
  fewGroups,
  enoughGroups,
  fewOtherGroups,
  enoughOtherGroups,
  fewLuckyRows,
  enoughLuckyRows,
  leastLift,
} = ruleThresholds

type DependencyRule = Extract<ProposedRule, { kind: "dependency" }>

/** A column with its values as whole numbers, by row; -1 where there is none. */
interface Coded {
  readonly column: ObservedColumn
  readonly codes: Int32Array
  readonly distinct: number
  /** The most frequent value, and how many rows have it. */
  readonly usual: number
  readonly usualRows: number
  /** The probability that two rows have the same value. */
  readonly agreement: number
}

/** Columns that determine others: rows with the same postal code have the same town. What follows from others is left out. */
export function dependenciesAmong(table: ObservedTable): readonly ProposedRule[] {
  const coded = table.columns.flatMap((column) => codedOf(column)).filter(({ distinct }) => distinct > 1)
  const found = coded.filter(mayDetermine).flatMap((from) => coded.flatMap((to) => (to === from ? [] : dependencyOf(from, to, table))))
  const integers = coded.flatMap(({ column: { name, kind } }) => (kind === "integer" ? [name] : []))
  return withoutImplied(found, new Set(integers))
}

/** Measures determine nothing, and neither do columns of which every value occurs once. */
function mayDetermine({ column: { kind, isKey, filled }, distinct }: Coded): boolean {
  return (kind === "text" || kind === "integer") && !isKey && distinct >= fewGroups && distinct <= 0.8 * filled
}

function codedOf(column: ObservedColumn): readonly Coded[] {
  const { cells } = column
  if (cells === undefined || column.isKey) return []
  const numbers = new Map<number, number>()
  const counts: number[] = []
  const codes = Int32Array.from(cells, (cell) => {
    if (Number.isNaN(cell)) return -1
    const code = numbers.get(cell) ?? numbers.size
    numbers.set(cell, code)
    counts[code] = (counts[code] ?? 0) + 1
    return code
  })
  let [usual, squares, filled] = [0, 0, 0]
  counts.forEach((count, code) => {
    filled += count
    squares += count * count
    if (count > (counts[usual] ?? 0)) usual = code
  })
  const agreement = squares / Math.max(1, filled) ** 2
  return [{ column, codes, distinct: numbers.size, usual, usualRows: counts[usual] ?? 0, agreement }]
}

function dependencyOf(from: Coded, to: Coded, table: ObservedTable): readonly DependencyRule[] {
  const most = majorities(from, to)
  if (most === undefined) return []
  const sizes = new Int32Array(from.distinct)
  const exceptionRows: number[] = []
  let [rows, exceptions] = [0, 0]
  for (let row = 0; row < from.codes.length; row++) {
    const [group = -1, value = -1] = [from.codes[row], to.codes[row]]
    if (group < 0 || value < 0) continue
    sizes[group] = (sizes[group] ?? 0) + 1
    rows++
    if (value !== most[group] && exceptions++ < mostRows) exceptionRows.push(table.rowNumbers[row] ?? 0)
  }
  let [groups, others, grouped] = [0, 0, 0]
  sizes.forEach((size, group) => {
    if (size < 2) return
    groups++
    grouped += size
    if (most[group] !== to.usual) others++
  })
  // How many rows would contradict an earlier one if the columns had nothing to do with each other.
  const lucky = (grouped - groups) * (1 - to.agreement)
  const guessed = to.usualRows / Math.max(1, to.column.filled)
  if (groups < fewGroups || others < fewOtherGroups || lucky < fewLuckyRows || exceptions > mostExceptions * grouped) return []
  // The share of wrong guesses that knowing the determining column puts right.
  if (exceptions / grouped > (1 - leastLift) * (1 - guessed)) return []
  const evidence = { groups, guessed, grouped }
  const [column, determinant] = [to.column.name, from.column.name]
  const thin = thinReason({ exceptions, groups, others, lucky }, from, to)
  return [{ kind: "dependency", column, determinant, rows, exceptions, exceptionRows, ...evidence, thin }]
}

interface Numbers {
  readonly exceptions: number
  readonly groups: number
  readonly others: number
  readonly lucky: number
}

function thinReason({ exceptions, groups, others, lucky }: Numbers, from: Coded, to: Coded): string | undefined {
  const { name, kind } = to.column
  if (exceptions > 0) return `${counted(exceptions, "row contradicts", "rows contradict")} it`
  if (groups < enoughGroups) return `only ${counted(groups, "value")} of "${from.column.name}" ${groups === 1 ? "repeats" : "repeat"}`
  if (others < enoughOtherGroups) return `nearly all of them have the same "${name}"`
  if (lucky < enoughLuckyRows) return "so few rows may agree by chance"
  if (kind !== "text" && kind !== "boolean" && !(kind === "integer" && isCodeName(name))) return `"${name}" may change by right`
  return undefined
}

/** The value that most rows of each group have, if any has more than half. Undefined if the first rows show that the columns have nothing to do with each other. */
function majorities(from: Coded, to: Coded): Int32Array | undefined {
  const most = new Int32Array(from.distinct).fill(-1)
  const leads = new Int32Array(from.distinct)
  let [grouped, broken] = [0, 0]
  for (let row = 0; row < from.codes.length; row++) {
    const [group = -1, value = -1] = [from.codes[row], to.codes[row]]
    if (group < 0 || value < 0) continue
    const lead = leads[group] ?? 0
    if (most[group] !== -1) {
      grouped++
      if (most[group] !== value) broken++
      if (grouped === probedGroupedRows && broken > 0.1 * grouped) return undefined
    }
    if (lead === 0) most[group] = value
    leads[group] = most[group] === value ? lead + 1 : lead - 1
  }
  return broken > 0.1 * grouped ? undefined : most
}

/**
 * Without rules that others imply. Of columns that determine each other, such as a number and its name, one stands for all: the one whose name says that it identifies,
 * else the first, if it is a number or no name speaks of a code. And if an order determines a customer, and a customer a town, then the town of an order needs no rule.
 */
function withoutImplied(found: readonly DependencyRule[], integers: ReadonlySet<string>): readonly DependencyRule[] {
  const rules = new Map(found.map((rule) => [keyOf(rule.determinant, rule.column), rule]))
  const isEqual = (one: string, other: string) => rules.has(keyOf(one, other)) && rules.has(keyOf(other, one))
  const names = [...new Set(found.map(({ determinant }) => determinant))]
  const standsFor = (name: string) => {
    const equals = names.filter((other) => other === name || isEqual(other, name))
    const [head = name] = equals
    return equals.find(isIdName) ?? (integers.has(head) ? head : equals.find(isCodeName)) ?? head
  }
  const heads = names.filter((name) => standsFor(name) === name)
  return found.filter(({ determinant, column, thin }) => {
    if (!heads.includes(determinant)) return false
    return !heads.some((between) => {
      if (between === column || between === determinant || isEqual(between, determinant)) return false
      const steps = [rules.get(keyOf(determinant, between)), rules.get(keyOf(between, column))]
      return steps.every((step) => step !== undefined && (step.thin === undefined || thin !== undefined))
    })
  })
}

function keyOf(determinant: string, column: string): string {
  return `${determinant}\n${column}`
}
