import type { ColumnProfile, Frequencies } from "../../model/column-profile.ts"
import { OrderedBuckets } from "../../sketch/ordered-buckets.ts"
import { kept } from "./column-profiler.ts"

/** Keys with their weights, and how many cells of a plain sample they stand for. */
export interface PooledFrequencies<K> {
  readonly weights: ReadonlyMap<K, number>
  /** The weight of the keys that are not known any more. */
  readonly other: number
  readonly total: number
}

/** The profiles of a column in one or several deliveries, as one. */
export interface Pooled {
  readonly rows: number
  readonly nulls: number
  /** The size of a plain sample that says as much as all samples. */
  readonly size: number
  /** Undefined if no profile has numbers. */
  readonly numbers?: OrderedBuckets | undefined
  /** Undefined if no profile has texts, or one has too many different ones. */
  readonly values?: PooledFrequencies<number> | undefined
  readonly patterns?: PooledFrequencies<string> | undefined
  /** Whether all sampled cells are texts, but too many different ones for `values`. */
  readonly isFreeText: boolean
}

/** Merges profiles. Their order does not matter. */
export function pooled(profiles: readonly ColumnProfile[]): Pooled {
  let [rows, nulls, weight, squares] = [0, 0, 0, 0]
  let numbers: OrderedBuckets | undefined
  for (const profile of profiles) {
    rows += profile.rows
    nulls += profile.nulls
    weight += profile.sample?.weight ?? 0
    squares += profile.sample?.squares ?? 0
    const own = profile.sample?.numbers
    if (own === undefined) continue
    const sketch = OrderedBuckets.from(kept.buckets, own)
    if (numbers === undefined) numbers = sketch
    else numbers.merge(sketch)
  }
  const filled = profiles.filter(({ sample }) => sample !== undefined && sample.weight > 0)
  const values = sum(filled.map(({ sample }) => sample?.values))
  return {
    rows,
    nulls,
    size: squares === 0 ? 0 : weight ** 2 / squares,
    numbers,
    values,
    patterns: sum(filled.map(({ sample }) => sample?.patterns)),
    isFreeText: weight > 0 && numbers === undefined && values === undefined,
  }
}

function sum<K>(all: readonly (Frequencies<K> | undefined)[]): PooledFrequencies<K> | undefined {
  if (all.length === 0) return undefined
  const weights = new Map<K, number>()
  let other = 0
  let total = 0
  for (const frequencies of all) {
    if (frequencies === undefined) return undefined
    other += frequencies.other
    total += frequencies.other
    for (const [key, weight] of frequencies.counts) {
      weights.set(key, (weights.get(key) ?? 0) + weight)
      total += weight
    }
  }
  return { weights, other, total }
}
