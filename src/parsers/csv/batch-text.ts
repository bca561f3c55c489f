import { isUtf8 } from "node:buffer"
import { skipSpace } from "../../cells/white-space.ts"
import { Bitmask } from "../../model/bitmask.ts"
import type { Dialect } from "./dialect/dialect.ts"
import type { RecordScanner } from "./scan/record-scanner.ts"
import { unescapeField } from "./scan/unescape-field.ts"

const replacementCharacter = Buffer.from("\ufffd")
/** Rows of a batch that are told what their bytes may have meant: where there are more, the encoding should be declared. */
const maxSuggestions = 100

/**
 * The bytes of a batch, with its cells as ranges of them: first the text of the file, then what was undone of it. Lent, they are the scanner's
 * own, and doubled quotes are undone where they stand.
 */
export class BatchText {
  readonly cells: Uint32Array
  readonly stride: number
  #bytes: Buffer
  /** How much of the bytes is text. */
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
    // A full batch is copied at once, one of few rows column by column.
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
    // Room for what is undone, which is shorter than what it is made of: copying the text once more would take longer than undoing it.
    if (!lend) this.#reserve(this.#fixupBytes())
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  get #fixups(): Uint32Array {
    return this.#scanner.fixups.subarray(0, this.#scanner.fixupCount)
  }

  /** Undoes doubled quotes and escapes: behind the text, or in place. */
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
        // Half a character may be left there.
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

  /** Puts other texts, Latin-1 views, in the place of cells. */
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

  /** For each column that has some, a mask of the cells that are blank. */
  blank(patched: readonly number[]): readonly (Bitmask | undefined)[] {
    const { stride, blanks, blankCount } = this.#scanner
    const masks: (Bitmask | undefined)[] = []
    const note = (cell: number) => {
      const column = (cell / stride) | 0
      const row = cell - column * stride
      if (row >= this.#rows) return
      const own = column * this.stride + row
      const start = this.cells[own] as number
      const end = this.cells[own + this.#toEnds] as number
      if (start !== end && skipSpace(this.#bytes, start, end) !== end) return
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

  /** Replaces what is not UTF-8, and gives the rows that had some, each with what it would say in Windows-1252. */
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
        // A byte becomes a replacement character of three at most.
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

  /** The rows that hold U+0000. */
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

  /** The rows with characters that the file's encoding does not define. */
  findReplaced(): Map<number, string | undefined> {
    const damaged = new Map<number, string | undefined>()
    if (!this.bytes.includes(replacementCharacter)) return damaged
    const { width, stride } = this.#scanner
    for (let row = 0; row < this.#rows; row++)
      for (let j = 0; j < width; j++) if (this.#bytesOf(j * stride + row).includes(replacementCharacter)) damaged.set(row, undefined)
    return damaged
  }

  /** Writes a cell without its quotes' doubles to a place, and says where it ends there. */
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

  /** The cell is what stands behind the text, up to an end. */
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

  /** The scanner's index of a cell as an index of these cells. */
  #own(cell: number): number {
    const { stride } = this.#scanner
    return this.stride === stride ? cell : Math.floor(cell / stride) * this.stride + (cell % stride)
  }

  /** Makes room for so many bytes behind the text, in memory of its own. */
  #reserve(length: number): void {
    if (this.#bytes !== this.#scanner.window && this.#length + length <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(this.#length + length)
    grown.set(this.bytes)
    this.#bytes = grown
    this.#isLent = false
  }
}

/** So few rows are copied one by one: a view of each column would take more memory than they do. */
const fewRows = 64

/** Copies the first rows of columns that stand `stride` apart, so that they stand `rows` apart. */
function copyColumns(from: Uint32Array, stride: number, to: Uint32Array, rows: number): void {
  for (let source = 0, target = 0; target < to.length; source += stride, target += rows) {
    if (rows > fewRows) to.set(from.subarray(source, source + rows), target)
    else for (let row = 0; row < rows; row++) to[target + row] = from[source + row] as number
  }
}
