import { damagedZstd } from "./zstd-fault.ts"

/** Bits that are read from the end of some bytes to their start, as Zstandard stores what it codes (RFC 8878, 4.1). */
export class BackBits {
  readonly bytes: Uint8Array
  /** Bits that are still to come. */
  left: number

  constructor(bytes: Uint8Array) {
    const last = bytes[bytes.length - 1] ?? 0
    // The highest bit that is set only says where the others begin.
    if (last === 0) throw damagedZstd()
    this.bytes = bytes
    this.left = bytes.length * 8 - (Math.clz32(last) - 24) - 1
  }

  /** The next bits as a number; up to 31. */
  read(width: number): number {
    this.left -= width
    if (this.left < 0) throw damagedZstd()
    return bitsAt(this.bytes, this.left, width)
  }
}

/** The bits from a place on, least significant first; up to 31. */
export function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3
  const within = bit & 7
  let word = ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> within
  if (within + width > 32) word |= (bytes[at + 4] ?? 0) << (32 - within)
  return word & ((1 << width) - 1)
}
