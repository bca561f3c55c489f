import type { OrderedBuckets } from "../../sketch/ordered-buckets.ts"
import type { Pooled, PooledFrequencies } from "./pooled.ts"
import { binomialTail, chiSquare, smirnov } from "./probabilities.ts"

/** How much two profiles of a column differ. */
export interface Difference {
  readonly value: number
  /** The probability that chance alone makes so large a difference. */
  readonly probability: number
  readonly ks?: number
  /** Values or patterns that only one of the two has. */
  readonly keys?: readonly (number | string)[]
}

/** Distributions are compared in bins with a tenth of the earlier cells each. */
const bins = 10
/** Rarer values of the earlier deliveries share a bin. */
const leastShare = 0.01
/** A column with more cells of rare values is no list of categories. */
const mostOther = 0.1
/** A bin of the chi-square test expects at least so many cells: W. Cochran, Annals of Mathematical Statistics 23 (1952). */
const leastExpected = 5
/** The probability below which a single value counts as new or vanished, before it is divided by the number of values. */
const rate = 0.05

/**
 * Shares of nulls: Cohen's h, |2 asin(sqrt(p)) - 2 asin(sqrt(q))|, after J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, chapter 6. Its
 * square over 1/n + 1/m is a chi-square of one degree of freedom.
 */
export function nullDifference(now: Pooled, before: Pooled): Difference | undefined {
  if (now.rows === 0 || before.rows === 0) return undefined
  const value = Math.abs(angle(now.nulls / now.rows) - angle(before.nulls / before.rows))
  return { value, probability: chiSquare(value ** 2 / (1 / now.rows + 1 / before.rows), 1) }
}

/**
 * Distributions: the population stability index, the sum of (a - e) ln(a / e) over bins with the shares a now and e before (N. Siddiqi, "Credit Risk Scorecards",
 * 2006; it is the divergence of H. Jeffreys, 1946). Half a cell is added to each bin, so that no share is zero. Chance is judged by the Smirnov test for numbers
 * and by Pearson's chi-square of homogeneity for categories.
 */
export function distributionDifference(now: Pooled, before: Pooled): Difference | undefined {
  if (now.size === 0 || before.size === 0) return undefined
  if (before.numbers !== undefined && now.numbers !== undefined) {
    const { shares, ks } = numberBins(now.numbers, before.numbers)
    return { value: psi(shares, now.size, before.size), ks, probability: smirnov(ks, now.size, before.size) }
  }
  if (!isCategorical(before.values)) return undefined
  const shares = valueBins(now.values, before.values)
  return { value: psi(shares, now.size, before.size), probability: homogeneity(shares, now.size, before.size) }
}

/**
 * Values or patterns that only one of the two has. Their `value` is the share of the rows that have them. If the cells of both were dealt at random, a key with x
 * cells would fall into one of the two with a probability that is binomial; it is multiplied by the number of keys (Bonferroni).
 */
export function onlyIn<K extends number | string>(
  one: PooledFrequencies<K> | undefined,
  oneSize: number,
  other: PooledFrequencies<K> | undefined,
  otherSize: number,
): Difference | undefined {
  if (one === undefined || other === undefined || one.total === 0 || other.total === 0) return undefined
  const chance = oneSize / (oneSize + otherSize)
  // A key that seems to be missing may be among those that are not known any more.
  const hidden = Math.round((other.other / other.total) * otherSize)
  const tested = new Set([...one.weights.keys(), ...other.weights.keys()]).size
  const keys: K[] = []
  let value = 0
  let least = 1
  for (const [key, weight] of one.weights) {
    if (other.weights.has(key)) continue
    const share = weight / one.total
    const cells = Math.round(share * oneSize)
    const probability = Math.min(1, binomialTail(cells, cells + hidden, chance) * tested)
    least = Math.min(least, probability)
    if (probability > rate || share < leastShare) continue
    keys.push(key)
    value += share
  }
  return { value, probability: least, keys }
}

/** Whether a column of texts is a list of categories, as far as the earlier deliveries tell. */
export function isCategorical(values: PooledFrequencies<number> | undefined): values is PooledFrequencies<number> {
  return values !== undefined && values.total > 0 && values.other <= mostOther * values.total
}

