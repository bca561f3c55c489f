import type { CliStream } from "./cli-io.ts"
import { cutToWidth, displayWidth, padToWidth } from "./display-width.ts"
import { type Line, painted } from "./style.ts"
import { visibleJson, visibleText } from "./visible-text.ts"

const longestLine = 4_000
/** The width of a terminal that does not tell it. */
const usualWidth = 80

/** What a printer leaves out or adds. */
export interface PrinterOptions {
  /** Whether styles are shown. Default: false. */
  readonly colour?: boolean | undefined
  /** Whether a person watches it, if it is a terminal. Default: true. */
  readonly watched?: boolean | undefined
  /** Whether only errors and JSON are printed. Default: false. */
  readonly quiet?: boolean | undefined
}

/**
 * The only way to write to a stream of the command. A name in a file, an entry of a ledger or a message of the database can neither control the terminal nor start a new line.
 */
export class Printer {
  readonly #stream: CliStream
  readonly #options: PrinterOptions
  #statusWidth = 0

  constructor(stream: CliStream, options: PrinterOptions = {}) {
    this.#stream = stream
    this.#options = options
  }

  /** Whether it is a terminal. */
  get isTTY(): boolean {
    return this.#stream.isTTY === true
  }

  /** Whether a line may replace the one before it. */
  get isLive(): boolean {
    return this.isTTY && this.#options.watched !== false
  }

  /** The columns of the terminal now. Undefined if it is none. */
  get width(): number | undefined {
    return this.isTTY ? this.#stream.columns || usualWidth : undefined
  }

  /** Whether it leaves out all but errors and JSON. */
  get isQuiet(): boolean {
    return this.#options.quiet === true
  }

  /** Writes each text as one line. Resolves when the stream is ready for more; with false if nobody reads it any more. */
  lines(texts: readonly Line[]): Promise<boolean> {
    return this.#write(texts.map((text) => `${this.#shown(text)}\n`).join(""))
  }

  /** Writes lines that nobody needs who wants only errors. Resolves as `lines` does. */
  notes(texts: readonly Line[]): Promise<boolean> {
    return this.isQuiet ? Promise.resolve(true) : this.lines(texts)
  }

  /** Writes a value as JSON, for programs: on one line, or indented. Resolves as `lines` does. */
  json(value: unknown, indent?: number): Promise<boolean> {
    return this.#write(`${visibleJson(JSON.stringify(value, null, indent))}\n`)
  }

  /** Writes texts that are JSON, one on each line. Resolves as `lines` does. */
  ndjson(texts: readonly string[]): Promise<boolean> {
    return this.#write(visibleJson(texts.map((text) => `${text}\n`).join("")))
  }

  /** Writes records for programs as they are; on a terminal, each as one line. Resolves as `lines` does. */
  records(texts: readonly string[]): Promise<boolean> {
    return this.isTTY ? this.lines(texts) : this.#write(texts.map((text) => `${text}\n`).join(""))
  }

  /** Shows a line that the next one replaces, cut to the width of the terminal. An empty text removes it. */
  status(text: string): void {
    if (this.isQuiet || (text === "" && this.#statusWidth === 0)) return
    // Terminals wrap a line that fills the last column.
    const most = (this.width ?? usualWidth) - 1
    const shown = cutToWidth(visibleText(text, longestLine), most)
    this.#stream.write(`\r${padToWidth(shown, Math.min(this.#statusWidth, most))}${text === "" ? "\r" : ""}`)
    this.#statusWidth = text === "" ? 0 : Math.max(this.#statusWidth, displayWidth(shown))
  }

  /** Waits until everything is written, and throws the error if that failed. */
  async flushed(): Promise<void> {
    await this.#stream.flushed?.()
  }

  #shown(line: Line): string {
    if (typeof line === "string") return visibleText(line, longestLine)
    const parts = line.map((part) => {
      if (typeof part === "string") return visibleText(part, longestLine)
      const text = visibleText(part.text, longestLine)
      return this.#options.colour === true && text !== "" ? painted(text, part.style) : text
    })
    return parts.join("")
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
