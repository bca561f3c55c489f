import { CountMin } from "./count-min.ts"
import { beyond, CountedMinima, type CountedMinimaState, type CountedValue, missing } from "./counted-minima.ts"

/** What `count` returns for a value that may be frequent and is not known: `nominate` it. */
export const wanted = -3
/** A value is remembered while its estimated share is at least this. */
const rememberedShare = 1 / 1024
const mostCandidates = 4096
/** Slots that remember which candidate was seen last. A frequent value would otherwise be looked up in a map each time. */
const seenSlots = 1024

/** A value that occurs often. */
export interface FrequentValue<V> extends CountedValue<V> {
  /** Whether the count is exact. If not, it may be too high, by the bound of `CountMin`. */
  readonly exact: boolean
}

/** A `FrequentValues` as plain JSON, if its values are. */
export interface FrequentValuesState<V> {
  readonly total: number
  readonly minima: CountedMinimaState<V>
  readonly counters?: readonly number[]
  readonly candidates?: readonly (readonly [a: number, b: number, c: number, value: V])[]
}

interface Candidate<V> {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly value: V
}

/**
 * The values that occur most often: all values with exact counts while there are at most k distinct ones (`CountedMinima`); beyond, every value that makes
 * up at least 1/512 of all, with a count by `CountMin`.
 *
 * A sketch of counts cannot name its values, so values are remembered when their estimate reaches 1/1024 of what was counted so far, and
 * forgotten when it falls below. A value whose true share is at least 1/1024 of the whole has that share in some part of any partition, and is
 * remembered there at the latest when it occurs last. So what is reported is the same for any order and partition, unless an estimate is too
 * high by 1/1024 of all in each of its four counters: a probability of at most (1/4)^4 for a value, by Markov's inequality.
 */
export class FrequentValues<V> {
  /** The least share of a value that is reported, once there are more than k distinct ones. */
  static readonly leastShare = 1 / 512
  readonly minima: CountedMinima<V>
  readonly #seen = new Int32Array(seenSlots)
  readonly #candidates = new Map<number, Candidate<V>>()
  #sketch: CountMin | undefined
  #total = 0

  /** `most` is the number of distinct values that are counted exactly. */
  constructor(most: number, minima: CountedMinima<V> = new CountedMinima(most)) {
    this.minima = minima
  }

  /** How many values were counted, repeated ones included. */
  get total(): number {
    return this.#total
  }

  /** Counts a value and returns its position in `minima`; otherwise `beyond`, `missing` (insert it) or `wanted` (nominate it). */
  count(a: number, b: number, c: number, times: number): number {
    this.#total += times
    const place = this.minima.count(a, b, c, times)
    if (this.#sketch === undefined) return place
    const estimate = this.#sketch.add(a, b, c, times)
    if (estimate < this.#total * rememberedShare || this.#seen[a & (seenSlots - 1)] === b) return place
    if (place === beyond) return wanted
    if (place >= 0) this.nominate(a, b, c, this.minima.valueAt(place))
    return place
  }

  /** Adds a value for which `count` has just returned `missing`. */
  insert(a: number, b: number, c: number, times: number, value: V): void {
    if (this.#sketch === undefined && this.minima.isFull) this.#pour().add(a, b, c, times)
    this.minima.insert(a, b, c, times, value)
    if (this.#sketch !== undefined && this.#isRemembered(a, b, c)) this.nominate(a, b, c, value)
  }

  /** Remembers a value for which `count` has just returned `wanted`. */
  nominate(a: number, b: number, c: number, value: V): void {
    this.#seen[a & (seenSlots - 1)] = b
    this.#candidates.set(keyOf(a, b), { a, b, c, value })
    if (this.#candidates.size > mostCandidates) this.#forget()
  }

  merge(other: FrequentValues<V>, join?: (one: V, two: V) => V): void {
    if (other.#sketch === undefined) {
      for (const { a, b, c, count, value } of other.minima.entries()) {
        const place = this.count(a, b, c, count)
        if (place === missing) this.insert(a, b, c, count, value)
        else if (place === wanted) this.nominate(a, b, c, value)
        else if (place >= 0 && join !== undefined) this.minima.setValue(place, join(this.minima.valueAt(place), value))
      }
      return
    }
    const sketch = this.#sketch ?? this.#pour()
    sketch.merge(other.#sketch)
    this.minima.merge(other.minima, join)
    this.#total += other.#total
    for (const { a, b, c, value } of other.#candidates.values()) this.nominate(a, b, c, value)
    this.#forget()
  }

  /** The values that are known to be frequent, in no meaningful order: all of them while `minima` has all. */
  frequent(): FrequentValue<V>[] {
    const exact = this.minima.entries().map((entry) => ({ ...entry, exact: true }))
    if (this.#sketch === undefined) return exact
    const sketch = this.#sketch
    const counted = new Set(exact.map(({ a, b }) => keyOf(a, b)))
    const least = this.#total * FrequentValues.leastShare
    const estimated = this.#frequentCandidates()
      .filter(({ a, b }) => !counted.has(keyOf(a, b)))
      .map((candidate) => ({ ...candidate, count: sketch.estimate(candidate.a, candidate.b, candidate.c), exact: false }))
    return [...exact, ...estimated].filter(({ count }) => count >= least)
  }

  state(): FrequentValuesState<V> {
    const minima = this.minima.state()
    if (this.#sketch === undefined) return { total: this.#total, minima }
    const candidates = this.#frequentCandidates().map(({ a, b, c, value }) => [a, b, c, value] as const)
    return { total: this.#total, minima, counters: [...this.#sketch.state()], candidates }
  }

  static from<V>(most: number, { total, minima, counters, candidates = [] }: FrequentValuesState<V>): FrequentValues<V> {
    const values = new FrequentValues<V>(most, CountedMinima.from(most, minima))
    values.#total = total
    if (counters !== undefined) values.#sketch = new CountMin(Float64Array.from(counters))
    for (const [a, b, c, value] of candidates) values.nominate(a, b, c, value)
    return values
  }

  /** Goes on with a sketch of all counts. Until now, `minima` has had all values. */
  #pour(): CountMin {
    const sketch = new CountMin()
    this.#sketch = sketch
    const entries = this.minima.entries()
    for (const { a, b, c, count } of entries) sketch.add(a, b, c, count)
    for (const { a, b, c, value } of entries) if (this.#isRemembered(a, b, c)) this.nominate(a, b, c, value)
    return sketch
  }

  #isRemembered(a: number, b: number, c: number): boolean {
    return this.#sketch !== undefined && this.#sketch.estimate(a, b, c) >= this.#total * rememberedShare
  }

  #forget(): void {
    for (const [key, { a, b, c }] of this.#candidates) if (!this.#isRemembered(a, b, c)) this.#candidates.delete(key)
    this.#seen.fill(0)
  }

  /**
   * The candidates that are frequent, by hash. Of those between the two bounds, it depends on the order of the values which ones are remembered; a value
   * that is frequent in the whole is frequent in some part.
   */
  #frequentCandidates(): Candidate<V>[] {
    const least = this.#total * FrequentValues.leastShare
    const kept = [...this.#candidates].filter(([, { a, b, c }]) => (this.#sketch?.estimate(a, b, c) ?? 0) >= least)
    return kept.sort(([one], [other]) => one - other).map(([, candidate]) => candidate)
  }
}

/** 53 bits of a hash. */
function keyOf(a: number, b: number): number {
  return (a >>> 0) * 2 ** 21 + (b >>> 11)
}
