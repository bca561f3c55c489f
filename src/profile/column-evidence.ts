import { blanksToNull } from "../cells/blank-cells.ts"
import { booleanWord } from "../cells/boolean-words.ts"
import { errorWords, nullWords } from "../cells/null-words.ts"
import { cellText } from "../cells/readers/cell-text.ts"
import { dropSpace, maySpace, skipSpace } from "../cells/white-space.ts"
import { CellError } from "../model/cell-error.ts"
import type { Column } from "../model/column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { DateEvidence } from "./date-evidence.ts"
import { isJsonText } from "./json-text.ts"
import { NumberEvidence } from "./number-evidence.ts"
import { isOtherNumber, unitOf } from "./number-words.ts"
import { isShownCode } from "./shown-code.ts"
import { Tally } from "./tally.ts"
import { thresholds } from "./thresholds.ts"
import { ValueCounts } from "./value-counts.ts"

const knownNulls = new Set(nullWords)
const knownErrors = new Set(errorWords)
const longestWord = Math.max(...nullWords.map((word) => Buffer.byteLength(word)))

/** What the cells of a column are, counted in one pass. `ColumnFindings` decides what the column is. */
export class ColumnEvidence {
  /** Cells that have a value or a text that may stand for none. */
  cells = 0
  nulls = 0
  readonly numbers = new NumberEvidence()
  readonly percents = new NumberEvidence()
  readonly dates = new DateEvidence()
  readonly wholes = new Tally()
  readonly fractions = new Tally()
  readonly booleans = new Tally()
  /** By word in lower case. */
  readonly words = new Map<string, Tally>()
  readonly nullTexts = new Map<string, Tally>()
  readonly errors = new Map<string, Tally>()
  /** Error cells with other texts than those of spreadsheets. No kind holds them. */
  readonly unknownErrors = new Tally()
  /** `\N`, which dumps of databases write for no value. */
  readonly dumpNulls = new Tally()
  /** Formulas that only hold a text: `="00123"`. */
  readonly textFormulas = new Tally()
  /** Texts with U+FFFD, which stands for bytes that a program could not read. */
  readonly replaced = new Tally()
  /** Texts of UTF-8 that a program has read as Latin-1 and written again: `MÃ¼ller`. */
  readonly doubled = new Tally()
  readonly json = new Tally()
  /** Texts of letters and digits, as ids have them. */
  readonly mixed = new Tally()
  /** Numbers with a unit, or with CR or DR, by this word. */
  readonly units = new Map<string, Tally>()
  /** Numbers in digits of other scripts. */
  readonly otherDigits = new Tally()
  readonly texts = new Tally()
  readonly others = new Tally()
  readonly values = new ValueCounts()
  readonly #mostTexts: number

  /** `rows` is the size of the sample. */
  constructor(rows: number) {
    // From here on, no later row of the sample can make it anything but text.
    this.#mostTexts = Math.max(1000, Math.ceil(rows * (1 - thresholds.leastBound)))
  }

  /** Takes the cells of a batch. `numberOf` gives the number that one of its rows has in the file. */
  add(given: Column<unknown>, numberOf: (row: number) => number): void {
    const column = blanksToNull(given)
    const isAllNull = column.nulls.count === column.length
    this.nulls += column.nulls.count
    this.cells += column.length - column.nulls.count
    if (isAllNull) return
    const anyNull = column.nulls.count !== 0
    if (column instanceof BytesColumn) {
      const { bytes, starts, ends, length } = column
      for (let row = 0; row < length; row++)
        if (!anyNull || !column.nulls.has(row)) this.#addBytes(bytes, starts[row] as number, ends[row] as number, row)
    } else if (column instanceof NumberColumn) {
      const values = column.numbers()
      const { shown } = column
      for (let row = 0; row < column.length; row++) {
        if (anyNull && column.nulls.has(row)) continue
        const text = shown?.at(row)
        if (text === undefined || !isShownCode(text)) this.#addNumber(values[row] as number, row)
        else this.#addText(text, row)
      }
    } else {
      const { shown } = column
      for (let row = 0; row < column.length; row++) {
        if (anyNull && column.nulls.has(row)) continue
        const text = shown?.at(row)
        if (text === undefined || !isShownCode(text)) this.#addCell(column.at(row), row)
        else this.#addText(text, row)
      }
    }
    const marks = [...this.numbers.marks, ...this.percents.marks, this.dates.tooFine, this.dates.farAhead]
    marks.push(this.dumpNulls, this.textFormulas, this.replaced, this.doubled)
    for (const tally of [...this.tallies, ...marks, ...this.nullTexts.values(), ...this.errors.values()]) tally.settle(numberOf)
  }

  /** Whether so many cells are plain text that the column is. */
  get isText(): boolean {
    return this.texts.count + this.mixed.count > this.#mostTexts
  }

  /** All sorts of cells that have a value. */
  get tallies(): readonly Tally[] {
    const { numbers, percents, dates, wholes, fractions, booleans, words, json, mixed, units, otherDigits, texts, others, unknownErrors } =
      this
    const typed = [wholes, fractions, booleans, json, others, unknownErrors]
    return [
      ...numbers.tallies,
      ...percents.tallies,
      ...dates.tallies,
      ...typed,
      ...words.values(),
      ...units.values(),
      mixed,
      otherDigits,
      texts,
    ]
  }

