import type { ByteRanges, Column, Dictionary } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import type { NullMask } from "../../model/null-mask.ts"
import { alteration, instantAlteration, interpretation, mayBeAltered, numberAlteration } from "./altered.ts"
import { asUint8Array } from "./as-uint8-array.ts"
import { ByteWriter, digitsOf } from "./byte-writer.ts"
import { type ColumnFormat, realDigits } from "./column-format.ts"
import { EncodedDictionary } from "./encoded-dictionary.ts"
import { isNull } from "./null-bits.ts"
import type { RefuseRow, TextField } from "./text-field.ts"
import { booleanText, dateText, numberText, Unwritable, valueText } from "./value-text.ts"
import { writeText } from "./write-text.ts"

/** Converts one column of each batch to ranges of text. It keeps its buffers from batch to batch. */
export class TextFieldEncoder {
  readonly #format: ColumnFormat
  readonly #writer = new ByteWriter()
  #starts = new Uint32Array(0)
  #ends = new Uint32Array(0)
  #dictionary: EncodedDictionary | undefined

  constructor(format: ColumnFormat) {
    this.#format = format
  }

  /** Converts the rows that are 1 in `live`. */
  field(column: Column<unknown>, live: Uint8Array, refuse: RefuseRow): TextField {
    const field = this.#fieldOf(column, live, refuse)
    if (column instanceof NumberColumn) this.#refuseAlteredNumbers(column, live, refuse)
    else if (column instanceof DateColumn) this.#refuseAlteredInstants(column, live, refuse)
    else if (this.#altersTexts && column.kind !== "date" && column.kind !== "boolean") this.#refuseAlteredTexts(column, field, live, refuse)
    return field
  }

  /** Whether the type takes texts that it does not keep as they are. */
  get #altersTexts(): boolean {
    const { kind, length, mostBytes, scale, secondDigits } = this.#format
    const isNumber = kind === "integer" || kind === "numeric" || kind === "float"
    return (
      isNumber || kind === "date" || kind === "boolean" || [length, mostBytes, scale, secondDigits].some((limit) => limit !== undefined)
    )
  }

