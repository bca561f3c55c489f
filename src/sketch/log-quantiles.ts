const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
/** The position of the word with sign, exponent and the first bits of the mantissa. */
const high = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

/** Each power of two is cut into this many buckets of equal width. */
const bucketsPerPower = 128
/** What remains of the high word is the exponent and the first seven bits of the mantissa. */
const droppedBits = 13
/** The first bucket of normal numbers; smaller ones count as zero. */
const firstBucket = bucketsPerPower
/** One past the last bucket: the bucket of infinity. */
const endBucket = 2047 * bucketsPerPower

/** A `LogQuantiles` as plain JSON. Buckets are pairs of a number and a count, one after another. */
export interface LogQuantilesState {
  readonly zeros: number
  readonly positive: readonly number[]
  readonly negative: readonly number[]
}

/**
 * Quantiles of numbers within a relative error of 1/128, below 0.8 %.
 *
 * The idea is that of C. Masson, J. Rim and H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019: count in buckets that grow with
 * their values, so that any value of a bucket is near every other one. DDSketch collapses the lowest buckets when there are too many, which voids its
 * guarantee for low quantiles. This sketch never does: doubles have 2,046 exponents, so each sign has at most 261,888 buckets, and only powers of two
 * with a value in them take memory (1 KiB each). The bucket of a number is the first bits of its double (the paper's mapping by linear interpolation), so
 * no logarithm can differ between machines.
 *
 * Bound: for a true quantile x, the estimate e has |e - x| <= |x| / 128, always. Numbers closer to zero than 2^-1022 count as zero.
 */
export class LogQuantiles {
  readonly #positive: (Float64Array | undefined)[] = []
  readonly #negative: (Float64Array | undefined)[] = []
  #zeros = 0
  #count = 0

  /** How many numbers were added. */
  get count(): number {
    return this.#count
  }

  /** How many of them are zero. */
  get zeros(): number {
    return this.#zeros
  }

  /** Adds a finite number, `times` times. */
  add(value: number, times = 1): void {
    double[0] = value
    const word = words[high] as number
    const bucket = (word & 0x7fffffff) >>> droppedBits
    if (bucket >= endBucket) throw new RangeError(`${value} has no place among quantiles.`)
    this.#count += times
    if (bucket < firstBucket) this.#zeros += times
    else addTo(word >>> 31 === 0 ? this.#positive : this.#negative, bucket, times)
  }

  merge(other: LogQuantiles): void {
    this.#count += other.#count
    this.#zeros += other.#zeros
    for (const [bucket, times] of ascending(other.#positive)) addTo(this.#positive, bucket, times)
    for (const [bucket, times] of ascending(other.#negative)) addTo(this.#negative, bucket, times)
  }

  /** The number below which the share `q` of all numbers lies: that of rank floor(q (n - 1)), from 0. Undefined if nothing was added. */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined
    let left = Math.floor(q * (this.#count - 1))
    for (const [bucket, times] of [...ascending(this.#negative)].reverse()) {
      if (left < times) return -shortest(bucket)
      left -= times
    }
    if (left < this.#zeros) return 0
    left -= this.#zeros
    for (const [bucket, times] of ascending(this.#positive)) {
      if (left < times) return shortest(bucket)
      left -= times
    }
    return undefined
  }

  state(): LogQuantilesState {
    return { zeros: this.#zeros, positive: [...ascending(this.#positive)].flat(), negative: [...ascending(this.#negative)].flat() }
  }

  static from({ zeros, positive, negative }: LogQuantilesState): LogQuantiles {
    const sketch = new LogQuantiles()
    sketch.#zeros = sketch.#count = zeros
    for (const [pages, pairs] of [[sketch.#positive, positive] as const, [sketch.#negative, negative] as const]) {
      for (let at = 0; at < pairs.length; at += 2) {
        addTo(pages, pairs[at] ?? 0, pairs[at + 1] ?? 0)
        sketch.#count += pairs[at + 1] ?? 0
      }
    }
    return sketch
  }
}

function addTo(pages: (Float64Array | undefined)[], bucket: number, times: number): void {
  const power = (bucket / bucketsPerPower) | 0
  let page = pages[power]
  if (page === undefined) {
    page = new Float64Array(bucketsPerPower)
    pages[power] = page
  }
  const at = bucket % bucketsPerPower
  page[at] = (page[at] as number) + times
}

function* ascending(pages: readonly (Float64Array | undefined)[]): Generator<[bucket: number, times: number]> {
  for (const [power, page] of pages.entries())
    for (let at = 0; page !== undefined && at < bucketsPerPower; at++) {
      const times = page[at] ?? 0
      if (times > 0) yield [power * bucketsPerPower + at, times]
    }
}

/** The decimal of a bucket with the fewest digits: any number of the bucket is within the bound, and people prefer 12.3 to 12.28125. */
function shortest(bucket: number): number {
  const least = startOf(bucket)
  const next = bucket + 1 === endBucket ? Number.POSITIVE_INFINITY : startOf(bucket + 1)
  const middle = least + (startOf(bucket + 0.5) - least)
  for (let digits = 1; digits < 17; digits++) {
    const found = [middle, least].map((value) => Number(value.toPrecision(digits))).find((value) => value >= least && value < next)
    if (found !== undefined) return found
  }
  return middle
}

/** The least number of a bucket; of half a bucket, its middle. */
function startOf(bucket: number): number {
  words[high] = bucket * 2 ** droppedBits
  words[1 - high] = 0
  return double[0] as number
}
