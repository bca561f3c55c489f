/**
 * The items of a source, the first ones of which can be on their way before anybody walks them. What goes wrong shows where it is met on the
 * walk, and not where nobody walks. Disposing ends the source, whether it was walked or not.
 */
export class ReadAhead<T> implements AsyncDisposable {
  readonly #source: AsyncGenerator<T, void, undefined>
  readonly #ahead: T[] = []
  #reading: Promise<void> = Promise.resolve()
  #isWanted = false

  constructor(source: AsyncGenerator<T, void, undefined>) {
    this.#source = source
  }

  /** Reads so many items, or those up to the one under way when the walk begins. */
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
    // What was read before something went wrong comes before it.
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
