/** Takes bytes from a stream in lengths of the reader's choice. */
export class ByteQueue implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array[] = []
  #length = 0
  #isDone = false
  /** How many bytes were taken. */
  taken = 0

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]()
  }

  /** The next bytes; fewer at the end of the stream. They are a copy unless one chunk has them all. */
  async take(length: number): Promise<Buffer> {
    while (this.#length < length && !this.#isDone) {
      const { done = false, value } = await this.#chunks.next()
      this.#isDone = done
      if (done) break
      this.#held.push(value)
      this.#length += value.length
    }
    const all = this.#held.length === 1 ? (this.#held[0] as Uint8Array) : Buffer.concat(this.#held)
    const taken = Buffer.from(all.buffer, all.byteOffset, Math.min(length, all.length))
    this.#held = all.length > taken.length ? [all.subarray(taken.length)] : []
    this.#length = all.length - taken.length
    this.taken += taken.length
    return taken
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isDone) await this.#chunks.return?.()
  }
}
