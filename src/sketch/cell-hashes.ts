import type { ByteRanges } from "../model/column.ts"

/**
 * Hashes of cells in 32 bits, of which none is zero. They are quick, and only good for estimates: keys are compared by `KeyHash`. Texts are hashed in a third of
 * the time of `hashText`, because four reads cover most of them. Hashing whole columns into one array keeps the loops short.
 */
export class CellHashes {
  hashes = new Int32Array(1024)
  count = 0

  clear(): void {
    this.count = 0
  }

  /** Hashes texts as UTF-8, without those of the rows whose bit is set in `skipped`. */
  addTexts({ bytes, starts, ends }: ByteRanges, length: number, skipped: Uint8Array | undefined): void {
    const hashes = this.#room(length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let { count } = this
    for (let row = 0; row < length; row++) {
      if (skipped !== undefined && ((skipped[row >> 3] as number) & (1 << (row & 7))) !== 0) continue
      const start = starts[row] as number
      const end = ends[row] as number
      const size = end - start
      let one = size
      let other = 0
      if (size >= 8) {
        one = Math.imul(view.getInt32(start, true) ^ size, 0xcc9e2d51) ^ view.getInt32(end - 4, true)
        other = Math.imul(view.getInt32(start + 4, true), 0x1b873593) ^ view.getInt32(end - 8, true)
        for (let at = start + 8; at < end - 8; at += 8) {
          one = Math.imul(one ^ (one >>> 15), 0x85ebca6b) + view.getInt32(at, true)
          other = Math.imul(other ^ (other >>> 13), 0xc2b2ae35) + view.getInt32(at + 4, true)
        }
      } else if (size >= 4) {
        one = Math.imul(view.getInt32(start, true) ^ size, 0xcc9e2d51)
        other = view.getInt32(end - 4, true)
      } else if (size > 0) {
        other = (bytes[start] as number) | ((bytes[start + (size >> 1)] as number) << 8) | ((bytes[end - 1] as number) << 16)
      }
      hashes[count++] = mixed(one, other)
    }
    this.count = count
  }

  /** Hashes numbers of one kind, without those of the rows whose bit is set in `skipped`. Equal numbers of different kinds differ. */
  addNumbers(numbers: Float64Array, length: number, kind: number, skipped: Uint8Array | undefined): void {
    const hashes = this.#room(length)
    const halves = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * length)
    let { count } = this
    for (let row = 0; row < length; row++) {
      if (skipped !== undefined && ((skipped[row >> 3] as number) & (1 << (row & 7))) !== 0) continue
      const low = halves[2 * row] as number
      const high = halves[2 * row + 1] as number
      // -0 equals 0.
      const isZero = low === 0 && high << 1 === 0
      hashes[count++] = mixed(Math.imul((isZero ? 0 : high) ^ kind, 0xcc9e2d51), low)
    }
    this.count = count
  }

  #room(cells: number): Int32Array {
    const needed = this.count + cells
    if (needed > this.hashes.length) {
      const hashes = new Int32Array(Math.max(needed, 2 * this.hashes.length))
      hashes.set(this.hashes.subarray(0, this.count))
      this.hashes = hashes
    }
    return this.hashes
  }
}

/** The finaliser of MurmurHash3, with a second word. */
function mixed(one: number, other: number): number {
  const both = other ^ (other >>> 15)
  let hash = Math.imul(one ^ (one >>> 16) ^ both, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13) ^ both, 0xc2b2ae35)
  hash ^= hash >>> 16
  return hash === 0 ? 1 : hash
}
