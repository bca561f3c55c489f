import type { Column, Dictionary } from "../../model/column.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import type { BinaryKind, ColumnFormat } from "./column-format.ts"
import { EncodedDictionary } from "./encoded-dictionary.ts"
import { isNull } from "./null-bits.ts"
import { mostNumericBytes, writeNumeric } from "./numeric-digits.ts"
import { type Ranges, RangeWriter, ranges } from "./range-writer.ts"
import { writeUtf8 } from "./write-text.ts"

/** A column as the encoder of binary rows takes it. */
export type BinaryColumn = Numbers | Ranges

/** Numbers of one size: whole ones, or doubles. */
export interface Numbers {
  readonly layout: "integers" | "doubles"
  readonly bytes: 1 | 2 | 4 | 8
  readonly numbers: Float64Array
  /** Set bits are nulls; undefined where there are none. */
  readonly nulls: Uint8Array | undefined
}

const dayMs = 86_400_000
/** Days and milliseconds from 1970 to 2000. */
const epochDays = 10_957
const epochMs = epochDays * dayMs
/** 4714-11-24 BC, the first day that PostgreSQL has. */
const firstDay = -2_451_545
/** Microseconds are whole doubles up to here. */
const mostMicroseconds = Number.MAX_SAFE_INTEGER
const integerBytes = { int2: 2, int4: 4, int8: 8 } as const

/**
 * Turns one column of every batch into its binary form. Keeps its buffers from batch to batch.
 *
 * What is not a plain value of the type (text for a date, a time of day, an infinity, U+0000) has none: the text form says what is wrong.
 */
export class BinaryColumnEncoder {
  readonly #kind: BinaryKind
  readonly #format: ColumnFormat
  readonly #written = new RangeWriter()
  readonly #digits = new RangeWriter()
  #numbers = new Float64Array(0)
  #dictionary: EncodedDictionary | undefined

  constructor(kind: BinaryKind, format: ColumnFormat) {
    this.#kind = kind
    this.#format = format
  }

  /** Undefined where a live row's value has no binary form. `hasNul` says whether a buffer holds U+0000. */
  make(column: Column<unknown>, live: Uint8Array, hasNul: (bytes: Uint8Array) => boolean): BinaryColumn | undefined {
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
        return this.#texts(column, live, nulls, hasNul)
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
      const value = isDate ? ms / dayMs - epochDays : (ms - epochMs) * 1000
      numbers[row] = value
      if (isDate && (value | 0) === value && value >= firstDay) continue
      if (!isDate && value <= mostMicroseconds && value >= -mostMicroseconds && Number.isInteger(ms)) continue
      if (live[row] === 1 && !isNull(nulls, row)) return undefined
    }
    return { layout: "integers", bytes: isDate ? 4 : 8, numbers, nulls }
  }

  #decimals(column: Column<unknown>, live: Uint8Array, nulls: Uint8Array | undefined): BinaryColumn | undefined {
    const plain = column instanceof NumberColumn || (column instanceof BytesColumn && this.#format.hasScale) ? column.plain : undefined
    const texts = plain === undefined ? this.#texts(column, live, nulls, () => false) : ranges(plain, nulls)
    if (texts === undefined) return undefined
    const { source, starts, ends } = texts
    const digits = this.#digits.begin(live.length)
    let view = viewOf(digits.bytes)
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      const start = starts[row] as number
      const end = ends[row] as number
      if (digits.reserve(mostNumericBytes(end - start))) view = viewOf(digits.bytes)
      const to = writeNumeric(source, start, end, view, digits.length)
      if (to < 0) return undefined
      digits.note(row, to)
    }
    return digits.ranges(nulls)
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
    const texts = this.#written.begin(live.length)
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0 || isNull(nulls, row)) continue
      const value = column.at(row)
      const text = this.#kind === "numeric" && typeof value === "number" ? String(value) : value
      if (typeof text !== "string" || writeUtf8(text, texts.writer) !== undefined) return undefined
      texts.note(row, texts.writer.length)
    }
    return texts.ranges(nulls)
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
