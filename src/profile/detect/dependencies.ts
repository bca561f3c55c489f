import type { ColumnValues } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import { ramp } from "./suspicion.ts"
import { emptyCode } from "./text-codes.ts"

/** What most rows of a group have in another column. */
export interface Majority {
  /** For each code of the determining column, the code that most rows of its group have; -1 if there is no majority. */
  readonly codes: Int32Array
  /** How many of them have it. */
  readonly counts: Int32Array
  /** How many rows of the group have any value. */
  readonly sizes: Int32Array
}

/** A column that determines others, or a pair of columns. */
export type Determinant = Pick<ColumnValues, "name" | "at" | "values" | "codes" | "counts">

/** One column determines another, in nearly all groups of equal values. */
export interface Dependency extends Majority {
  readonly from: Determinant
  readonly to: ColumnValues
  /** What a clear violation weighs. */
  readonly weight: number
  readonly reason: "dependency" | "source"
  /** The share of the errors of guessing that knowing the determining column removes. */
  readonly lift: number
}

/** The rows of each value of a column, one value after another. */
export interface Groups {
  readonly rows: Int32Array
  /** Where the rows of each code begin; one more at the end. */
  readonly starts: Int32Array
}

/** Finds which columns determine which, in spite of errors. */
export function dependenciesOf(columns: readonly ColumnValues[]): readonly Dependency[] {
  const determining = columns.filter(mayDetermine).slice(0, limits.mostDetermining)
  const determined = columns.filter(mayFollow).slice(0, limits.mostDetermined)
  return determining.flatMap((from) => {
    const groups = groupsOf(from)
    const isEntity = hasSources(from, groups, columns)
    return determined.flatMap((to) => (to === from ? [] : (dependencyOf(from, to, groups, isEntity) ?? [])))
  })
}

/** Whether a pair of columns determines another, of which neither alone tells as much. */
export function dependencyOfPair(pair: Determinant, to: ColumnValues, groups: Groups, best: number): Dependency | undefined {
  const found = mayFollow(to) ? dependencyOf(pair, to, groups, false) : undefined
  const isClear = found !== undefined && found.lift >= limits.leastPairLift && found.lift >= best + limits.leastPairGain
  return isClear && found.reason === "dependency" ? found : undefined
}

/** Measures determine nothing, and neither do values that occur once. */
export function mayDetermine({ forms, counts, distinct, filled, rows }: ColumnValues): boolean {
  if (distinct < 2 || filled < limits.leastGroupedRows || filled < 0.5 * rows) return false
  let [grouped, fractions] = [0, 0]
  forms.forEach((form, code) => {
    const count = counts[code] ?? 0
    if (form === undefined) return
    if (count > 1) grouped += count
    if (form.kind === "number" && (form.layout === "9,999" || !Number.isInteger(form.number ?? 0))) fractions += count
  })
  return grouped >= limits.leastGroupedRows && fractions <= 0.5 * filled
}

/** Values of which nearly all occur once follow from nothing. */
function mayFollow({ distinct, filled }: ColumnValues): boolean {
  return distinct > 1 && distinct <= 0.8 * filled
}

export function groupsOf({ codes, counts, values }: Determinant): Groups {
  const starts = new Int32Array(values.length + 1)
  for (let code = 0; code < values.length; code++) starts[code + 1] = (starts[code] as number) + (counts[code] as number)
  const next = starts.slice()
  const rows = new Int32Array(codes.length)
  codes.forEach((code, row) => {
    const place = next[code] as number
    rows[place] = row
    next[code] = place + 1
  })
  return { rows, starts }
}

function dependencyOf(from: Determinant, to: ColumnValues, groups: Groups, isEntity: boolean): Dependency | undefined {
  const { usual, chance } = spreadOf(to)
  const majority = majorityOf(from, to, groups, usual)
  if (majority === undefined) return undefined
  let [grouped, right] = [0, 0]
  for (let code = 1; code < from.values.length; code++) {
    const size = majority.sizes[code] as number
    if (size < 2) continue
    grouped += size
    // Leaving one out: a row that has the majority's value is predicted if the others have a majority for it without this row.
    if ((majority.codes[code] as number) >= 0) right += majority.counts[code] as number
  }
  if (grouped < limits.leastGroupedRows) return undefined
  const accuracy = right / grouped
  const lift = (accuracy - usual) / (1 - usual)
  const telling = grouped * (1 - usual)
  if (telling < limits.leastTellingRows) return undefined
  const isDirty =
    lift >= limits.leastDirtyLift && chance <= limits.mostChanceAgreement && isPlainDissent(from, to, groups, majority, chance)
  const plain = limits.dependency * ramp(lift, limits.leastLift, limits.clearLift)
  if (isEntity && plain < limits.source && chance <= limits.mostChanceAgreement && accuracy >= limits.leastSourceAgreement)
    return { from, to, ...majority, weight: limits.source, reason: "source", lift }
  const weight = isDirty ? Math.max(plain, limits.dependency * ramp(lift, limits.leastDirtyLift, limits.clearDirtyLift)) : plain
  return weight <= 0.05 ? undefined : { from, to, ...majority, weight, reason: "dependency", lift }
}

