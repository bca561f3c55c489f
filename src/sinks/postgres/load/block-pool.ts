/** Blocks are made of so many bytes and multiples of it, so that one batch's block does for the next, which is about as large. */
const unitBytes = 256 << 10

/** Memory that is given back and taken again: the system takes longer to find a fresh page than a processor to copy what goes into it. */
export class BlockPool {
  readonly #free: ArrayBuffer[] = []

  /** A block of at least so many bytes, with anything in it. */
  take(bytes: number): ArrayBuffer {
    const at = this.#free.findLastIndex(({ byteLength }) => byteLength >= bytes)
    if (at >= 0) return this.#free.splice(at, 1)[0] as ArrayBuffer
    // One that is too small would be of no use to the batches that follow either.
    this.#free.pop()
    return new ArrayBuffer(Math.ceil(bytes / unitBytes) * unitBytes)
  }

  /** Nobody reads the block any more. */
  give(block: ArrayBuffer): void {
    this.#free.push(block)
  }
}
