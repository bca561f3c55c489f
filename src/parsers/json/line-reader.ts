import type { ByteWindow } from "./byte-window.ts"
import { recordTooLong } from "./json-errors.ts"
import { type JsonFault, unexpected } from "./json-fault.ts"
import { isSpace, type JsonScanner } from "./json-scanner.ts"
import type { JsonTape } from "./json-tape.ts"
import type { RecordReader } from "./record-reader.ts"

const lineFeed = 0x0a

/** Records that are lines. Blank lines are passed over; a line that is not JSON is a bad record and the next one is read all the same. */
export class LineReader implements RecordReader {
  start = 0
  end = 0
  line = 0
  fault: JsonFault | undefined
  #position = 0
  /** Up to where no line feed was found yet. */
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

  /** Moves to the next line that is there completely. */
  #nextLine(): boolean {
    const { bytes, end, final, offset } = this.#window
    for (; this.#position < end && bytes[this.#position] === lineFeed; this.#position++) this.line++
    const found = bytes.indexOf(lineFeed, Math.max(this.#searched, this.#position))
    const complete = found >= 0 && found < end
    const lineEnd = complete ? found : end
    this.#searched = lineEnd
    if (lineEnd - this.#position > this.#maxRecordBytes)
      throw recordTooLong(lineEnd - this.#position, this.#maxRecordBytes, this.#uri, offset + this.#position)
    if (!complete && (!final || this.#position >= end)) return false
    this.start = this.#position
    this.end = lineEnd
    this.#position = complete ? lineEnd + 1 : end
    this.line++
    return true
  }

  #scan(): "record" | "bad" {
    const { bytes } = this.#window
    this.#scanner.begin(this.start)
    this.fault = this.#scanner.scan(bytes, this.end, true) === "fault" ? this.#scanner.fault : undefined
    let after = this.#scanner.position
    while (this.fault === undefined && after < this.end && isSpace(bytes[after] ?? 0)) after++
    if (this.fault === undefined && after < this.end) this.fault = unexpected(bytes, after, this.end, "The end of the line")
    return this.fault === undefined ? "record" : "bad"
  }
}
