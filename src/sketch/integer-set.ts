/** A page holds 65,536 integers as bits: 8 KiB. */
const pageBits = 16
const pageSize = 2 ** pageBits
/** If an integer takes more bytes than this on average, a set of hashes is smaller. */
const mostBytesEach = 32
/** A set larger than this counts as sparse sooner, because a large set of hashes keeps most of its bytes in a file. */
const largeBytes = 64 * 2 ** 20
const fewBytesEach = 2
/** A set with no more pages than this never counts as sparse. */
const freePages = 64

/**
 * A set of safe integers as bits, in pages that are created when they are needed. Consecutive numbers, which most keys are, cost a bit each and no
 * hash: a million take 128 KiB and a third of the time that hashing takes.
 */
export class IntegerSet implements Iterable<number> {
  readonly #pages = new Map<number, Uint32Array>()
  #size = 0
  #number = Number.NaN
  #page: Uint32Array = new Uint32Array(0)

  /** How many integers are in the set. */
  get size(): number {
    return this.#size
  }

  /** Whether the integers lie so far apart that a set of hashes would take less memory. */
  get isSparse(): boolean {
    const pages = this.#pages.size
    const bytes = pages * (pageSize / 8)
    return pages > freePages && bytes > this.#size * (bytes > largeBytes ? fewBytesEach : mostBytesEach)
  }

  /** Adds an integer. Returns false if it was there already. */
  add(integer: number): boolean {
    const number = Math.floor(integer / pageSize)
    if (number !== this.#number) this.#open(number)
    const bit = integer - number * pageSize
    const word = this.#page[bit >> 5] as number
    const set = word | (1 << (bit & 31))
    if (set >>> 0 === word) return false
    this.#page[bit >> 5] = set
    this.#size++
    return true
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (const [number, page] of this.#pages)
      for (let bit = 0; bit < pageSize; bit++) if (((page[bit >> 5] as number) & (1 << (bit & 31))) !== 0) yield number * pageSize + bit
  }

  #open(number: number): void {
    let page = this.#pages.get(number)
    if (page === undefined) {
      page = new Uint32Array(pageSize / 32)
      this.#pages.set(number, page)
    }
    this.#number = number
    this.#page = page
  }
}
