import type { CliStream } from "./cli-io.ts"
import { visibleJson, visibleText } from "./visible-text.ts"

const longestLine = 4_000

/**
 * The only way to write to a stream of the command. A name in a file, an entry of a ledger or a message of the database can neither control the terminal nor start a new line.
 */
export class Printer {
  readonly #stream: CliStream
  #statusWidth = 0

  constructor(stream: CliStream) {
    this.#stream = stream
  }

  /** Whether it is a terminal. */
  get isTTY(): boolean {
    return this.#stream.isTTY === true
  }

  /** Writes each text as one line. Resolves when the stream is ready for more; with false if nobody reads it any more. */
  lines(texts: readonly string[]): Promise<boolean> {
    return this.#write(texts.map((text) => `${visibleText(text, longestLine)}\n`).join(""))
  }

  /** Writes a value as JSON, for programs: on one line, or indented. Resolves as `lines` does. */
  json(value: unknown, indent?: number): Promise<boolean> {
    return this.#write(`${visibleJson(JSON.stringify(value, null, indent))}\n`)
  }

  /** Writes texts that are JSON, one on each line. Resolves as `lines` does. */
  ndjson(texts: readonly string[]): Promise<boolean> {
    return this.#write(visibleJson(texts.map((text) => `${text}\n`).join("")))
  }

  /** Shows a line that the next one replaces. An empty text removes it. */
  status(text: string): void {
    if (text === "" && this.#statusWidth === 0) return
    const shown = visibleText(text, longestLine)
    this.#stream.write(`\r${shown.padEnd(this.#statusWidth)}${text === "" ? "\r" : ""}`)
    this.#statusWidth = text === "" ? 0 : Math.max(this.#statusWidth, shown.length)
  }

  /** Waits until everything is written, and throws the error if that failed. */
  async flushed(): Promise<void> {
    await this.#stream.flushed?.()
  }

  /** Writes at once, and throws at once if the stream has failed. Then waits for a slow reader, so that output does not pile up in memory. */
  #write(text: string): Promise<boolean> {
    const stream = this.#stream
    if (isClosed(stream)) return Promise.resolve(false)
    this.status("")
    const isReady = stream.write(text) !== false || stream.once === undefined
    const ready = isReady ? Promise.resolve() : new Promise<void>((resolve) => stream.once?.("drain", resolve))
    return ready.then(() => !isClosed(stream))
  }
}

function isClosed({ closed }: CliStream): boolean {
  return closed === true
}
