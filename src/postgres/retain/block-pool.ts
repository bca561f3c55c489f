const pageBytes = 4096

/** Blocks of memory for reuse. The system takes longer to provide a fresh page than a processor to fill it. */
export class BlockPool {
  readonly #free: ArrayBuffer[] = []

  /** A block of at least `bytes` and at most twice as many plus a page. Its content is undefined. */
  take(bytes: number): ArrayBuffer {
    const at = this.#free.findLastIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes + pageBytes)
    if (at >= 0) return this.#free.splice(at, 1)[0] as ArrayBuffer
    // Batches have become larger or smaller, so an old block goes for each new one.
    this.#free.pop()
    return new ArrayBuffer(roomy(bytes))
  }

  /** Gives a block back that nobody reads any more. */
  give(block: ArrayBuffer): void {
    this.#free.push(block)
  }
}

/** Up to a quarter more, so that the next batch, which has about the same size, can reuse the block. */
function roomy(bytes: number): number {
  const step = Math.max(pageBytes, 2 ** (Math.floor(Math.log2(bytes)) - 2))
  return Math.ceil(bytes / step) * step
}
