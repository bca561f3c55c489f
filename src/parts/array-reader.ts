import { Bitmask } from "../model/bitmask.ts"
import type { NumberCode, WholeCode } from "./number-code.ts"
import { mostFrameBytes } from "./part-format.ts"

const widths = { u8: 1, u16: 2, u32: 4 } as const

/** Reads the arrays of a batch. Throws a `RangeError` for a place outside of the bytes, and for arrays that take too much memory. */
export class ArrayReader {
  readonly #rows: number
  readonly #bytes: Buffer
  /** Arrays that are the same in every row take memory that the file does not. */
  #room = mostFrameBytes

  constructor(rows: number, bytes: Uint8Array) {
    this.#rows = rows
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** The bytes at a place, without a copy. */
  bytes(at: number, length: number): Buffer {
    if (!(at >= 0 && length >= 0 && at + length <= this.#bytes.length && Number.isSafeInteger(at + length)))
      throw new RangeError("an array lies outside of the frame")
    return this.#bytes.subarray(at, at + length)
  }

  mask(at: number): Bitmask {
    const bits = new Uint8Array(this.bytes(at, (this.#rows + 7) >> 3))
    let count = 0
    for (let byte of bits) for (; byte !== 0; byte &= byte - 1) count++
    return new Bitmask(this.#rows, bits, count)
  }

  whole(code: WholeCode): Uint32Array {
    this.#take(4)
    const values = new Uint32Array(this.#rows)
    const [kind, place] = code
    if (kind === "same") return place === 0 ? values : values.fill(place)
    const width = widths[kind]
    const bytes = this.bytes(place, this.#rows * width)
    if (kind === "u8") values.set(bytes)
    else if (kind === "u16") values.set(new Uint16Array(aligned(bytes)))
    else new Uint8Array(values.buffer).set(bytes)
    return values
  }

  numbers(code: NumberCode): Float64Array {
    this.#take(8)
    const numbers = new Float64Array(this.#rows)
    if (code[0] === "doubles") {
      new Uint8Array(numbers.buffer).set(this.bytes(code[1], this.#rows * 8))
      return numbers
    }
    const [kind, whole, { base, unit, per, first = 0, nan = false }] = code
    const values = this.whole(whole)
    if (kind === "steps") {
      let multiple = first
      for (let row = 0; row < values.length; row++) {
        multiple += base + (values[row] as number)
        numbers[row] = (multiple * unit) / per
      }
      return numbers
    }
    const from = nan ? base - 1 : base
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number
      numbers[row] = nan && value === 0 ? Number.NaN : ((from + value) * unit) / per
    }
    return numbers
  }

  #take(width: number): void {
    this.#room -= this.#rows * width
    if (this.#room < 0) throw new RangeError("the arrays of a frame take too much memory")
  }
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