  #refuseAlteredTexts(column: Column<unknown>, { bytes, starts, ends, nulls }: TextField, live: Uint8Array, refuse: RefuseRow): void {
    const format = this.#format
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      if (!mayBeAltered(bytes, starts[row] as number, ends[row] as number, format)) continue
      const value = column.at(row)
      const text = valueText(value, format)
      if (text instanceof Unwritable) continue
      const problem =
        typeof value === "number"
          ? numberAlteration(value, format)
          : ((typeof value === "string" ? interpretation(text, format) : undefined) ?? alteration(text, format))
      if (problem !== undefined) refuse(row, problem.code, problem.message)
    }
  }

  #refuseAlteredNumbers(column: NumberColumn, live: Uint8Array, refuse: RefuseRow): void {
    const format = this.#format
    if (format.scale === undefined && format.digits !== realDigits) return
    const numbers = column.numbers()
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || column.nulls.has(row)) continue
      const problem = numberAlteration(numbers[row] as number, format)
      if (problem !== undefined) refuse(row, problem.code, problem.message)
    }
  }

  #refuseAlteredInstants(column: DateColumn, live: Uint8Array, refuse: RefuseRow): void {
    const format = this.#format
    if (format.secondDigits === undefined || format.secondDigits === 6) return
    const times = column.times()
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || column.nulls.has(row)) continue
      const problem = instantAlteration(times[row] as number, format)
      if (problem !== undefined) refuse(row, problem.code, problem.message)
    }
  }

  #fieldOf(column: Column<unknown>, live: Uint8Array, refuse: RefuseRow): TextField {
    const nulls = column.nulls.count === 0 ? undefined : column.nulls.bits
    if (column instanceof BytesColumn)
      return rangesOf((this.#format.scale === undefined ? undefined : column.plain) ?? column, nulls, false)
    if (column instanceof DictionaryColumn) return this.#ofDictionary(column, nulls, live, refuse)
    const own = this.#fileBytes(column, live)
    if (own !== undefined) return rangesOf(own, nulls, false)
    return this.#written(column, nulls, live, refuse)
  }

  /** The file's own bytes, if the database reads the same value from them. */
  #fileBytes(column: Column<unknown>, live: Uint8Array): ByteRanges | undefined {
    const { kind } = this.#format
    if (column instanceof DateColumn) return kind === "json" ? undefined : column.plain
    if (!(column instanceof NumberColumn) || column.plain === undefined) return undefined
    if (kind === "integer")
      return isPlainInteger(column.plain, column.numbers(), column.nulls, live, this.#format) ? column.plain : undefined
    // In a text column, a number has one canonical form, so that "1.50" of a csv and 1.5 of a workbook become the same value.
    return kind === "numeric" || kind === "float" || kind === "json" ? column.plain : undefined
  }

  #ofDictionary(column: Dictionary, nulls: Uint8Array | undefined, live: Uint8Array, refuse: RefuseRow): TextField {
    const { codes, values } = column
    if (this.#dictionary?.values !== values) this.#dictionary = new EncodedDictionary(values)
    const dictionary = this.#dictionary
    this.#room(live.length)
    const starts = this.#starts
    const ends = this.#ends
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      const code = codes[row] as number
      const problem = dictionary.write(code)
      if (problem !== undefined) refuse(row, problem.code, problem.message)
      starts[row] = dictionary.start(code)
      ends[row] = dictionary.end(code)
    }
    return { bytes: dictionary.bytes, starts, ends, nulls, escaped: true }
  }

  #written(column: Column<unknown>, nulls: Uint8Array | undefined, live: Uint8Array, refuse: RefuseRow): TextField {
    this.#room(live.length)
    const writer = this.#writer
    writer.length = 0
    const write = this.#writeOf(column)
    for (let row = 0; row < live.length; row++) {
      this.#starts[row] = writer.length
      if (live[row] === 1 && !isNull(nulls, row)) {
        const problem = write(row)
        if (problem !== undefined) refuse(row, problem.code, problem.message)
      }
      this.#ends[row] = writer.length
    }
    return { bytes: asUint8Array(writer.bytes), starts: this.#starts, ends: this.#ends, nulls, escaped: true }
  }

  /** A function that writes the value of a row, or returns why it cannot be written. */
  #writeOf(column: Column<unknown>): (row: number) => Unwritable | undefined {
    const format = this.#format
    const writer = this.#writer
    const ascii = (text: string | Unwritable) => {
      if (text instanceof Unwritable) return text
      writer.ascii(text)
      return undefined
    }
    if (column instanceof NumberColumn) {
      const numbers = column.numbers()
      const limit = Math.min(format.max ?? 2 ** 31, 2 ** 31)
      const whole = format.kind === "integer"
      return (row) => {
        const value = numbers[row] as number
        if (whole && (value | 0) === value && value < limit && value >= -limit) {
          writer.integer(value)
          return undefined
        }
        return ascii(numberText(value, format))
      }
    }
    if (column instanceof DateColumn) {
      const times = column.times()
      return (row) => ascii(dateText(times[row] as number, format))
    }
    if (column.kind === "boolean") return (row) => ascii(booleanText(column.at(row) === true, format))
    return (row) => writeText(valueText(column.at(row), format), writer)
  }

  #room(rows: number): void {
    if (this.#starts.length >= rows) return
    this.#starts = new Uint32Array(rows)
    this.#ends = new Uint32Array(rows)
  }
}

/** Whether every number is an integer within bounds and written in digits only. An integer column does not accept "5.0". */
function isPlainInteger(plain: ByteRanges, numbers: Float64Array, nulls: NullMask, live: Uint8Array, format: ColumnFormat): boolean {
  const { starts, ends } = plain
  const limit = Math.min(format.max ?? 2 ** 31, 2 ** 31)
  for (let row = 0; row < live.length; row++) {
    const value = numbers[row] as number
    const whole = value | 0
    if (whole === value && value < limit && value >= -limit) {
      if ((ends[row] as number) - (starts[row] as number) === digitsOf(whole < 0 ? -whole : whole) + (whole < 0 ? 1 : 0)) continue
    }
    if (live[row] === 1 && !nulls.has(row)) return false
  }
  return true
}

function rangesOf(ranges: ByteRanges, nulls: Uint8Array | undefined, escaped: boolean): TextField {
  return { bytes: asUint8Array(ranges.bytes), starts: ranges.starts, ends: ranges.ends, nulls, escaped }
}
