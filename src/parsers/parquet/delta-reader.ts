import { ParquetFault } from "./parquet-fault.ts"

/**
 * Reads integers that are stored as differences, packed in blocks (parquet-format, Encodings.md, DELTA_BINARY_PACKED = 5). It
 * reads only as many at a time as the caller requests, because a block of four bytes can state millions.
 */
abstract class DeltaReader<Integers extends Int32Array | BigInt64Array> {
  /** How many integers are left. */
  left: number
  protected readonly bytes: Uint8Array
  /** The current miniblock: the bits of a difference, the bit at which the next one begins, and how many are left. */
  protected width = 0
  protected bit = 0
  #inMiniblock = 0
  #at: number
  readonly #perMiniblock: number
  readonly #miniblocks: number
  /** Where the widths of the block's miniblocks are stored, and how many miniblocks are left. */
  #widths = 0
  #ahead = 0
  #isFirst = true

  /** `most` is how many integers there can be at most. */
  constructor(bytes: Uint8Array, start: number, most: number) {
    this.bytes = bytes
    this.#at = start
    const blockSize = this.#varint()
    this.#miniblocks = this.#varint()
    this.left = this.#varint()
    if (this.left > most) throw new ParquetFault(`a page states ${this.left} integers as differences, and has ${most} values`)
    this.#perMiniblock = blockSize / this.#miniblocks
    if (!Number.isInteger(this.#perMiniblock) || this.#perMiniblock <= 0 || this.#perMiniblock % 8 !== 0)
      throw new ParquetFault(`a block of differences has no valid size: ${blockSize} in ${this.#miniblocks} parts`)
  }

  /** Where the bytes after all integers begin. Call it before you read any integer, because it skips all of them. */
  end(): number {
    // The first integer is stored like a least difference.
    this.least()
    for (let left = this.left - 1; left > 0; left -= this.#perMiniblock) this.#miniblock()
    return this.#at
  }

  /** The next `count` integers. */
  read(count: number): Integers {
    if (count > this.left) throw new ParquetFault(`a page has ${this.left} more integers, and ${count} values that need one`)
    const output = this.allocate(count)
    let at = 0
    if (this.#isFirst && count > 0) {
      this.#isFirst = false
      this.first(output)
      at = 1
    }
    while (at < count) {
      if (this.#inMiniblock === 0) this.#miniblock()
      const stop = Math.min(count, at + this.#inMiniblock)
      this.#inMiniblock -= stop - at
      this.unpack(output, at, stop)
      at = stop
    }
    this.left -= count
    return output
  }

  protected abstract allocate(count: number): Integers

  /** Reads the first integer, which is stored as it is. */
  protected abstract first(output: Integers): void

  /** Reads the least difference of a block. */
  protected abstract least(): void

  /** Adds up differences of the packed part, from and to a place of the output. */
  protected abstract unpack(output: Integers, from: number, to: number): void

  #miniblock(): void {
    if (this.#ahead === 0) {
      this.least()
      this.#widths = this.#take(this.#miniblocks)
      this.#ahead = this.#miniblocks
    }
    this.width = this.bytes[this.#widths + this.#miniblocks - this.#ahead--] ?? 0
    if (this.width > 64) throw new ParquetFault(`a difference has ${this.width} bits; at most 64 are possible`)
    this.bit = this.#take((this.#perMiniblock * this.width) / 8) * 8
    this.#inMiniblock = this.#perMiniblock
  }

  /** Where the next `length` bytes are. */
  #take(length: number): number {
    if (this.#at + length > this.bytes.length) throw new ParquetFault("a block of differences ends early")
    this.#at += length
    return this.#at - length
  }

  protected byte(): number {
    return this.bytes[this.#take(1)] ?? 0
  }

  #varint(): number {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw tooLong()
  }
}

/** The integers as 64 bits. */
export class DeltaLongs extends DeltaReader<BigInt64Array> {
  #value = 0n
  #least = 0n

  protected override allocate(count: number): BigInt64Array {
    return new BigInt64Array(count)
  }

  protected override first(output: BigInt64Array): void {
    this.#value = BigInt.asIntN(64, this.#zigzag())
    output[0] = this.#value
  }

  protected override unpack(output: BigInt64Array, from: number, to: number): void {
    const { bytes, width } = this
    const least = this.#least
    let value = this.#value
    let bit = this.bit
    for (let at = from; at < to; at++, bit += width) {
      value = BigInt.asIntN(64, value + least + bitsAt(bytes, bit, width))
      output[at] = value
    }
    this.#value = value
    this.bit = bit
  }

  protected override least(): void {
    this.#least = this.#zigzag()
  }

  #zigzag(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return (value >> 1n) ^ -(value & 1n)
    }
    throw tooLong()
  }
}

/**
 * The integers as 32 bits, modulo 2^32: writers of unsigned ones state a first value and a least difference beyond 32 bits, and mean what is left
 * of them.
 */
export class DeltaInts extends DeltaReader<Int32Array> {
  #value = 0
  #least = 0

  protected override allocate(count: number): Int32Array {
    return new Int32Array(count)
  }

  protected override first(output: Int32Array): void {
    this.#value = this.#zigzag()
    output[0] = this.#value
  }

  protected override unpack(output: Int32Array, from: number, to: number): void {
    const { bytes, width } = this
    const least = this.#least
    let value = this.#value
    let bit = this.bit
    for (let at = from; at < to; at++, bit += width) {
      value = (value + least + lowBitsAt(bytes, bit, width)) | 0
      output[at] = value
    }
    this.#value = value
    this.bit = bit
  }

  protected override least(): void {
    this.#least = this.#zigzag()
  }

  /** The lowest 32 bits of one; of the 64 bits that are read, the 33 lowest count. */
  #zigzag(): number {
    let low = 0
    let above = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte()
      if (shift < 32) low |= (byte & 127) << shift
      if (shift === 28) above = (byte >> 4) & 1
      if (byte < 128) return ((low >>> 1) | (above << 31)) ^ -(low & 1)
    }
    throw tooLong()
  }
}

function tooLong(): ParquetFault {
  return new ParquetFault("an integer has more than ten bytes")
}

/** The unsigned integer of `width` bits that begins at a bit, least significant bit first. */
function bitsAt(bytes: Uint8Array, bit: number, width: number): bigint {
  let low = 0
  let high = 0
  for (let taken = 0; taken < width; ) {
    const position = bit + taken
    const within = position & 7
    const take = Math.min(8 - within, width - taken, taken < 32 ? 32 - taken : 32)
    const part = ((bytes[position >>> 3] ?? 0) >> within) & ((1 << take) - 1)
    if (taken < 32) low += part * 2 ** taken
    else high += part * 2 ** (taken - 32)
    taken += take
  }
  return (BigInt(high) << 32n) | BigInt(low)
}

/** The lowest 32 bits of the same. */
function lowBitsAt(bytes: Uint8Array, bit: number, width: number): number {
  if (width === 0) return 0
  const at = bit >>> 3
  const within = bit & 7
  let bits = ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> within
  if (within > 0) bits |= (bytes[at + 4] ?? 0) << (32 - within)
  return width < 32 ? bits & ((1 << width) - 1) : bits
}
