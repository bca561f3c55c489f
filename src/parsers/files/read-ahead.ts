/**
 * Iterates a source, and can start to read its first items before the iteration begins. An error of an item that was read early is thrown
 * during the iteration, after the items before it. Disposing this ends the source, whether or not it was iterated.
 */
export class ReadAhead<T> implements AsyncDisposable {
  readonly #source: AsyncGenerator<T, void, undefined>
  readonly #ahead: T[] = []
  #reading: Promise<void> = Promise.resolve()
  #isWanted = false

  constructor(source: AsyncGenerator<T, void, undefined>) {
    this.#source = source
  }

  /** Starts to read up to `most` items. It stops early when the iteration begins. */
  begin(most = 1): void {
    this.#reading = this.#read(most)
    this.#reading.catch(() => undefined)
  }

  async #read(most: number): Promise<void> {
    while (this.#ahead.length < most && !this.#isWanted) {
      const next = await this.#source.next()
      if (next.done === true) return
      this.#ahead.push(next.value)
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    this.#isWanted = true
    // Yield the items that were read before an error, then throw the error.
    await this.#reading.catch(() => undefined)
    for (let item = this.#ahead.shift(); item !== undefined; item = this.#ahead.shift()) yield item
    await this.#reading
    yield* this.#source
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isWanted = true
    await this.#source.return()
  }
}
