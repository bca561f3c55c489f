import type { CliStream } from "./cli-io.ts"
import { fileName } from "./file-name.ts"

/** What a run says while it goes on. */
export interface ProgressEvent {
  readonly read: number
  readonly rejected: number
  readonly uri: string
}

const leastMs = 100

/** One line that is written over ten times a second at most. */
export class ProgressLine {
  readonly #stream: CliStream
  readonly #now: () => number
  readonly #begin: number
  #shownAt = Number.NEGATIVE_INFINITY
  #width = 0

  constructor(stream: CliStream, now: () => number = () => performance.now()) {
    this.#stream = stream
    this.#now = now
    this.#begin = now()
  }

  show({ read, rejected, uri }: ProgressEvent): void {
    const now = this.#now()
    if (now - this.#shownAt < leastMs) return
    this.#shownAt = now
    const rate = Math.round(read / Math.max(0.001, (now - this.#begin) / 1000))
    this.#write(`${fileName(uri)}: ${count(read)} rows read, ${count(rejected)} rejected, ${count(rate)} rows/s`)
  }

  /** Takes the line away, so that what follows begins at its start. */
  clear(): void {
    if (this.#width > 0) this.#stream.write(`\r${" ".repeat(this.#width)}\r`)
    this.#width = 0
  }

  #write(text: string): void {
    this.#stream.write(`\r${text.padEnd(this.#width)}`)
    this.#width = Math.max(this.#width, text.length)
  }
}

function count(value: number): string {
  return value.toLocaleString("en-US")
}