type Shares = readonly (readonly [now: number, before: number])[]

function angle(share: number): number {
  return 2 * Math.asin(Math.sqrt(share))
}

function psi(shares: Shares, nowSize: number, beforeSize: number): number {
  const smooth = (share: number, size: number) => (share * size + 0.5) / (size + 0.5 * shares.length)
  return shares.reduce((sum, [now, before]) => {
    const [a, e] = [smooth(now, nowSize), smooth(before, beforeSize)]
    return sum + (a - e) * Math.log(a / e)
  }, 0)
}

function numberBins(now: OrderedBuckets, before: OrderedBuckets): { readonly shares: Shares; readonly ks: number } {
  const shift = Math.max(now.shift, before.shift)
  const [nowEntries, beforeEntries] = [now.joined(shift).entries(), before.joined(shift).entries()]
  const merged = new Map<number, [number, number]>()
  const [nowTotal, beforeTotal] = [total(nowEntries), total(beforeEntries)]
  for (const [bucket, weight] of beforeEntries) merged.set(bucket, [0, weight / beforeTotal])
  for (const [bucket, weight] of nowEntries) merged.set(bucket, [weight / nowTotal, merged.get(bucket)?.[1] ?? 0])
  const first = beforeEntries[0]?.[0] ?? 0
  const last = beforeEntries.at(-1)?.[0] ?? 0
  const below: [number, number] = [0, 0]
  const above: [number, number] = [0, 0]
  const inner: [number, number][] = []
  let [nowSum, beforeSum, ks] = [0, 0, 0]
  let isOpen = false
  for (const [bucket, [nowShare, beforeShare]] of [...merged].sort(([one], [other]) => one - other)) {
    nowSum += nowShare
    beforeSum += beforeShare
    ks = Math.max(ks, Math.abs(nowSum - beforeSum))
    if (!isOpen && bucket >= first && bucket <= last) {
      inner.push([0, 0])
      isOpen = true
    }
    const bin = bucket < first ? below : bucket > last ? above : (inner.at(-1) ?? above)
    bin[0] += nowShare
    bin[1] += beforeShare
    // Rounding must not leave a bin open.
    if (beforeSum >= inner.length / bins - 1e-9) isOpen = false
  }
  return { shares: [below, ...inner, above], ks }
}

function total(entries: readonly (readonly [number, number])[]): number {
  return entries.reduce((sum, [, weight]) => sum + weight, 0)
}

/** Values that are frequent in the earlier deliveries, and one bin for all others. */
function valueBins(now: PooledFrequencies<number> | undefined, before: PooledFrequencies<number>): Shares {
  const frequent = [...before.weights].filter(([, weight]) => weight >= leastShare * before.total)
  const shares = frequent.map(([key, weight]) => {
    return [now === undefined || now.total === 0 ? 0 : (now.weights.get(key) ?? 0) / now.total, weight / before.total] as const
  })
  const rest = (at: 0 | 1) => Math.max(0, 1 - shares.reduce((sum, share) => sum + share[at], 0))
  return [...shares, [rest(0), rest(1)]]
}

function homogeneity(shares: Shares, nowSize: number, beforeSize: number): number {
  const all = nowSize + beforeSize
  let statistic = 0
  let used = 0
  let rare: [number, number] = [0, 0]
  const add = (now: number, before: number) => {
    used++
    const together = now + before
    const expected = [(together * nowSize) / all, (together * beforeSize) / all] as const
    statistic += (now - expected[0]) ** 2 / expected[0] + (before - expected[1]) ** 2 / expected[1]
  }
  for (const share of shares) {
    const [now, before] = [share[0] * nowSize, share[1] * beforeSize]
    if (((now + before) * Math.min(nowSize, beforeSize)) / all >= leastExpected) add(now, before)
    else rare = [rare[0] + now, rare[1] + before]
  }
  if (((rare[0] + rare[1]) * Math.min(nowSize, beforeSize)) / all >= leastExpected) add(...rare)
  return chiSquare(statistic, used - 1)
}
