import type { ByteWindow } from "./byte-window.ts"
import { documentError, recordTooLong } from "./json-errors.ts"
import { type JsonFault, unexpected } from "./json-fault.ts"
import { isSpace, type JsonScanner } from "./json-scanner.ts"
import type { JsonTape } from "./json-tape.ts"
import type { RecordReader } from "./record-reader.ts"

const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Reads records that are lines. Blank lines are skipped. A line that is not JSON is a bad record, and reading continues with the next line.
 *
 * Lines end in LF or CR LF. If the first line ends in CR alone, all lines do.
 */
export class LineReader implements RecordReader {
  start = 0
  end = 0
  line = 0
  fault: JsonFault | undefined
  #position = 0
  /** The byte that ends lines; undefined until the end of the first line is read. */
  #lineEnd: number | undefined
  /** No line end was found before this position. */
  #searched = 0
  readonly #window: ByteWindow
  readonly #scanner: JsonScanner
  readonly #uri: string
  readonly #maxRecordBytes: number

  constructor(window: ByteWindow, scanner: JsonScanner, uri: string, maxRecordBytes: number) {
    this.#window = window
    this.#scanner = scanner
    this.#uri = uri
    this.#maxRecordBytes = maxRecordBytes
  }

  get consumed(): number {
    return this.#position
  }

  get tape(): JsonTape {
    return this.#scanner.tape
  }

  next(): "record" | "bad" | "more" | "end" {
    const { bytes } = this.#window
    while (this.#nextLine()) {
      let at = this.start
      while (at < this.end && isSpace(bytes[at] ?? 0)) at++
      if (at < this.end) return this.#scan()
    }
    return this.#window.final ? "end" : "more"
  }

  rebase(by: number): void {
    this.#position -= by
    this.#searched = Math.max(0, this.#searched - by)
    this.start -= by
    this.end -= by
  }

  /** Moves to the next complete line. */
  #nextLine(): boolean {
    const { bytes, end, final } = this.#window
    this.#lineEnd ??= this.#firstLineEnd()
    const ending = this.#lineEnd ?? lineFeed
    for (; this.#position < end && bytes[this.#position] === ending; this.#position++) this.line++
    const found = bytes.indexOf(ending, Math.max(this.#searched, this.#position))
    const complete = found >= 0 && found < end
    const lineEnd = complete ? found : end
    // If the last byte is a CR, the next byte decides what it ends.
    this.#searched = complete ? lineEnd : Math.max(0, lineEnd - 1)
    if (lineEnd - this.#position > this.#maxRecordBytes)
      throw recordTooLong(lineEnd - this.#position, this.#maxRecordBytes, this.#position, this.#uri, this.#window)
    if (!complete && (!final || this.#position >= end)) return false
    this.start = this.#position
    this.end = lineEnd
    this.#position = complete ? lineEnd + 1 : end
    this.line++
    return true
  }

  /** CR ends the first line if no LF follows it. A CR at the end of the window may be half of CR LF. */
  #firstLineEnd(): number | undefined {
    const { bytes, end, final } = this.#window
    for (let at = this.#searched; at < end; at++) {
      if (bytes[at] === lineFeed) return lineFeed
      if (bytes[at] !== carriageReturn) continue
      if (at + 1 < end) return bytes[at + 1] === lineFeed ? lineFeed : carriageReturn
      if (final) return carriageReturn
    }
    return undefined
  }

  #scan(): "record" | "bad" {
    const { bytes } = this.#window
    this.#scanner.begin(this.start)
    this.fault = this.#scanner.scan(bytes, this.end, true) === "fault" ? this.#scanner.fault : undefined
    if (this.fault?.kind === "many") throw documentError(this.fault, this.#uri, this.#window)
    let after = this.#scanner.position
    while (this.fault === undefined && after < this.end && isSpace(bytes[after] ?? 0)) after++
    if (this.fault === undefined && after < this.end) this.fault = unexpected(bytes, after, this.end, "the end of the line")
    return this.fault === undefined ? "record" : "bad"
  }
}
