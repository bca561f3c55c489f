import { isUtf8 } from "node:buffer"
import { skipSpace } from "../../cells/white-space.ts"
import { Bitmask } from "../../model/bitmask.ts"
import type { Dialect } from "./dialect/dialect.ts"
import type { RecordScanner } from "./scan/record-scanner.ts"
import { unescapeField } from "./scan/unescape-field.ts"

const replacementCharacter = Buffer.from("\ufffd")
/** The most rows of a batch that suggest what their bytes mean in Windows-1252. If a file has more, its encoding should be declared. */
const maxSuggestions = 100

/**
 * The bytes of a batch and its cells as ranges of them: first the text of the file, then the unescaped cells. If the batch borrows the scanner's
 * memory, cells are unescaped in place.
 */
export class BatchText {
  readonly cells: Uint32Array
  readonly stride: number
  #bytes: Buffer
  /** How many of the bytes are in use. */
  #length: number
  readonly #scanner: RecordScanner
  readonly #rows: number
  readonly #end: number
  readonly #toEnds: number
  #isLent: boolean

  constructor(scanner: RecordScanner, rows: number, end: number, lend: boolean) {
    this.#scanner = scanner
    this.#rows = rows
    this.#end = end
    this.#isLent = lend
    const { width, stride } = scanner
    // A full batch is copied in one piece; a batch of few rows is copied column by column.
    const whole = lend || rows * 2 > stride
    this.stride = whole ? stride : rows
    this.#toEnds = width * this.stride
    if (whole) this.cells = lend ? scanner.cells : scanner.cells.slice()
    else {
      this.cells = new Uint32Array(2 * width * rows)
      copyColumns(scanner.cells, stride, this.cells, rows)
    }
    this.#length = end
    this.#bytes = scanner.window
    // Reserves room for the unescaped cells, which are shorter than their source. Copying the text again would take longer than unescaping it.
    if (!lend) this.#reserve(this.#fixupBytes())
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  get #fixups(): Uint32Array {
    return this.#scanner.fixups.subarray(0, this.#scanner.fixupCount)
  }

