import type { NearRanges } from "../files/near-ranges.ts"

const nothing = Buffer.alloc(0)

/** Reads the bytes of a column chunk forward, a piece at a time. */
export class ChunkBytes {
  readonly #ranges: NearRanges
  readonly #end: number
  readonly #step: number
  #held: Buffer = nothing
  /** File offset of the next byte. */
  offset: number
  #at = 0

  constructor(ranges: NearRanges, start: number, end: number, step: number) {
    this.#ranges = ranges
    this.offset = start
    this.#end = end
    this.#step = step
  }

  get left(): number {
    return this.#end - this.offset
  }

  /** The next `wanted` bytes or more, or all that are left. It does not move forward; `skip` does. */
  async ahead(wanted: number): Promise<Uint8Array> {
    const held = this.#held.length - this.#at
    const missing = Math.min(wanted, this.left) - held
    if (missing > 0) {
      const from = this.offset + held
      const more = await this.#ranges.read(from, Math.min(this.#end, from + Math.max(missing, this.#step)))
      this.#held = held === 0 ? more : Buffer.concat([this.#held.subarray(this.#at), more])
      this.#at = 0
    }
    return this.#held.subarray(this.#at)
  }

  skip(length: number): void {
    this.#at += length
    this.offset += length
    if (this.#at < this.#held.length) return
    this.#held = nothing
    this.#at = 0
  }
}
