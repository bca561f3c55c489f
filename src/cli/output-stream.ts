import { RowgateError } from "../errors/rowgate-error.ts"
import type { CliStream } from "./cli-io.ts"

/**
 * An output of the process. A reader that has gone away (`| head`) closes it, and what is written then is lost without a word; any other fault,
 * such as a full disk, is thrown by the next write and by `flushed`, unless the output may be lost.
 */
export class OutputStream implements CliStream {
  closed = false
  #fault: Error | undefined
  readonly #stream: NodeJS.WriteStream
  readonly #mayBeLost: boolean
  /** Writers that wait until the stream is ready, or will never be. */
  readonly #waiting = new Set<() => void>()

  constructor(stream: NodeJS.WriteStream, { mayBeLost = false }: { readonly mayBeLost?: boolean } = {}) {
    this.#stream = stream
    this.#mayBeLost = mayBeLost
    stream.on("error", (error: NodeJS.ErrnoException) => this.#fail(error))
    stream.on("drain", () => this.#wake())
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true
  }

  write(text: string): boolean {
    if (this.#fault !== undefined) throw this.#fault
    return this.closed || this.#stream.write(text)
  }

  once(_event: "drain", listener: () => void): void {
    if (this.closed || this.#fault !== undefined) listener()
    else this.#waiting.add(listener)
  }

  /** Waits until everything was taken. */
  async flushed(): Promise<void> {
    if (!this.closed && this.#fault === undefined)
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve)
        this.#stream.write("", (error) => (error instanceof Error ? this.#fail(error) : this.#wake()))
      })
    if (this.#fault !== undefined) throw this.#fault
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#mayBeLost || error.code === "EPIPE") this.closed = true
    else if (!this.closed)
      this.#fault ??= new RowgateError({
        code: "SINK_REFUSED",
        message: `The output cannot be written: ${error.message}.`,
        remedy: "Check that there is room where it goes.",
        cause: error,
      })
    this.#wake()
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const each of waiting) each()
  }
}