  /** Unescapes doubled quotes and escapes, after the text or in place. */
  unescape(dialect: Dialect): void {
    const quote = dialect.quote?.charCodeAt(0) ?? -1
    if (this.#isLent && dialect.escape !== undefined && this.#scanner.fixupCount > 0) this.#reserve(this.#fixupBytes())
    for (const cell of this.#fixups) {
      const own = this.#own(cell)
      const start = this.cells[own] ?? 0
      const end = this.cells[own + this.#toEnds] ?? 0
      if (this.#isLent) {
        const to = this.#undouble(start, end, quote, start)
        this.cells[own + this.#toEnds] = to
        // The leftover bytes may end with half a character.
        this.#bytes.fill(quote, to, end)
      } else
        this.#put(own, dialect.escape === undefined ? this.#undouble(start, end, quote, this.#length) : this.#unescape(start, end, dialect))
    }
  }

  #fixupBytes(): number {
    let bytes = 0
    for (const cell of this.#fixups) bytes += this.#lengthOf(this.#own(cell))
    return bytes
  }

  /** Replaces cells with other texts, given as Latin-1 views. */
  patch(patched: readonly number[], patches: readonly string[]): void {
    if (patches.length === 0) return
    // One text is written in a tenth of the time that its parts take.
    const all = patches.join("")
    this.#reserve(all.length)
    this.#bytes.write(all, this.#length, "latin1")
    patched.forEach((cell, at) => {
      this.#put(this.#own(cell), this.#length + (patches[at]?.length ?? 0))
    })
  }

  /** For each column with blank cells, a mask of them. */
  blank(patched: readonly number[]): readonly (Bitmask | undefined)[] {
    return this.#masks(patched, (start, end) => start === end || skipSpace(this.#bytes, start, end) === end)
  }

  /** For each column with cells of no characters, a mask of those without quotes. A patched cell has lost its quotes. */
  empty(patched: readonly number[], dialect: Dialect): readonly (Bitmask | undefined)[] {
    const quote = dialect.quote?.charCodeAt(0)
    const isQuoted = (start: number) => start > 0 && start <= this.#end && this.#bytes[start - 1] === quote
    return this.#masks(patched, (start, end) => start === end && !isQuoted(start))
  }

  /** For each column with a cell whose range passes the test, a mask of those cells. Only cells that may be blank are tested. */
  #masks(patched: readonly number[], test: (start: number, end: number) => boolean): readonly (Bitmask | undefined)[] {
    const { stride, blanks, blankCount } = this.#scanner
    const masks: (Bitmask | undefined)[] = []
    const note = (cell: number) => {
      const column = (cell / stride) | 0
      const row = cell - column * stride
      if (row >= this.#rows) return
      const own = column * this.stride + row
      if (!test(this.cells[own] as number, this.cells[own + this.#toEnds] as number)) return
      let mask = masks[column]
      if (mask === undefined) {
        mask = new Bitmask(this.#rows)
        masks[column] = mask
      }
      mask.set(row)
    }
    for (let at = 0; at < blankCount; at++) note(blanks[at] as number)
    for (const cell of patched) note(cell)
    return masks
  }

  /** Replaces bytes that are not UTF-8. Returns the affected rows, each with its text in Windows-1252. */
  repairUtf8(): Map<number, string | undefined> {
    const damaged = new Map<number, string | undefined>()
    if (isUtf8(this.#bytes.subarray(0, this.#end))) return damaged
    const { width, stride } = this.#scanner
    const decoder = new TextDecoder("windows-1252")
    const cells: number[] = []
    let length = 0
    for (let row = 0; row < this.#rows; row++) {
      for (let j = 0; j < width; j++) {
        const cell = j * stride + row
        const bytes = this.#bytesOf(cell)
        if (isUtf8(bytes)) continue
        cells.push(cell)
        // Each byte becomes one replacement character at most, which has three bytes.
        length += 3 * bytes.length
        if (!damaged.has(row)) damaged.set(row, damaged.size < maxSuggestions ? decoder.decode(bytes.subarray(0, 200)) : undefined)
      }
    }
    this.#reserve(length)
    for (const cell of cells) {
      this.#put(this.#own(cell), this.#length + this.#bytes.write(this.#bytesOf(cell).toString(), this.#length))
    }
    return damaged
  }

  /** The rows that contain U+0000. */
  rowsWithNul(): number[] {
    if (!this.bytes.includes(0)) return []
    const { width, stride } = this.#scanner
    const rows: number[] = []
    for (let row = 0; row < this.#rows; row++)
      for (let cell = row; cell < width * stride; cell += stride)
        if (this.#bytesOf(cell).includes(0)) {
          rows.push(row)
          break
        }
    return rows
  }

  /** The rows with bytes that the file's encoding does not define. */
  findReplaced(): Map<number, string | undefined> {
    const damaged = new Map<number, string | undefined>()
    if (!this.bytes.includes(replacementCharacter)) return damaged
    const { width, stride } = this.#scanner
    for (let row = 0; row < this.#rows; row++)
      for (let j = 0; j < width; j++) if (this.#bytesOf(j * stride + row).includes(replacementCharacter)) damaged.set(row, undefined)
    return damaged
  }

  /** Copies a cell to `place` with each doubled quote as one. Returns where the copy ends. */
  #undouble(start: number, end: number, quote: number, place: number): number {
    const bytes = this.#bytes
    let to = place
    for (let from = start; from < end; ) {
      const found = bytes.indexOf(quote, from)
      const stop = found < 0 || found >= end ? end : found + 1
      bytes.copyWithin(to, from, stop)
      to += stop - from
      from = stop + 1
    }
    return to
  }

  #unescape(start: number, end: number, dialect: Dialect): number {
    const text = unescapeField(this.#bytes.toString("latin1", start, end), dialect)
    return this.#length + this.#bytes.write(text, this.#length, "latin1")
  }

  /** Points the cell at the bytes from the end of the text up to `end`. */
  #put(own: number, end: number): void {
    this.cells[own] = this.#length
    this.cells[own + this.#toEnds] = end
    this.#length = end
  }

  #bytesOf(cell: number): Buffer {
    const own = this.#own(cell)
    return this.#bytes.subarray(this.cells[own], this.cells[own + this.#toEnds])
  }

  #lengthOf(own: number): number {
    return (this.cells[own + this.#toEnds] ?? 0) - (this.cells[own] ?? 0)
  }

  /** Converts the scanner's index of a cell to the index used here. */
  #own(cell: number): number {
    const { stride } = this.#scanner
    return this.stride === stride ? cell : Math.floor(cell / stride) * this.stride + (cell % stride)
  }

  /** Makes room for this many bytes after the text, in memory that the batch owns. */
  #reserve(length: number): void {
    if (this.#bytes !== this.#scanner.window && this.#length + length <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(this.#length + length)
    grown.set(this.bytes)
    this.#bytes = grown
    this.#isLent = false
  }
}

/** Up to this many rows are copied one by one: a view of each column would take more memory than the rows. */
const fewRows = 64

/** Copies the first rows of columns from a distance of `stride` to a distance of `rows`. */
function copyColumns(from: Uint32Array, stride: number, to: Uint32Array, rows: number): void {
  for (let source = 0, target = 0; target < to.length; source += stride, target += rows) {
    if (rows > fewRows) to.set(from.subarray(source, source + rows), target)
    else for (let row = 0; row < rows; row++) to[target + row] = from[source + row] as number
  }
}
