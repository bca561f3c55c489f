import { plainEscape } from "../dialect/dialect.ts"
import { blankFirst, paddingBytes, type RecordScanner, type ScannerOptions, scanStatus, strideOf } from "./record-scanner.ts"

const none = -1
const cr = 13
const lf = 10

/** Scans every dialect, byte by byte. */
export class ByteScanner implements RecordScanner {
  readonly width: number
  readonly rowLimit: number
  readonly stride: number
  window: Buffer
  readonly cells: Uint32Array
  readonly rowStarts: Uint32Array
  readonly fixups: Uint32Array
  readonly blanks: Uint32Array
  readonly strays: Uint32Array
  fixupCount = 0
  blankCount = 0
  strayCount = 0
  position = 0
  rows = 0
  lines = 0
  readonly #delimiter: Uint8Array
  readonly #first: number
  readonly #quote: number
  readonly #escape: number
  readonly #plainEscape: number
  readonly #comment: number
  readonly #loneCr: boolean
  readonly #padded: boolean
  readonly #collapsed: boolean
  readonly #blankFirst: Uint8Array
  // The position of the field reader and the field that it found.
  #at = 0
  #start = 0
  #end = 0
  #special = false

  constructor({ dialect, width, rowLimit, windowBytes }: ScannerOptions) {
    this.width = width
    this.rowLimit = rowLimit
    this.stride = strideOf(rowLimit)
    this.window = Buffer.alloc(windowBytes + paddingBytes)
    this.cells = new Uint32Array(2 * width * this.stride)
    this.rowStarts = new Uint32Array(rowLimit + 1)
    this.fixups = new Uint32Array(rowLimit * width)
    this.blanks = new Uint32Array(rowLimit * width)
    this.strays = new Uint32Array(rowLimit + 1)
    const byte = (character: string | undefined) => character?.charCodeAt(0) ?? none
    this.#delimiter = Buffer.from(dialect.delimiter ?? "", "latin1")
    this.#first = byte(dialect.delimiter)
    this.#quote = byte(dialect.quote)
    this.#escape = byte(dialect.escape)
    this.#plainEscape = byte(plainEscape(dialect))
    this.#comment = byte(dialect.comment)
    this.#loneCr = dialect.lineEnd === "\r"
    this.#padded = dialect.padded
    this.#collapsed = dialect.collapsed
    this.#blankFirst = blankFirst(dialect)
  }

  reserve(bytes: number): void {
    if (this.window.length >= bytes + paddingBytes) return
    const grown = Buffer.alloc(bytes + paddingBytes)
    grown.set(this.window)
    this.window = grown
  }

