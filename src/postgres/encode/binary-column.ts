import type { Column, Dictionary } from "../../model/column.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { mayBeAltered } from "./altered.ts"
import type { BinaryKind, ColumnFormat } from "./column-format.ts"
import { EncodedDictionary } from "./encoded-dictionary.ts"
import { isNull } from "./null-bits.ts"
import { mostNumericBytes, writeNumeric } from "./numeric-digits.ts"
import { type Ranges, RangeWriter, ranges } from "./range-writer.ts"
import { writeUuid } from "./uuid-bytes.ts"
import { numberText, valueText } from "./value-text.ts"
import { writeUtf8 } from "./write-text.ts"

/** A column in the form that the encoder of binary rows takes. */
export type BinaryColumn = Numbers | Ranges

/** Integers of one size, or doubles. */
export interface Numbers {
  readonly layout: "integers" | "doubles"
  readonly bytes: 1 | 2 | 4 | 8
  readonly numbers: Float64Array
  /** Set bits are nulls; undefined if there are none. */
  readonly nulls: Uint8Array | undefined
}

const dayMs = 86_400_000
/** Days and milliseconds from 1970 to 2000. */
const epochDays = 10_957
const epochMs = epochDays * dayMs
/** 4714-11-24 BC, PostgreSQL's first day. */
const firstDay = -2_451_545
/** Up to here, doubles hold every microsecond. */
const mostMicroseconds = Number.MAX_SAFE_INTEGER
const jsonbVersion = 1
const integerBytes = { int2: 2, int4: 4, int8: 8 } as const

/**
 * Converts one column of each batch to its binary form. It keeps its buffers from batch to batch.
 *
 * A value that is not an ordinary value of the type (text for a date, a time of day in a date, an infinity, U+0000) has no binary form.
 * The text form then tells what is wrong with it.
 */
export class BinaryColumnEncoder {
  readonly #kind: BinaryKind
  readonly #format: ColumnFormat
  readonly #written = new RangeWriter()
  readonly #converted = new RangeWriter()
  #numbers = new Float64Array(0)
  #dictionary: EncodedDictionary | undefined

  constructor(kind: BinaryKind, format: ColumnFormat) {
    this.#kind = kind
    this.#format = format
  }

  /** Undefined if the value of a live row has no binary form. `hasNul` tells whether a buffer contains U+0000. */
  convert(column: Column<unknown>, live: Uint8Array, hasNul: (bytes: Uint8Array) => boolean): BinaryColumn | undefined {
    const nulls = column.nulls.count === 0 ? undefined : column.nulls.bits
    if (column.nulls.count === column.length) return this.#written.begin(live.length).ranges(nulls)
    switch (this.#kind) {
      case "int2":
      case "int4":
      case "int8":
        return column instanceof NumberColumn ? this.#integers(integerBytes[this.#kind], column.numbers(), live, nulls) : undefined
      case "float8":
        return column instanceof NumberColumn ? { layout: "doubles", bytes: 8, numbers: column.numbers(), nulls } : undefined
      case "bool":
        return column instanceof BooleanColumn
          ? { layout: "integers", bytes: 1, numbers: Float64Array.from(column.flags()), nulls }
          : undefined
      case "date":
      case "timestamp":
        return column instanceof DateColumn ? this.#instants(column.times(), live, nulls) : undefined
      case "numeric":
        return this.#decimals(column, live, nulls)
      case "text":
        return this.#uncut(this.#texts(column, live, nulls, hasNul), live)
      case "jsonb":
        return this.#jsonb(this.#texts(column, live, nulls, hasNul), live)
      case "uuid":
        return this.#uuids(this.#texts(column, live, nulls, hasNul), live)
    }
  }

