/**
 * Numbers that look random and are the same for the same seed and stream, on every machine.
 * Each row has its own stream, so rows can be made in any order, and damaging one does not change the others.
 */
export class Random {
  #state: number

  constructor(seed: number, stream = 0) {
    this.#state = scramble(Math.imul(seed, 0x85ebca6b) ^ scramble(stream + 0x27d4eb2f))
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    return (scramble(this.#state) >>> 0) / 4294967296
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** One element of a list, which must not be empty. */
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
