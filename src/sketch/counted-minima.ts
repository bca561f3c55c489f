/** A hashed value, how often it occurs, and what is known about it. */
export interface CountedValue<V> {
  /** The first word of its hash. Hashes are ordered by it, and then by the second. */
  readonly a: number
  readonly b: number
  readonly c: number
  readonly count: number
  readonly value: V
}

/** A `CountedMinima` as plain JSON, if its values are. */
export interface CountedMinimaState<V> {
  readonly more: boolean
  readonly entries: readonly (readonly [a: number, b: number, c: number, count: number, value: V])[]
}

/** More than there are positions of entries. */
const positions = 2 ** 20

/** What `count` returns for a hash that is above the limit: nothing need be done. */
export const beyond = -1
/** What `count` returns for a hash that is not there yet: `insert` it. */
export const missing = -2

/**
 * The values with the k smallest hashes, each with its exact count. With at most k distinct values, that is all of them; with more, it is a uniform sample
 * of the distinct values, the same for any order and partition of the input, since no part can drop what belongs to the k smallest of the whole.
 *
 * Z. Bar-Yossef, T. S. Jayram, R. Kumar, D. Sivakumar and L. Trevisan, "Counting distinct elements in a data stream", RANDOM 2002; the unbiased estimator
 * (k - 1) / U(k) and counts in the sample after K. Beyer, P. Haas, B. Reinwald, Y. Sismanis and R. Gemulla, "On synopses for distinct-value estimation under multiset
 * operations", SIGMOD 2007.
 *
 * Bound: up to k distinct values everything is exact. Beyond, the standard error of `distinct` is at most 1 / sqrt(k - 2), and that of a share p of the distinct
 * values is sqrt(p (1 - p) / k).
 */
export class CountedMinima<V> {
  readonly #most: number
  /** Positions of entries, plus one; zero marks an empty slot. */
  #slots: Int32Array
  #mask: number
  #hashes: Int32Array
  #counts: Float64Array
  #values: V[] = []
  /** Hashes above it, as an unsigned first word, can no longer be among the smallest. */
  #limit = 0xffffffff
  #more = false

  /** `most` is the k of the class. */
  constructor(most: number) {
    this.#most = most
    const room = Math.min(2 * most, 64)
    this.#mask = slotsFor(room) - 1
    this.#slots = new Int32Array(this.#mask + 1)
    this.#hashes = new Int32Array(3 * room)
    this.#counts = new Float64Array(room)
  }

  /** Whether there were more than k distinct values, so that it is a sample. */
  get isSample(): boolean {
    return this.#more || this.#values.length > this.#most
  }

  /** Whether the next new value makes it a sample. Until then, its entries are all that was counted. */
  get isFull(): boolean {
    return !this.#more && this.#values.length === this.#most
  }

