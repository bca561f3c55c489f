/** Counters per row; a power of two, so that bits of a hash choose one. */
const width = 4096
const mask = width - 1
/** Rows of counters. Each uses other bits of the hash. */
const depth = 4

/**
 * How often values occur, in 128 KiB, never too low.
 *
 * G. Cormode and S. Muthukrishnan, "An improved data stream summary: the count-min sketch and its applications", J. Algorithms 55, 2005. Counters are only ever added
 * to (no conservative update), so that sketches of parts add up to the sketch of the whole.
 *
 * Bound: for n added values, an estimate is never below the true count, and above it by more than (e / 4,096) n, which is 0.066 % of n, with a
 * probability of at most e^-4, which is 1.8 %.
 */
export class CountMin {
  /** The share of all counts by which an estimate may be too high. */
  static readonly error = Math.E / width
  /** The probability that an estimate is higher than that. */
  static readonly failure = Math.exp(-depth)
  readonly #counters: Float64Array

  constructor(counters: Float64Array = new Float64Array(width * depth)) {
    if (counters.length !== width * depth) throw new RangeError(`A CountMin has ${width * depth} counters, not ${counters.length}.`)
    this.#counters = counters
  }

  /** Adds a hash of three words, `times` times, and returns the new estimate for it. */
  add(a: number, b: number, c: number, times: number): number {
    const counters = this.#counters
    const first = a & mask
    const second = width + (b & mask)
    const third = 2 * width + ((b >>> 16) & mask)
    const fourth = 3 * width + (c & mask)
    const one = (counters[first] as number) + times
    const two = (counters[second] as number) + times
    const three = (counters[third] as number) + times
    const four = (counters[fourth] as number) + times
    counters[first] = one
    counters[second] = two
    counters[third] = three
    counters[fourth] = four
    const half = one < two ? one : two
    const other = three < four ? three : four
    return half < other ? half : other
  }

  /** The estimated count of a hash. */
  estimate(a: number, b: number, c: number): number {
    return this.add(a, b, c, 0)
  }

  merge(other: CountMin): void {
    other.#counters.forEach((count, at) => {
      this.#counters[at] = (this.#counters[at] as number) + count
    })
  }

  /** The counters, row by row. */
  state(): Float64Array {
    return this.#counters.slice()
  }
}