  scan(from: number, end: number, row: number): number {
    const { cells, rowStarts, fixups, blanks, stride, width } = this
    const toEnds = width * stride
    this.lines = 0
    this.#at = from
    for (this.rows = row; ; this.rows++) {
      this.position = this.#at
      if (this.rows === this.rowLimit) return scanStatus.full
      const skipped = this.#skipBlankLines(end)
      this.position = this.#at
      if (this.#at >= end || skipped === scanStatus.input) return scanStatus.input
      if (this.window[this.#at] === this.#comment) return scanStatus.comment
      const { fixupCount, blankCount } = this
      const linesBefore = this.lines
      if (this.#collapsed) this.#skipDelimiters(end)
      let slot = this.rows
      let column = 0
      for (;;) {
        const status = this.#readField(end)
        const lineEnd = status === undefined ? this.#lineEnd(end) : 0
        const last = column + 1 === width
        const regular = lineEnd > 0 ? last : !last || this.#collapsed
        if (status !== undefined || lineEnd < 0 || !regular) {
          this.fixupCount = fixupCount
          this.blankCount = blankCount
          this.lines = linesBefore
          return status ?? (lineEnd < 0 ? scanStatus.input : scanStatus.odd)
        }
        cells[slot] = this.#start
        cells[slot + toEnds] = this.#end
        if (this.#special) fixups[this.fixupCount++] = slot
        if (this.#blankFirst[this.window[this.#start] ?? 0] === 1) blanks[this.blankCount++] = slot
        column++
        slot += stride
        if (lineEnd > 0) {
          this.#at += lineEnd
          break
        }
        this.#at += this.#delimiter.length
        if (this.#collapsed) {
          this.#skipDelimiters(end)
          const trailing = this.#lineEnd(end)
          if (trailing === 0 && !last) continue
          if (trailing > 0 && last) {
            this.#at += trailing
            break
          }
          this.fixupCount = fixupCount
          this.blankCount = blankCount
          this.lines = linesBefore
          return trailing < 0 ? scanStatus.input : scanStatus.odd
        }
      }
      this.lines++
      rowStarts[this.rows] = this.position
    }
  }

  /** Skips empty lines. In a table of one column they are rows. */
  #skipBlankLines(end: number): number | undefined {
    while (this.width > 1 && this.#at < end) {
      const lineEnd = this.#lineEnd(end)
      if (lineEnd < 0) return scanStatus.input
      if (lineEnd === 0) return undefined
      this.#at += lineEnd
      this.lines++
    }
    return undefined
  }

  /** The length of the line end at the current position: 0 if there is none, negative if more bytes are needed to tell. */
  #lineEnd(end: number): number {
    if (this.#at >= end) return -1
    const byte = this.window[this.#at]
    if (byte === lf) return 1
    if (byte !== cr) return 0
    if (this.#at + 1 >= end) return -1
    if (this.window[this.#at + 1] === lf) return 2
    return this.#loneCr ? 1 : 0
  }

  /** Reads a field up to the following delimiter or line end. */
  #readField(end: number): number | undefined {
    const { window } = this
    if (this.#padded) while (this.#at < end && window[this.#at] === 32) this.#at++
    this.#special = false
    if (this.#quote !== none && window[this.#at] === this.#quote) return this.#readQuoted(end)
    const first = this.#first
    const escaping = this.#plainEscape
    let at = this.#at
    this.#start = at
    for (; at < end; at++) {
      const byte = window[at]
      if (byte === first) {
        if (this.#delimiter.length === 1) break
        if (at + this.#delimiter.length > end) return scanStatus.input
        if (this.#isDelimiter(at)) break
      } else if (byte === lf) break
      else if (byte === cr) {
        if (at + 1 >= end) return scanStatus.input
        if (this.#loneCr || window[at + 1] === lf) break
      } else if (byte === escaping) {
        this.#special = true
        if (this.#endsLine(++at)) this.lines++
      } else if (byte === this.#quote && (this.strayCount === 0 || this.strays[this.strayCount - 1] !== this.rows)) {
        this.strays[this.strayCount++] = this.rows
      }
    }
    if (at >= end) return scanStatus.input
    this.#at = at
    if (this.#padded) while (at > this.#start && window[at - 1] === 32) at--
    this.#end = at
    return undefined
  }

  #readQuoted(end: number): number | undefined {
    const { window } = this
    const quote = this.#quote
    const escaping = this.#escape
    let at = this.#at + 1
    this.#start = at
    for (; at < end; at++) {
      const byte = window[at]
      if (byte === quote) {
        if (at + 1 >= end) return scanStatus.input
        if (window[at + 1] !== quote) break
        this.#special = true
        at++
      } else if (byte === escaping) {
        this.#special = true
        if (this.#endsLine(++at)) this.lines++
      } else if (this.#endsLine(at)) this.lines++
    }
    if (at >= end) return scanStatus.input
    this.#end = at
    this.#at = at + 1
    const lineEnd = this.#lineEnd(end)
    if (lineEnd < 0) return scanStatus.input
    if (lineEnd > 0) return undefined
    if (this.#at + this.#delimiter.length > end) return scanStatus.input
    return this.#isDelimiter(this.#at) ? undefined : scanStatus.odd
  }

  /** Whether a byte inside a field ends a line of the file. */
  #endsLine(at: number): boolean {
    const byte = this.window[at]
    return byte === lf || (byte === cr && this.#loneCr && this.window[at + 1] !== lf)
  }

  #isDelimiter(at: number): boolean {
    const delimiter = this.#delimiter
    for (let i = 0; i < delimiter.length; i++) if (this.window[at + i] !== delimiter[i]) return false
    return delimiter.length > 0
  }

  #skipDelimiters(end: number): void {
    while (this.#at + this.#delimiter.length <= end && this.#isDelimiter(this.#at)) this.#at += this.#delimiter.length
  }
}
