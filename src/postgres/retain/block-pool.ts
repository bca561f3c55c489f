const pageBytes = 4096

/** Memory that is given back and taken again: the system takes longer to find a fresh page than a processor to copy what goes into it. */
export class BlockPool {
  readonly #free: ArrayBuffer[] = []

  /** A block of at least so many bytes and at most a page more than twice as many, with anything in it. */
  take(bytes: number): ArrayBuffer {
    const at = this.#free.findLastIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes + pageBytes)
    if (at >= 0) return this.#free.splice(at, 1)[0] as ArrayBuffer
    // Batches have become larger or smaller: for each new block an old one goes.
    this.#free.pop()
    return new ArrayBuffer(roomy(bytes))
  }

  /** Nobody reads the block any more. */
  give(block: ArrayBuffer): void {
    this.#free.push(block)
  }
}

/** Up to a quarter more, so that one batch's block does for the next, which is about as large. */
function roomy(bytes: number): number {
  const step = Math.max(pageBytes, 2 ** (Math.floor(Math.log2(bytes)) - 2))
  return Math.ceil(bytes / step) * step
}
