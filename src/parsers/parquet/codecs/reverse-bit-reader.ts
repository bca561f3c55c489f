import { damagedZstd } from "./damaged-zstd.ts"

/** Reads bits from the end of the bytes to their start, as Zstandard stores coded data (RFC 8878, 4.1). */
export class ReverseBitReader {
  readonly bytes: Uint8Array
  /** Number of bits left. */
  left: number

  constructor(bytes: Uint8Array) {
    const last = bytes[bytes.length - 1] ?? 0
    // The highest set bit only marks where the data begins.
    if (last === 0) throw damagedZstd()
    this.bytes = bytes
    this.left = bytes.length * 8 - (Math.clz32(last) - 24) - 1
  }

  /** Reads up to 31 bits as a number. */
  read(width: number): number {
    this.left -= width
    if (this.left < 0) throw damagedZstd()
    return bitsAt(this.bytes, this.left, width)
  }
}

/** Up to 31 bits from an index on, least significant first. */
export function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3
  const within = bit & 7
  let word = ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> within
  if (within + width > 32) word |= (bytes[at + 4] ?? 0) << (32 - within)
  return word & ((1 << width) - 1)
}