  #addCell(cell: unknown, row: number): void {
    if (typeof cell === "string") {
      const bytes = Buffer.from(cell)
      this.#addBytes(bytes, 0, bytes.length, row)
    } else if (typeof cell === "number") this.#addNumber(cell, row)
    else if (cell instanceof Date) this.dates.addDate(cell, row)
    else if (typeof cell === "boolean") keep(this.booleans, row, String(cell))
    else if (cell instanceof CellError)
      keep(knownErrors.has(cell.error) ? tallyOf(this.errors, cell.error) : this.unknownErrors, row, cell.error)
    else {
      const isPlain = Array.isArray(cell) || Object.getPrototypeOf(cell) === Object.prototype || Object.getPrototypeOf(cell) === null
      const tally = isPlain ? this.json : this.others
      keep(tally, row, cellText(cell) ?? "")
    }
  }

  #addText(text: string, row: number): void {
    const bytes = Buffer.from(text)
    this.#addBytes(bytes, 0, bytes.length, row)
  }

  #addNumber(value: number, row: number): void {
    const tally = Number.isSafeInteger(value) ? this.wholes : this.fractions
    if (tally.add()) tally.keep(row, String(value))
    const { seconds, milliseconds } = this.numbers
    const since = value >= 1e9 && value < 2e9 ? seconds : value >= 1e12 && value < 2e12 ? milliseconds : undefined
    if (since?.add() === true) since.keep(row, String(value))
  }

  #addBytes(bytes: Buffer, from: number, to: number, row: number): void {
    const start = maySpace(bytes[from]) ? skipSpace(bytes, from, to) : from
    const end = maySpace(bytes[to - 1]) ? dropSpace(bytes, start, to) : to
    if (this.numbers.addPlain(bytes, start, end, row)) return
    const mark = markOf(bytes, start, end)
    if (mark !== undefined && this[mark].add()) this[mark].keep(row, bytes.toString("utf8", start, end).slice(0, thresholds.longestExample))
    if (end - start <= thresholds.longestValue) this.values.add(bytes, start, end)
    else this.values.overflow()
    if (this.isText) this.texts.count++
    else if (end - start > thresholds.longestCell) this.#addLong(bytes, start, end, row)
    else this.#addShort(bytes, start, end, row)
  }

  #addLong(bytes: Buffer, start: number, end: number, row: number): void {
    const tally = isJsonText(bytes, start, end) ? this.json : this.texts
    if (tally.add()) tally.keep(row, bytes.toString("utf8", start, Math.min(end, start + 4 * thresholds.longestExample)))
  }

  #addShort(bytes: Buffer, start: number, end: number, row: number): void {
    if (this.dates.addIso(bytes, start, end, row)) return
    const shape = shapeOf(bytes, start, end)
    const text = shape.hasDigits || end - start <= longestWord ? bytes.toString("utf8", start, end) : undefined
    const isTaken =
      text !== undefined && !knownNulls.has(text) && shape.hasDigits
        ? this.numbers.addText(text, row, this.percents) || this.dates.addText(text, row)
        : false
    if (isTaken) return
    const tally = this.#tallyOf(bytes, start, end, text, shape)
    if (tally.add()) tally.keep(row, text ?? bytes.toString("utf8", start, end))
  }

  /** The tally of a cell that is neither a number nor a date. `text` is undefined if it is too long for a word. */
  #tallyOf(bytes: Buffer, start: number, end: number, text: string | undefined, { hasDigits, hasLetters }: Shape): Tally {
    if (isJsonText(bytes, start, end)) return this.json
    if (text === undefined) return isOtherNumber(bytes, start, end) ? this.otherDigits : this.texts
    if (knownNulls.has(text)) return tallyOf(this.nullTexts, text)
    if (hasDigits) {
      const unit = unitOf(text)
      return unit !== undefined ? tallyOf(this.units, unit) : hasLetters ? this.mixed : this.texts
    }
    if (isOtherNumber(bytes, start, end)) return this.otherDigits
    return booleanWord(text) === undefined ? this.texts : tallyOf(this.words, text.toLowerCase())
  }
}

function keep(tally: Tally, row: number, text: string): void {
  if (tally.add()) tally.keep(row, text)
}

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  const known = tallies.get(key)
  if (known !== undefined) return known
  const tally = new Tally()
  tallies.set(key, tally)
  return tally
}

/** What a program has done to a text: written it for no value, wrapped it, or damaged it. */
function markOf(bytes: Uint8Array, start: number, end: number): "dumpNulls" | "textFormulas" | "replaced" | "doubled" | undefined {
  const [first, second] = [bytes[start], bytes[start + 1]]
  if (first === 92 && second === 78 && end - start === 2) return "dumpNulls"
  if (first === 61 && second === 34 && bytes[end - 1] === 34 && end - start > 3) return "textFormulas"
  for (let at = start; at < end - 2; at++) {
    const byte = bytes[at] as number
    if (byte < 0xc3) continue
    if (byte === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) return "replaced"
    if (byte === 0xc3 && bytes[at + 1] === 0x83 && bytes[at + 2] === 0xc2 && at < end - 3 && isDoubled(bytes[at + 3])) return "doubled"
  }
  return undefined
}

/** A capital A with a tilde may also stand before a no-break space or a quotation mark. */
function isDoubled(byte: number | undefined): boolean {
  return byte !== 0xa0 && byte !== 0xab && byte !== 0xbb
}

interface Shape {
  readonly hasDigits: boolean
  readonly hasLetters: boolean
}

/** Whether a text has digits and letters. Characters beyond ASCII count as letters. */
function shapeOf(bytes: Uint8Array, start: number, end: number): Shape {
  let [hasDigits, hasLetters] = [false, false]
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte >= 48 && byte <= 57) hasDigits = true
    else if (byte >= 128 || ((byte | 32) >= 97 && (byte | 32) <= 122)) hasLetters = true
  }
  return { hasDigits, hasLetters }
}
