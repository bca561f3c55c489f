const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
/** The position of the word with sign, exponent and the first 20 bits of the mantissa. */
const high = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0
/** What remains of that word has 16 bits of the mantissa: a number is kept to five decimal digits. */
const droppedBits = 4

/** An `OrderedBuckets` as plain JSON: for each bucket, its distance from the one before and its weight. */
export interface OrderedBucketsState {
  readonly shift: number
  readonly buckets: readonly number[]
}

/**
 * How numbers are distributed, in a limited number of buckets. If there are more, each two neighbours are joined, all over, until they fit. A narrow range
 * keeps narrow buckets.
 *
 * I. Epicoco, C. Melle, M. Cafaro, M. Pulimeno and G. Morleo, "UDDSketch: Accurate Tracking of Quantiles in Data Streams", IEEE Access 8, 2020: joining
 * all buckets uniformly keeps a relative error for every quantile. The first buckets are the first bits of the doubles, as in `LogQuantiles`. How often
 * buckets are joined depends on the set of numbers only, so any order and partition of the input makes the same sketch.
 */
export class OrderedBuckets {
  readonly #most: number
  #shift: number
  #weights = new Map<number, number>()

  constructor(most: number, shift = 0) {
    this.#most = most
    this.#shift = shift
  }

  get shift(): number {
    return this.#shift
  }

  get size(): number {
    return this.#weights.size
  }

  /** Adds a number, `weight` times. An infinity counts beyond all numbers; NaN is left out. */
  add(value: number, weight = 1): void {
    if (Number.isNaN(value)) return
    double[0] = value
    const word = words[high] as number
    const magnitude = (word & 0x7fffffff) >>> droppedBits
    this.#put((word < 0 ? -magnitude - (value === 0 ? 0 : 1) : magnitude) >> this.#shift, weight)
    this.#fit()
  }

  merge(other: OrderedBuckets): void {
    this.#join(other.#shift)
    const further = this.#shift - other.#shift
    for (const [bucket, weight] of other.#weights) this.#put(bucket >> further, weight)
    this.#fit()
  }

  /** The same numbers in buckets that were joined at least so many times, and of which there are at most so many. */
  joined(shift: number, most = this.#most): OrderedBuckets {
    const joined = new OrderedBuckets(most, this.#shift)
    joined.#weights = new Map(this.#weights)
    joined.#join(shift)
    joined.#fit()
    return joined
  }

  /** The buckets in ascending order. */
  entries(): (readonly [bucket: number, weight: number])[] {
    return [...this.#weights].sort(([one], [other]) => one - other)
  }

  state(): OrderedBucketsState {
    let before = 0
    const buckets = this.entries().flatMap(([bucket, weight]) => {
      const gap = bucket - before
      before = bucket
      return [gap, weight]
    })
    return { shift: this.#shift, buckets }
  }

  static from(most: number, { shift, buckets }: OrderedBucketsState): OrderedBuckets {
    const sketch = new OrderedBuckets(most, shift)
    let bucket = 0
    for (let at = 0; at < buckets.length; at += 2) {
      bucket += buckets[at] ?? 0
      sketch.#put(bucket, buckets[at + 1] ?? 0)
    }
    sketch.#fit()
    return sketch
  }

  #put(bucket: number, weight: number): void {
    this.#weights.set(bucket, (this.#weights.get(bucket) ?? 0) + weight)
  }

  #fit(): void {
    while (this.#weights.size > this.#most) this.#join(this.#shift + 1)
  }

  #join(shift: number): void {
    if (shift <= this.#shift) return
    const further = shift - this.#shift
    const before = this.#weights
    this.#weights = new Map()
    this.#shift = shift
    for (const [bucket, weight] of before) this.#put(bucket >> further, weight)
  }
}
