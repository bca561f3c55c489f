import { RowgateError } from "../errors/rowgate-error.ts"
import type { CliStream } from "./cli-io.ts"

/** How long a stopped command waits for a reader that does not read, such as `less`. */
const graceMs = 400

/**
 * An output of the process. If its reader goes away (`| head`), the rest is dropped silently. Any other fault, such as a full disk, is thrown by
 * the next write and by `flushed`, unless the output may be lost.
 */
export class OutputStream implements CliStream {
  closed = false
  #fault: Error | undefined
  readonly #stream: NodeJS.WriteStream
  readonly #mayBeLost: boolean
  /** Writers that wait until the stream is ready, or will never be. */
  readonly #waiting = new Set<() => void>()
  /** Set once the command is told to stop. */
  #stopReason: Error | undefined
  #grace: NodeJS.Timeout | undefined

  constructor(stream: NodeJS.WriteStream, { mayBeLost = false }: { readonly mayBeLost?: boolean } = {}) {
    this.#stream = stream
    this.#mayBeLost = mayBeLost
    stream.on("error", (error: NodeJS.ErrnoException) => this.#fail(error))
    stream.on("drain", () => this.#wake())
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true
  }

  get columns(): number | undefined {
    return this.#stream.columns
  }

  write(text: string): boolean {
    if (this.#fault !== undefined) throw this.#fault
    return this.closed || this.#stream.write(text)
  }

  once(_event: "drain", listener: () => void): void {
    if (this.closed || this.#fault !== undefined) listener()
    else this.#wait(listener)
  }

  /** Stops waiting for a reader that does not read: writers then fail with the reason, or their output is lost if it may be. */
  stop(reason: Error): void {
    this.#stopReason = reason
    if (this.#waiting.size > 0) this.#limitWait()
  }

  /** Resolves when everything is written. */
  async flushed(): Promise<void> {
    if (!this.closed && this.#fault === undefined)
      await new Promise<void>((resolve) => {
        this.#wait(resolve)
        this.#stream.write("", (error) => (error instanceof Error ? this.#fail(error) : this.#wake()))
      })
    if (this.#fault !== undefined) throw this.#fault
  }

  #wait(listener: () => void): void {
    this.#waiting.add(listener)
    if (this.#stopReason !== undefined) this.#limitWait()
  }

  #limitWait(): void {
    this.#grace ??= setTimeout(() => {
      if (this.#mayBeLost) this.closed = true
      else if (!this.closed) this.#fault ??= this.#stopReason
      this.#wake()
    }, graceMs)
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#mayBeLost || error.code === "EPIPE") this.closed = true
    else if (!this.closed)
      this.#fault ??= new RowgateError({
        code: "SINK_REFUSED",
        message: `The output cannot be written: ${error.message}.`,
        remedy: "Check that the disk it goes to has free space.",
        cause: error,
      })
    this.#wake()
  }

  #wake(): void {
    clearTimeout(this.#grace)
    this.#grace = undefined
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const each of waiting) each()
  }
}
