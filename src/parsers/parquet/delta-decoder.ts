/** 64-bit integers as differences, packed in blocks (parquet-format, Encodings.md, DELTA_BINARY_PACKED = 5). */
export function decodeDeltaLongs(bytes: Uint8Array, start: number, count: number): BigInt64Array {
  const reader = new DeltaReader(bytes, start)
  const output = new BigInt64Array(count)
  if (count === 0) return output
  const { miniblocks, perMiniblock } = reader.header()
  let value = reader.zigzag()
  output[0] = value
  for (let at = 1; at < count; ) {
    const least = reader.zigzag()
    const widths = reader.take(miniblocks)
    for (const width of widths) {
      if (at >= count) break
      if (width > 64) throw new Error("a difference has more than 64 bits")
      const packed = reader.take((perMiniblock * width) / 8)
      for (let i = 0; i < perMiniblock && at < count; i++) {
        value = BigInt.asIntN(64, value + least + bitsAt(packed, i * width, width))
        output[at++] = value
      }
    }
  }
  return output
}

/** Integers as differences, and where the next thing begins. */
export interface DeltaInts {
  readonly values: Int32Array
  readonly end: number
}

/**
 * The same of 32 bits, modulo 2^32: writers of unsigned ones state first value and least difference beyond the 32 bits, and mean what is left
 * of them.
 */
export function decodeDeltaInts(bytes: Uint8Array, start: number, count: number): DeltaInts {
  const reader = new DeltaReader(bytes, start)
  const values = new Int32Array(count)
  const { miniblocks, perMiniblock } = reader.header()
  let value = reader.zigzag32()
  if (count > 0) values[0] = value
  for (let at = 1; at < count; ) {
    const least = reader.zigzag32()
    const widths = reader.take(miniblocks)
    for (const width of widths) {
      if (at >= count) break
      if (width > 64) throw new Error("a difference has more than 64 bits")
      const packed = reader.take((perMiniblock * width) / 8)
      for (let i = 0; i < perMiniblock && at < count; i++) {
        value = (value + least + lowBitsAt(packed, i * width, width)) | 0
        values[at++] = value
      }
    }
  }
  return { values, end: reader.at }
}

/** Texts that begin as the one before does (DELTA_BYTE_ARRAY = 7); `lengths` reads the lengths, which stand before the texts. */
export function joinPrefixes(prefixes: Int32Array, suffixes: readonly Uint8Array[], maxBytes: number): Uint8Array[] {
  const output: Uint8Array[] = []
  let before = new Uint8Array(0)
  let total = 0
  suffixes.forEach((suffix, at) => {
    const shared = prefixes[at] ?? 0
    if (shared < 0 || shared > before.length) throw new Error("a text shares more with the one before than that is long")
    total += shared + suffix.length
    if (total > maxBytes) throw new Error("the texts of a page are longer than a page may be")
    const text = new Uint8Array(shared + suffix.length)
    text.set(before.subarray(0, shared))
    text.set(suffix, shared)
    output.push(text)
    before = text
  })
  return output
}

class DeltaReader {
  at: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes
    this.at = start
  }

  /** How the blocks are divided. The count that it also states is known from the page. */
  header(): { readonly miniblocks: number; readonly perMiniblock: number } {
    const blockSize = Number(this.varint())
    const miniblocks = Number(this.varint())
    this.varint()
    const perMiniblock = blockSize / miniblocks
    if (!Number.isInteger(perMiniblock) || perMiniblock <= 0 || perMiniblock % 8 !== 0)
      throw new Error("a block of differences has no valid size")
    return { miniblocks, perMiniblock }
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte = 0] = this.take(1)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
    throw new Error("an integer has more than ten bytes")
  }

  zigzag(): bigint {
    const value = this.varint()
    return (value >> 1n) ^ -(value & 1n)
  }

  /** The lowest 32 bits of one; of the 64 bits that are read, the 33 lowest count. */
  zigzag32(): number {
    let low = 0
    let above = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const [byte = 0] = this.take(1)
      if (shift < 32) low |= (byte & 127) << shift
      if (shift === 28) above = (byte >> 4) & 1
      if (byte < 128) return ((low >>> 1) | (above << 31)) ^ -(low & 1)
    }
    throw new Error("an integer has more than ten bytes")
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new Error("a block of differences ends early")
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }
}

/** The unsigned integer of `width` bits that begins at a bit, least significant bit first. */
function bitsAt(bytes: Uint8Array, bit: number, width: number): bigint {
  let low = 0
  let high = 0
  for (let taken = 0; taken < width; ) {
    const position = bit + taken
    const within = position & 7
    const take = Math.min(8 - within, width - taken, taken < 32 ? 32 - taken : 32)
    const part = ((bytes[position >> 3] ?? 0) >> within) & ((1 << take) - 1)
    if (taken < 32) low += part * 2 ** taken
    else high += part * 2 ** (taken - 32)
    taken += take
  }
  return (BigInt(high) << 32n) | BigInt(low)
}

/** The lowest 32 bits of the same. */
function lowBitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3
  const within = bit & 7
  let bits = ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> within
  if (within > 0) bits |= (bytes[at + 4] ?? 0) << (32 - within)
  return width < 32 ? bits & ((1 << width) - 1) : bits
}
