import type { ColumnProfile, EarlierDelivery } from "../../model/column-profile.ts"
import type { DriftFinding, DriftKind, DriftReport } from "../../model/drift.ts"
import { type Difference, distributionDifference, isCategorical, nullDifference, onlyIn } from "./differences.ts"
import { type Pooled, pooled } from "./pooled.ts"
import { discoveries, student } from "./probabilities.ts"

/** Deliveries and columns with fewer cells than this are not compared. */
export const leastCells = 30
/** At most this share of the findings is expected to be false. */
const falseDiscoveryRate = 0.05
/** A finding counts if it is this many times what earlier deliveries differ from each other. */
const margin = 2
/** Counts of rows never vary less than this, as a logarithm, nor less than those of events that come at random: files of equal length are no law. */
const leastDeviation = 0.05

/** From which value on a difference of each kind counts. */
export type DriftBounds = { readonly [K in DriftKind]: number }

export const defaultBounds: DriftBounds = {
  rows: 1.5,
  nulls: 0.2,
  distribution: 0.25,
  newValues: 0.01,
  vanishedValues: 0.01,
  newPatterns: 0.01,
}

/** What a delivery is compared with, and how. */
export interface DriftSettings {
  /** The fewest deliveries that a comparison needs. */
  readonly least: number
  readonly bounds: DriftBounds
}

/** The present delivery. */
export interface PresentDelivery {
  readonly read: number
  readonly columns: readonly ColumnProfile[]
  /** The text or pattern of a key of a profile. */
  textOf(column: string, key: number | string): string | undefined
}

type Measure = (now: Pooled, before: Pooled) => Difference | undefined

const measures: { readonly [K in Exclude<DriftKind, "rows">]: Measure } = {
  nulls: nullDifference,
  distribution: distributionDifference,
  newValues: (now, before) => (isCategorical(before.values) ? onlyIn(now.values, now.size, before.values, before.size) : undefined),
  vanishedValues: (now, before) => (isCategorical(before.values) ? onlyIn(before.values, before.size, now.values, now.size) : undefined),
  newPatterns: (now, before) => (isCategorical(before.values) ? undefined : onlyIn(now.patterns, now.size, before.patterns, before.size)),
}

interface Comparison {
  readonly kind: DriftKind
  readonly column?: string
  readonly difference: Difference
  readonly shown: Pick<DriftFinding, "before" | "now">
  /** How much each earlier delivery differs from the others. */
  past(): readonly number[]
}

/** Compares a delivery with earlier ones. Undefined if there are too few. */
export function findDrift(
  present: PresentDelivery,
  earlier: readonly EarlierDelivery[],
  { least, bounds }: DriftSettings,
): DriftReport | undefined {
  if (earlier.length < least) return undefined
  const comparisons = [...compareRows(present.read, earlier), ...present.columns.flatMap((column) => compareColumn(column, earlier, least))]
  const isDiscovery = discoveries(
    comparisons.map(({ difference }) => difference.probability),
    falseDiscoveryRate,
  )
  const findings = comparisons.flatMap((comparison, at): DriftFinding[] => {
    const { kind, column, difference, shown } = comparison
    if (isDiscovery[at] !== true || difference.value < bounds[kind]) return []
    const bound = Math.max(bounds[kind], margin * usualDifference(kind, comparison.past()))
    if (difference.value < bound) return []
    return [
      {
        kind,
        ...(column === undefined ? {} : { column }),
        value: difference.value,
        bound,
        probability: difference.probability,
        ...(difference.ks === undefined ? {} : { ks: difference.ks }),
        ...shown,
        ...keysShown(kind, column ?? "", difference, present),
      },
    ]
  })
  return { deliveries: earlier.length, comparisons: comparisons.length, findings }
}

/**
 * Counts of rows: the prediction interval of Student's t for one more logarithm. Source: G. Hahn and W. Meeker, "Statistical Intervals", 1991, section
 * 4.7.
 */
function compareRows(read: number, earlier: readonly EarlierDelivery[]): readonly Comparison[] {
  const logs = earlier.map((delivery) => Math.log(Math.max(1, delivery.read)))
  const own = Math.log(Math.max(1, read))
  const count = logs.length
  if (count < 2) return []
  const mean = logs.reduce((sum, log) => sum + log, 0) / count
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (count - 1)
  const t = (own - mean) / (Math.max(leastDeviation, Math.sqrt(variance), Math.exp(-mean / 2)) * Math.sqrt(1 + 1 / count))
  const apart = (log: number, others: readonly number[]) => Math.exp(Math.abs(log - median(others)))
  return [
    {
      kind: "rows",
      difference: { value: apart(own, logs), probability: student(t, count - 1) },
      shown: { before: Math.round(Math.exp(median(logs))), now: read },
      past: () => logs.map((log, at) => apart(log, logs.toSpliced(at, 1))),
    },
  ]
}

function compareColumn(column: ColumnProfile, earlier: readonly EarlierDelivery[], least: number): readonly Comparison[] {
  if (column.rows < leastCells) return []
  const profiles = earlier.flatMap(({ columns }) => columns.find((each) => each.column === column.column && each.rows >= leastCells) ?? [])
  if (profiles.length < least) return []
  const [now, before] = [pooled([column]), pooled(profiles)]
  const hasCells = now.size >= leastCells && profiles.every((each) => pooled([each]).size >= leastCells)
  return Object.entries(measures).flatMap(([name, measure]): Comparison[] => {
    const kind = name as keyof typeof measures
    if (kind !== "nulls" && !hasCells) return []
    const difference = measure(now, before)
    if (difference === undefined) return []
    return [
      {
        kind,
        column: column.column,
        difference,
        shown: kind === "nulls" ? { before: before.nulls / before.rows, now: now.nulls / now.rows } : {},
        past: () => profiles.map((each, at) => measure(pooled([each]), pooled(profiles.toSpliced(at, 1)))?.value ?? 0),
      },
    ]
  })
}

/** The second largest difference among the earlier deliveries: a single exception among them does not count. A factor of rows is compared as a logarithm. */
function usualDifference(kind: DriftKind, past: readonly number[]): number {
  const second = past.toSorted((one, other) => other - one)[1] ?? 0
  return kind === "rows" ? second ** margin / margin : second
}

function keysShown(
  kind: DriftKind,
  column: string,
  { keys }: Difference,
  present: PresentDelivery,
): Pick<DriftFinding, "count" | "examples"> {
  if (keys === undefined) return {}
  // Of vanished values, only hashes are known.
  const texts = kind === "vanishedValues" ? [] : keys.flatMap((key) => present.textOf(column, key) ?? [])
  return { count: keys.length, ...(texts.length === 0 ? {} : { examples: texts.slice(0, 5) }) }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