/** Undefined if the first groups show that the columns have nothing to do with each other. */
function majorityOf(from: Determinant, to: ColumnValues, { rows, starts }: Groups, usual: number): Majority | undefined {
  const length = from.values.length
  const [codes, counts, sizes] = [new Int32Array(length).fill(-1), new Int32Array(length), new Int32Array(length)]
  const seen = new Int32Array(to.values.length)
  let [probed, agreeing] = [0, 0]
  for (let group = 1; group < length; group++) {
    if (probed >= limits.probedRows) {
      if ((agreeing / probed - usual) / (1 - usual) < limits.leastProbedLift) return undefined
      probed = Number.NEGATIVE_INFINITY
    }
    const [start, end] = [starts[group] as number, starts[group + 1] as number]
    // Rows with nothing in a column have nothing in common.
    if (end - start < 2 || from.values[group] === "0") continue
    let [best, most, second, size] = [-1, 0, 0, 0]
    for (let at = start; at < end; at++) {
      const code = to.codes[rows[at] as number] as number
      if (code === emptyCode) continue
      size++
      seen[code] = (seen[code] as number) + 1
      if ((seen[code] as number) > most) {
        most = seen[code] as number
        best = code
      }
    }
    for (let at = start; at < end; at++) {
      const code = to.codes[rows[at] as number] as number
      if (code !== best && (seen[code] as number) > second) second = seen[code] as number
    }
    for (let at = start; at < end; at++) seen[to.codes[rows[at] as number] as number] = 0
    sizes[group] = size
    if (size > 1) probed += size
    if (most < 2 || most - 1 < second || most === second) continue
    codes[group] = best
    counts[group] = most
    agreeing += most
  }
  return { codes, counts, sizes }
}

/** Whether nearly all groups have a clear majority, and the rows that deviate from it do so as errors do. */
function isPlainDissent(
  from: Determinant,
  to: ColumnValues,
  { rows, starts }: Groups,
  { codes, counts, sizes }: Majority,
  chance: number,
): boolean {
  let [large, clear, pairs, agreeing, dissent, other] = [0, 0, 0, 0, 0, 0]
  const isMajority = new Uint8Array(to.values.length)
  for (const code of codes) if (code >= 0) isMajority[code] = 1
  const seen = new Int32Array(to.values.length)
  for (let group = 1; group < from.values.length; group++) {
    const size = sizes[group] as number
    if (size < limits.largeGroup) continue
    large += size
    const majority = codes[group] as number
    if (majority >= 0 && (counts[group] as number) >= limits.leastMajority * size) clear += size
    const [start, end] = [starts[group] as number, starts[group + 1] as number]
    let deviating = 0
    for (let at = start; at < end; at++) {
      const code = to.codes[rows[at] as number] as number
      if (code === emptyCode || code === majority) continue
      agreeing += seen[code] as number
      seen[code] = (seen[code] as number) + 1
      deviating++
      if (isMajority[code] === 0 && (to.counts[code] as number) >= limits.leastForeignCount) other++
    }
    dissent += deviating
    pairs += (deviating * (deviating - 1)) / 2
    for (let at = start; at < end; at++) seen[to.codes[rows[at] as number] as number] = 0
  }
  if (large < limits.leastGroupedRows || clear < limits.clearGroups * large || pairs < limits.leastDissentPairs) return false
  if (other > limits.mostOtherDissent * dissent) return false
  return (agreeing / pairs - chance) / (1 - chance) <= limits.mostRepeatedDissent
}

/** The share of the most frequent value, and how often two rows agree by chance. */
function spreadOf({ counts, filled }: ColumnValues): { readonly usual: number; readonly chance: number } {
  let [most, squares] = [0, 0]
  for (let code = 1; code < counts.length; code++) {
    const count = counts[code] as number
    if (count > most) most = count
    squares += count * count
  }
  return { usual: most / Math.max(1, filled), chance: squares / Math.max(1, filled) ** 2 }
}

/**
 * Whether the groups of a column are entities of which several sources tell: another column of few texts distinguishes the rows of each group. Numbers and
 * dates do not name sources: the rows of a group are then a series, which changes by right.
 */
function hasSources(from: ColumnValues, { rows, starts }: Groups, columns: readonly ColumnValues[]): boolean {
  let [cells, squares] = [0, 0]
  for (let group = 1; group < from.values.length; group++) {
    const size = (starts[group + 1] as number) - (starts[group] as number)
    cells += size
    squares += size * size
  }
  // The size of the group of a row: wrong values, which make small groups, hardly change it.
  const usualSize = squares / Math.max(1, cells)
  if (usualSize < limits.leastSources) return false
  return columns.some((source) => {
    if (source === from || source.distinct < limits.leastSources || source.distinct > limits.mostSources) return false
    if (usualSize < limits.leastCoverage * source.distinct) return false
    if (source.distinct >= from.distinct || source.filled < limits.sourceUnique * source.rows) return false
    const words = source.shares(({ kind }) => kind)
    if (words.of("number") + words.of("moment") > 0.1) return false
    const last = new Int32Array(source.values.length).fill(-1)
    let repeats = 0
    for (let group = 1; group < from.values.length; group++)
      for (let at = starts[group] as number; at < (starts[group + 1] as number); at++) {
        const code = source.codes[rows[at] as number] as number
        if (last[code] === group) repeats++
        last[code] = group
      }
    return repeats <= (1 - limits.sourceUnique) * from.filled
  })
}