  /** Counts a value if it is known, and returns its position, for `valueAt`; otherwise `beyond` or `missing`. */
  count(a: number, b: number, c: number, times: number): number {
    if (a >>> 0 > this.#limit) return beyond
    const slots = this.#slots
    const hashes = this.#hashes
    for (let slot = b & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const entry = (slots[slot] as number) - 1
      if (entry < 0) return missing
      const at = 3 * entry
      if (hashes[at] !== a || hashes[at + 1] !== b || hashes[at + 2] !== c) continue
      this.#counts[entry] = (this.#counts[entry] as number) + times
      return entry
    }
  }

  /** Adds a value for which `count` has just returned `missing`. */
  insert(a: number, b: number, c: number, times: number, value: V): void {
    if (this.#values.length === 2 * this.#most) {
      this.#trim()
      if (a >>> 0 > this.#limit) return
    }
    if (this.#values.length === this.#counts.length) this.#grow()
    const entry = this.#values.length
    this.#values.push(value)
    this.#hashes[3 * entry] = a
    this.#hashes[3 * entry + 1] = b
    this.#hashes[3 * entry + 2] = c
    this.#counts[entry] = times
    this.#place(entry)
  }

  valueAt(position: number): V {
    return this.#values[position] as V
  }

  setValue(position: number, value: V): void {
    this.#values[position] = value
  }

  /** Adds all of another. If both know a value, `join` makes one of what they know about it. */
  merge(other: CountedMinima<V>, join: (one: V, two: V) => V = (one) => one): void {
    for (const { a, b, c, count, value } of other.entries()) {
      const known = this.count(a, b, c, count)
      if (known >= 0) this.setValue(known, join(this.valueAt(known), value))
      else if (known === missing) this.insert(a, b, c, count, value)
    }
    this.#more ||= other.isSample
    if (this.#more) this.#trim()
  }

  /** The values by ascending hash: at most k. */
  entries(): CountedValue<V>[] {
    return this.#smallest().map((entry) => {
      const { a, b, c } = this.#hashOf(entry)
      return { a, b, c, count: this.#counts[entry] ?? 0, value: this.valueAt(entry) }
    })
  }

  /** The number of distinct values: exact up to k, then estimated. */
  distinct(): number {
    const smallest = this.#smallest()
    const last = smallest.at(-1)
    if (!this.isSample || last === undefined) return smallest.length
    const { a, b } = this.#hashOf(last)
    return Math.round((this.#most - 1) / (((a >>> 0) * 2 ** 32 + (b >>> 0) + 1) / 2 ** 64))
  }

  state(): CountedMinimaState<V> {
    return { more: this.isSample, entries: this.entries().map(({ a, b, c, count, value }) => [a, b, c, count, value]) }
  }

  static from<V>(most: number, { more, entries }: CountedMinimaState<V>): CountedMinima<V> {
    const minima = new CountedMinima<V>(most)
    for (const [a, b, c, count, value] of entries) minima.insert(a, b, c, count, value)
    minima.#more = more
    if (more) minima.#trim()
    return minima
  }

  #hashOf(entry: number) {
    return { a: this.#hashes[3 * entry] ?? 0, b: this.#hashes[3 * entry + 1] ?? 0, c: this.#hashes[3 * entry + 2] ?? 0 }
  }

  /** The positions of the k smallest hashes, in order. */
  #smallest(): number[] {
    // Sorted as plain numbers, which is ten times faster than with a comparison of positions: the first word of a hash, and the position below it.
    const keys = Float64Array.from(this.#values.keys(), (entry) => this.#firstWord(entry) * positions + entry).sort()
    const order = Array.from(keys, (key) => key % positions)
    for (let at = 1; at < order.length; at++)
      for (let to = at; to > 0 && this.#isBefore(order[to] as number, order[to - 1] as number); to--)
        [order[to - 1], order[to]] = [order[to] as number, order[to - 1] as number]
    return order.slice(0, this.#most)
  }

  #firstWord(entry: number): number {
    return (this.#hashes[3 * entry] as number) >>> 0
  }

  /** Whether a hash with the same first word is smaller, by the words after it. */
  #isBefore(one: number, other: number): boolean {
    if (this.#firstWord(one) !== this.#firstWord(other)) return false
    const [here, there] = [this.#hashOf(one), this.#hashOf(other)]
    return here.b >>> 0 !== there.b >>> 0 ? here.b >>> 0 < there.b >>> 0 : here.c >>> 0 < there.c >>> 0
  }

  /** Drops all but the k smallest. */
  #trim(): void {
    if (this.#values.length < this.#most) return
    this.#more ||= this.#values.length > this.#most
    const kept = this.#smallest()
    const values = kept.map((entry) => this.valueAt(entry))
    const counts = Float64Array.from(kept, (entry) => this.#counts[entry] as number)
    const hashes = new Int32Array(this.#hashes.length)
    kept.forEach((entry, at) => {
      hashes[3 * at] = this.#hashes[3 * entry] as number
      hashes[3 * at + 1] = this.#hashes[3 * entry + 1] as number
      hashes[3 * at + 2] = this.#hashes[3 * entry + 2] as number
    })
    this.#values = values
    this.#hashes = hashes
    this.#counts.set(counts)
    this.#slots.fill(0)
    for (let entry = 0; entry < kept.length; entry++) this.#place(entry)
    this.#limit = this.#firstWord(kept.length - 1)
  }

  #place(entry: number): void {
    let slot = (this.#hashes[3 * entry + 1] as number) & this.#mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
    this.#slots[slot] = entry + 1
  }

  #grow(): void {
    const room = Math.min(2 * this.#most, 2 * this.#counts.length)
    const [hashes, counts] = [this.#hashes, this.#counts]
    this.#hashes = new Int32Array(3 * room)
    this.#hashes.set(hashes)
    this.#counts = new Float64Array(room)
    this.#counts.set(counts)
    this.#mask = slotsFor(room) - 1
    this.#slots = new Int32Array(this.#mask + 1)
    for (let entry = 0; entry < this.#values.length; entry++) this.#place(entry)
  }
}

/** At most half of the slots are filled. */
function slotsFor(entries: number): number {
  return 2 ** Math.ceil(Math.log2(2 * entries))
}
