import type { KeyCheck } from "../contract/check.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { number, text as textKind } from "../options/option-kinds.ts"
import { medcouple, quantile } from "../sketch/medcouple.ts"
import { cellText } from "./cell-text.ts"

/** Options of `outliers`. */
export interface OutliersOptions {
  /** How sure a finding is, 0 to 1. It is a warning, and takes half of this from the cell. Default: 0.2. */
  readonly confidence?: number | undefined
}

/** The first values of a column, in the order of the file. */
interface Sample {
  readonly values: number[]
}

interface Bounds {
  readonly low: number
  readonly high: number
}

/** So many values are compared; the first judgement needs the fewest of them. Bounds are calculated from these counts only. */
const counts = [100, 200, 400, 700, 1000]
const most = counts.at(-1) ?? 0
/** A boxplot has 1.5, at which seven in a thousand values of a normal distribution are outside. */
const reach = 3

/**
 * Suspects numbers that are far from all others, also if the numbers are skewed, as amounts are: `outlier.suspected`, a warning of low confidence that costs
 * accuracy. The bounds come from the first thousand values. If these only rise or only fall, the file is sorted, and nothing is judged.
 */
export function outliers<const K extends string>(column: K, options: OutliersOptions = {}): KeyCheck<K> {
  checkArgument("The column of outliers()", column, textKind("the name of a column"), "PIPELINE_INVALID")
  checkOptions<OutliersOptions>("outliers()", options, { confidence: number(0, 1) })
  const { confidence = 0.2 } = options
  const known = new WeakMap<Sample, { readonly count: number; readonly bounds: Bounds | undefined }>()
  const boundsOf = (sample: Sample) => {
    const count = counts.findLast((each) => each <= sample.values.length) ?? 0
    const before = known.get(sample)
    if (before?.count === count) return before.bounds
    const bounds = count === 0 ? undefined : outerBounds(sample.values.slice(0, count))
    known.set(sample, { count, bounds })
    return bounds
  }
  return {
    kind: "key",
    name: `outliers.${column}`,
    columns: [column],
    dimension: "accuracy",
    parameters: { confidence },
    begin: (): Sample => ({ values: [] }),
    test([cells], rows, state, fail) {
      if (cells === undefined) return
      const sample = state as Sample
      const values: (readonly [row: number, value: number])[] = []
      for (const row of rows) {
        const value = cells.nulls.has(row) ? Number.NaN : numberOf(cellText(cells, row))
        if (!Number.isFinite(value)) continue
        values.push([row, value])
        if (sample.values.length < most) sample.values.push(value)
      }
      const bounds = boundsOf(sample)
      if (bounds === undefined) return
      for (const [row, value] of values) {
        if (value >= bounds.low && value <= bounds.high) continue
        fail(row, {
          code: "outlier.suspected",
          message: `${cellText(cells, row)} is outside the usual range of ${shown(bounds.low)} to ${shown(bounds.high)}.`,
          severity: "warning",
          confidence,
        })
      }
    },
    merge(one, other) {
      const [first, second] = [(one as Sample).values, (other as Sample).values]
      return { values: [...first, ...second.slice(0, most - first.length)] } satisfies Sample
    },
  }
}

function numberOf(text: string): number {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}

function shown(bound: number): string {
  return String(Number(bound.toPrecision(3)))
}

/** What is far out on the scale of the values, and on the scale of their logarithms if all are positive. Undefined if that says nothing. */
function outerBounds(values: readonly number[]): Bounds | undefined {
  if (isSorted(values)) return undefined
  const plain = adjustedBounds(values)
  if (plain === undefined || values.some((value) => value <= 0)) return plain
  const logs = adjustedBounds(values.map(Math.log))
  if (logs === undefined) return plain
  return { low: Math.min(plain.low, Math.exp(logs.low)), high: Math.max(plain.high, Math.exp(logs.high)) }
}

/** The first values of a sorted file say nothing about later ones. */
function isSorted(values: readonly number[]): boolean {
  const steps = values.slice(1).map((value, at) => Math.sign(value - (values[at] ?? 0)))
  return !steps.includes(-1) || !steps.includes(1)
}

/**
 * The bounds of a boxplot that is adjusted for skewness. Source: M. Hubert and E. Vandervieren, "An Adjusted Boxplot for Skewed Distributions", Computational
 * Statistics & Data Analysis 52 (2008), 5186-5201. Undefined if half of the values are equal.
 */
function adjustedBounds(values: readonly number[]): Bounds | undefined {
  const sorted = Float64Array.from(values).sort()
  const [low, high] = [quantile(sorted, 0.25), quantile(sorted, 0.75)]
  const spread = high - low
  if (!(spread > 0)) return undefined
  const skew = medcouple(sorted)
  const [below, above] = skew >= 0 ? [-4 * skew, 3 * skew] : [-3 * skew, 4 * skew]
  return { low: low - reach * Math.exp(below) * spread, high: high + reach * Math.exp(above) * spread }
}
