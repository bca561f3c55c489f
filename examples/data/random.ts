/**
 * Numbers that look random and are the same for the same seed and stream, on every machine.
 * A stream for each row means that rows can be made alone, in any order, and that damaging one leaves the others as they were.
 */
export class Random {
  #state: number

  constructor(seed: number, stream = 0) {
    this.#state = scramble(Math.imul(seed, 0x85ebca6b) ^ scramble(stream + 0x27d4eb2f))
  }

  /** 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    return (scramble(this.#state) >>> 0) / 4294967296
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** One of a list that is not empty. */
  pick<V>(list: readonly [V, ...V[]]): V {
    return list[this.below(list.length)] ?? list[0]
  }
}

/** Spreads the difference of two neighbouring numbers over all 32 bits. */
function scramble(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x7feb352d)
  bits ^= bits >>> 15
  bits = Math.imul(bits, 0x846ca68b)
  return bits ^ (bits >>> 16)
}
