import type { ByteWindow } from "./byte-window.ts"
import { documentError, recordTooLong } from "./json-errors.ts"
import { type JsonFault, unexpected } from "./json-fault.ts"
import { isSpace, type JsonScanner } from "./json-scanner.ts"
import type { JsonTape } from "./json-tape.ts"
import type { RecordReader } from "./record-reader.ts"

/** How records follow one another: as the elements of an array, or bare. */
type Framing = "array" | "sequence"

const comma = 0x2c
const bracket = 0x5d

/** Records that are the elements of an array, from behind its opening bracket; or bare values, one after another. */
export class ElementReader implements RecordReader {
  start: number
  end: number
  readonly line = undefined
  readonly fault: JsonFault | undefined
  #within = false
  #first = true
  readonly #framing: Framing
  readonly #window: ByteWindow
  readonly #scanner: JsonScanner
  readonly #uri: string
  readonly #maxRecordBytes: number

  constructor(framing: Framing, position: number, window: ByteWindow, scanner: JsonScanner, uri: string, maxRecordBytes: number) {
    this.#framing = framing
    this.start = this.end = position
    this.#window = window
    this.#scanner = scanner
    this.#uri = uri
    this.#maxRecordBytes = maxRecordBytes
  }

  get tape(): JsonTape {
    return this.#scanner.tape
  }

  next(): "record" | "more" | "end" {
    if (!this.#within) {
      const ahead = this.#advance()
      if (ahead !== "record") return ahead
      this.#scanner.begin(this.start)
      this.#within = true
    }
    const { bytes, end, final } = this.#window
    const outcome = this.#scanner.scan(bytes, end, final)
    const position = this.#scanner.position
    const length = (outcome === "more" ? end : position) - this.start
    if (length > this.#maxRecordBytes) throw recordTooLong(length, this.#maxRecordBytes, this.#uri, this.#window.offset + this.start)
    if (outcome === "more") return "more"
    if (outcome === "fault" && this.#scanner.fault !== undefined) throw this.#error(this.#scanner.fault)
    this.end = position
    this.#within = false
    this.#first = false
    return "record"
  }

  rebase(by: number): void {
    this.start -= by
    this.end -= by
    this.#scanner.position -= by
  }

  /** Moves to where the next record begins, over the comma before it. */
  #advance(): "record" | "more" | "end" {
    const { bytes, end, final } = this.#window
    let at = skipSpace(bytes, this.end, end)
    if (at === end && this.#framing === "sequence" && final) return "end"
    if (this.#framing === "array" && at < end) {
      if (bytes[at] === bracket) {
        this.end = at + 1
        return "end"
      }
      if (!this.#first) {
        if (bytes[at] !== comma) throw this.#error(unexpected(bytes, at, 'A comma or "]"'))
        at = skipSpace(bytes, at + 1, end)
      }
    }
    if (at === end && !final) return "more"
    this.start = at
    return "record"
  }

  #error(fault: JsonFault): Error {
    return documentError(fault, this.#uri, this.#window.offset)
  }
}

function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(bytes[at] ?? 0)) at++
  return at
}
