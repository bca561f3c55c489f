import type { KeyHash } from "./key-hash.ts"

/**
 * Hashes a text four bytes at a time, in a quarter of the time of `KeyHash.addBytes`; the mixing is that of MurmurHash3's 32-bit lanes. Its hashes are other ones, so use one
 * function for all texts of a set. The view spares the shifts, and reads at any offset.
 */
export function hashText(hash: KeyHash, view: DataView, start: number, end: number): void {
  let a = 0x9e3779b9 | 0
  let b = 0x85ebca6b | 0
  let c = (end - start) | 0
  let at = start
  for (const last = end - 3; at < last; at += 4) {
    const word = view.getInt32(at, true)
    a = Math.imul((a << 13) ^ (a >>> 19) ^ word, 0xcc9e2d51)
    b = Math.imul(((b << 15) | (b >>> 17)) + word, 0x1b873593)
    c = Math.imul(((c << 17) | (c >>> 15)) ^ word, 0x165667b1)
  }
  let word = 0
  for (let shift = 0; at < end; at++, shift += 8) word |= view.getUint8(at) << shift
  a = Math.imul((a << 13) ^ (a >>> 19) ^ word, 0xcc9e2d51)
  b = Math.imul(((b << 15) | (b >>> 17)) + word, 0x1b873593)
  c = Math.imul(((c << 17) | (c >>> 15)) ^ word, 0x165667b1)
  hash.a = (a + ((b << 16) | (b >>> 16))) | 0
  hash.b = b
  hash.c = c
  hash.finish()
}