  #integers(bytes: 2 | 4 | 8, numbers: Float64Array, live: Uint8Array, nulls: Uint8Array | undefined): BinaryColumn | undefined {
    const { min = 0, max = 0 } = this.#format
    for (let row = 0; row < live.length; row++) {
      const value = numbers[row] as number
      if ((value | 0) === value && value >= min && value <= max) continue
      if (live[row] === 0 || isNull(nulls, row)) continue
      if (!Number.isSafeInteger(value) || value < min || value > max) return undefined
    }
    return { layout: "integers", bytes, numbers, nulls }
  }

  #instants(times: Float64Array, live: Uint8Array, nulls: Uint8Array | undefined): BinaryColumn | undefined {
    const isDate = this.#kind === "date"
    if (this.#numbers.length < live.length) this.#numbers = new Float64Array(live.length)
    const numbers = this.#numbers
    for (let row = 0; row < live.length; row++) {
      const ms = times[row] as number
      const value = isDate ? ms / dayMs - epochDays : microsecondsOf(ms)
      numbers[row] = value
      if (isDate && (value | 0) === value && value >= firstDay) continue
      if (!isDate && value <= mostMicroseconds && value >= -mostMicroseconds) continue
      if (live[row] === 1 && !isNull(nulls, row)) return undefined
    }
    const { secondDigits = 6 } = this.#format
    if (!isDate && secondDigits < 6 && !isEachMultiple(numbers, live, nulls, 10 ** (6 - secondDigits))) return undefined
    return { layout: "integers", bytes: isDate ? 4 : 8, numbers, nulls }
  }

  #decimals(column: Column<unknown>, live: Uint8Array, nulls: Uint8Array | undefined): BinaryColumn | undefined {
    const plain =
      column instanceof NumberColumn || (column instanceof BytesColumn && this.#format.scale !== undefined) ? column.plain : undefined
    // The text form finds texts that may be one of two numbers.
    if (plain === undefined && this.#format.guessed === true) return undefined
    const texts = plain === undefined ? this.#texts(column, live, nulls, () => false) : ranges(plain, nulls)
    if (texts === undefined) return undefined
    const { source, starts, ends } = texts
    const { scale } = this.#format
    const digits = this.#converted.begin(live.length)
    let view = viewOf(digits.bytes)
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      const start = starts[row] as number
      const end = ends[row] as number
      if (digits.reserve(mostNumericBytes(end - start))) view = viewOf(digits.bytes)
      const to = writeNumeric(source, start, end, view, digits.length, scale)
      if (to < 0) return undefined
      digits.note(row, to)
    }
    return digits.ranges(nulls)
  }

  /** The text of JSON, after the number of the form's version. */
  #jsonb(texts: Ranges | undefined, live: Uint8Array): Ranges | undefined {
    if (texts === undefined) return undefined
    const { source, starts, ends, nulls } = texts
    const out = this.#converted.begin(live.length)
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      const text = source.subarray(starts[row], ends[row])
      out.reserve(1 + text.length)
      out.bytes[out.length] = jsonbVersion
      out.bytes.set(text, out.length + 1)
      out.note(row, out.length + 1 + text.length)
    }
    return out.ranges(nulls)
  }

  /** Undefined if the type would drop blanks at the end of a text. */
  #uncut(texts: Ranges | undefined, live: Uint8Array): Ranges | undefined {
    const format = this.#format
    if (texts === undefined || format.length === undefined) return texts
    const { source, starts, ends, nulls } = texts
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      if (mayBeAltered(source, starts[row] as number, ends[row] as number, format)) return undefined
    }
    return texts
  }

  #uuids(texts: Ranges | undefined, live: Uint8Array): Ranges | undefined {
    if (texts === undefined) return undefined
    const { source, starts, ends, nulls } = texts
    const out = this.#converted.begin(live.length)
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      out.reserve(16)
      if (!writeUuid(source, starts[row] as number, ends[row] as number, out.bytes, out.length)) return undefined
      out.note(row, out.length + 16)
    }
    return out.ranges(nulls)
  }

  #texts(
    column: Column<unknown>,
    live: Uint8Array,
    nulls: Uint8Array | undefined,
    hasNul: (bytes: Uint8Array) => boolean,
  ): Ranges | undefined {
    if (column instanceof BytesColumn) {
      const texts = ranges(column, nulls)
      return hasNul(column.bytes) && holdsNul(texts, live) ? undefined : texts
    }
    if (column instanceof DictionaryColumn) return this.#ofDictionary(column, live, nulls)
    if (this.#format.kind === "json" && column instanceof NumberColumn && column.plain !== undefined) return ranges(column.plain, nulls)
    const textOf = this.#textOf(column)
    const texts = this.#written.begin(live.length)
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      const value = column.at(row)
      const text = textOf === undefined ? value : textOf(value)
      if (typeof text !== "string" || writeUtf8(text, texts.writer) !== undefined) return undefined
      texts.note(row, texts.writer.length)
    }
    return texts.ranges(nulls)
  }

  /** The text of a value that is not text itself, or something other than text; undefined if only texts have a binary form. */
  #textOf(column: Column<unknown>): ((value: unknown) => unknown) | undefined {
    const format = this.#format
    if (this.#kind === "numeric") {
      // A double has noise behind its fifteenth digit, which a scale cuts off.
      const shown = format.scale === undefined ? String : (value: number) => String(Number(value.toPrecision(15)))
      return (value) => (typeof value === "number" ? shown(value) : value)
    }
    if (format.kind !== "json") return undefined
    if (column instanceof NumberColumn) return (value) => numberText(value as number, format)
    return column instanceof DateColumn ? () => undefined : (value) => valueText(value, format)
  }

  #ofDictionary({ codes, values }: Dictionary, live: Uint8Array, nulls: Uint8Array | undefined): Ranges | undefined {
    if (this.#dictionary?.values !== values) this.#dictionary = new EncodedDictionary(values, writeUtf8)
    const dictionary = this.#dictionary
    const { starts, ends } = this.#written.begin(live.length)
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      const code = codes[row] as number
      if (dictionary.write(code) !== undefined) return undefined
      starts[row] = dictionary.start(code)
      ends[row] = dictionary.end(code)
    }
    return { layout: "ranges", source: dictionary.bytes, starts, ends, nulls }
  }
}

function holdsNul({ source, starts, ends, nulls }: Ranges, live: Uint8Array): boolean {
  return live.some((alive, row) => alive === 1 && !isNull(nulls, row) && source.subarray(starts[row], ends[row]).includes(0))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Whether the type of a column keeps all digits of its instants. */
function isEachMultiple(microseconds: Float64Array, live: Uint8Array, nulls: Uint8Array | undefined, step: number): boolean {
  for (let row = 0; row < live.length; row++)
    if (live[row] === 1 && !isNull(nulls, row) && (microseconds[row] as number) % step !== 0) return false
  return true
}

/** Microseconds since 2000. The fraction is multiplied by itself: the product of the whole instant would be off by one a century from now. */
function microsecondsOf(ms: number): number {
  const whole = Math.floor(ms)
  return (whole - epochMs) * 1000 + (ms === whole ? 0 : Math.round((ms - whole) * 1000))
}
