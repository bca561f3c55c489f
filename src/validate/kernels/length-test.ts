import { TextTest } from "./text-test.ts"

/**
 * Tests that a length is within bounds. Some versions of zod count UTF-16 code units, as `string.length` does, and others count code points. A
 * text surely passes only if both counts are within the bounds.
 */
export class LengthTest extends TextTest {
  readonly #minimum: number
  readonly #maximum: number

  constructor(minimum: number, maximum: number) {
    super()
    this.#minimum = minimum
    this.#maximum = maximum
  }

  override bytes(bytes: Buffer, start: number, end: number): boolean {
    const size = end - start
    // A code point takes one to four bytes of UTF-8, so the size often decides without counting.
    if (size <= this.#maximum && size >= 4 * this.#minimum) return true
    let points = 0
    let pairs = 0
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0
      if ((byte & 0xc0) !== 0x80) points++
      // Four bytes are two code units.
      if (byte >= 0xf0) pairs++
    }
    return points >= this.#minimum && points + pairs <= this.#maximum
  }

  override text(text: string): boolean {
    if (text.length > this.#maximum || text.length < this.#minimum) return false
    if (text.length >= 2 * this.#minimum) return true
    let points = 0
    for (const _point of text) points++
    return points >= this.#minimum
  }
}
