import { setImmediate } from "node:timers/promises"
import type { Dialect } from "./dialect/dialect.ts"
import { countLineEnds } from "./scan/line-ends.ts"
import type { RecordScanner } from "./scan/record-scanner.ts"
import type { TextFeed } from "./scan/text-feed.ts"

const lf = 10

/** The part of a text that a scanner has in memory. */
export class TextWindow {
  readonly #feed: TextFeed
  readonly #scanner: RecordScanner
  /** The initial size. */
  readonly #size: number
  /** How many bytes are filled. */
  have = 0
  /** Whether no more bytes will come. */
  final = false
  /** Where the window begins: position in the text, and line. */
  offset: number
  #line: number

  constructor(feed: TextFeed, scanner: RecordScanner, size: number, start: { readonly at: number; readonly line: number }) {
    this.#feed = feed
    this.#scanner = scanner
    this.#size = size
    this.offset = start.at
    this.#line = start.line
  }

  /** The line with which it begins. */
  get line(): number {
    return this.#line
  }

  /** Where the window begins in the file; undefined if the text was converted. */
  get fileOffset(): number | undefined {
    return this.#feed.offset === undefined ? undefined : this.#feed.offset + this.offset
  }

  /** Reads at most this many bytes more. At the end of the text it adds the line end that the last record may lack. */
  async read(room: number): Promise<void> {
    // Chunks may arrive without any waiting, so give timers a turn.
    await setImmediate()
    const most = Math.min(room, this.#feed.rest ?? room)
    this.#scanner.reserve(this.#roomFor(this.have + most))
    const count = await this.#feed.fill(this.#scanner.window, this.have, most)
    this.have += count
    if (count > 0) return
    this.final = true
    if (this.have === 0 || this.#scanner.window[this.have - 1] === lf) return
    this.#scanner.window[this.have++] = lf
  }

  /** Drops the bytes up to a position, which contain this many line ends. */
  drop(end: number, lines: number): void {
    this.#scanner.window.copyWithin(0, end, this.have)
    this.have -= end
    this.offset += end
    this.#line += lines
  }

  /** A Latin-1 view of the bytes from a position on. */
  view(at: number, length: number): string {
    return this.#scanner.window.toString("latin1", at, Math.min(this.have, at + length))
  }

  /** Whether these bytes, at least one, stand at a position. */
  startsWith(at: number, text: Buffer): boolean {
    const { window } = this.#scanner
    for (let i = 0; i < text.length; i++) if (window[at + i] !== text[i]) return false
    return text.length > 0
  }

  /** The line of a position. */
  lineAt(position: number, dialect: Dialect): number {
    return this.#line + countLineEnds(this.#scanner.window, 0, position, dialect)
  }

  /** Doubles the window each time, so that growing costs little. */
  #roomFor(bytes: number): number {
    let size = this.#size
    while (size < bytes) size *= 2
    return size
  }
}
