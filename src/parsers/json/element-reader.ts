import type { ByteWindow } from "./byte-window.ts"
import { documentError, recordTooLong } from "./json-errors.ts"
import { type JsonFault, unexpected } from "./json-fault.ts"
import { isSpace, type JsonScanner } from "./json-scanner.ts"
import type { JsonTape } from "./json-tape.ts"
import type { RecordReader } from "./record-reader.ts"

/** Whether records are the elements of an array or follow one another without one. */
type Framing = "array" | "sequence"

const comma = 0x2c
const bracket = 0x5d

/** Reads the elements of an array, beginning after its opening bracket, or values that follow one another without an array. */
export class ElementReader implements RecordReader {
  start: number
  end: number
  readonly line = undefined
  readonly fault: JsonFault | undefined
  #next: "first" | "separator" | "value" | "within" = "first"
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

  get consumed(): number {
    return this.#next === "within" ? this.start : this.end
  }

  next(): "record" | "more" | "end" {
    if (this.#next !== "within") {
      const ahead = this.#advance()
      if (ahead !== "record") return ahead
      this.start = this.end
      this.#scanner.begin(this.start)
      this.#next = "within"
    }
    const { bytes, end, final } = this.#window
    const outcome = this.#scanner.scan(bytes, end, final)
    const position = this.#scanner.position
    const length = (outcome === "more" ? end : position) - this.start
    if (length > this.#maxRecordBytes) throw recordTooLong(length, this.#maxRecordBytes, this.start, this.#uri, this.#window)
    if (outcome === "more") return "more"
    if (outcome === "fault" && this.#scanner.fault !== undefined) throw this.#error(this.#scanner.fault)
    this.end = position
    this.#next = "separator"
    return "record"
  }

  rebase(by: number): void {
    this.start -= by
    this.end -= by
    this.#scanner.rebase(by)
    if (this.#next === "within" && by > 0) this.tape.shift(by)
  }

  /** Moves `end` past the comma to the beginning of the next record, or past the end of the array. */
  #advance(): "record" | "more" | "end" {
    const { bytes, end, final } = this.#window
    this.#skipSpace()
    if (this.#framing === "sequence") return this.end < end ? "record" : final ? "end" : "more"
    if (this.end < end && this.#next !== "value") {
      if (bytes[this.end] === bracket) {
        this.end++
        return "end"
      }
      if (this.#next === "separator") {
        if (bytes[this.end] !== comma) throw this.#error(unexpected(bytes, this.end, this.end + 1, 'a comma or "]"'))
        this.end++
        this.#skipSpace()
      }
      this.#next = "value"
    }
    // At the end of the file, the scanner reports what is missing.
    return this.end < end || final ? "record" : "more"
  }

  #skipSpace(): void {
    const { bytes, end } = this.#window
    while (this.end < end && isSpace(bytes[this.end] ?? 0)) this.end++
  }

  #error(fault: JsonFault): Error {
    return documentError(fault, this.#uri, this.#window)
  }
}
