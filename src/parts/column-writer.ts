import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import type { ByteRanges, Column } from "../model/column.ts"
import { BooleanColumn } from "../model/columns/boolean-column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { DateColumn } from "../model/columns/date-column.ts"
import { DictionaryColumn } from "../model/columns/dictionary-column.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { rangesOfShown } from "../model/columns/shown-numbers.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { NullMask } from "../model/null-mask.ts"
import type { ArrayWriter } from "./array-writer.ts"
import type { BatchHead, ColumnCode, MaskCode, RangesCode } from "./batch-head.ts"
import { jsonOfCell } from "./cell-json.ts"
import type { NumberCode, WholeCode } from "./number-code.ts"

/** A buffer, and the part of it that ranges use. */
interface UsedBuffer {
  readonly bytes: Uint8Array
  from: number
  to: number
  /** The last ranges of it that were written. */
  last: number | undefined
}

/** Ranges of the buffer with this index. */
interface BufferRanges extends ByteRanges {
  readonly buffer: number
}

/** A dictionary, and those of its texts that rows have. */
interface UsedTexts {
  /** The new code of each text, plus 1; 0 if no row has it yet. */
  readonly codeOf: Uint32Array
  readonly used: string[]
  /** The indexes of the arrays of codes. Another dictionary may share an array, but its new codes differ. */
  readonly codes: Map<Uint32Array, number>
}

/** Writes the columns of a batch. What several of them share is written once. */
export class ColumnWriter {
  readonly #rows: number
  readonly #arrays: ArrayWriter
  readonly #others: "refuse" | "text"
  /** The indexes of columns, dictionaries, arrays of numbers, and ranges by their `starts`. */
  readonly #known = new Map<object, number>()
  readonly #masks = new Map<Uint8Array, MaskCode>()
  readonly #buffers: UsedBuffer[] = []
  /** The indexes of buffers, by their memory and their place in it. */
  readonly #views = new Map<ArrayBufferLike, Map<string, number>>()
  readonly #ranges: BufferRanges[] = []
  readonly #texts: UsedTexts[] = []
  readonly #columns: ColumnCode[] = []
  readonly #codes: WholeCode[] = []
  readonly #numbers: NumberCode[] = []
  readonly #flags: WholeCode[] = []

  /** `others` says what happens to values that the format does not have. */
  constructor(rows: number, arrays: ArrayWriter, others: "refuse" | "text") {
    this.#rows = rows
    this.#others = others
    this.#arrays = arrays
  }

  /** Adds a column and returns its index. The name is for errors. */
  add(column: Column<unknown>, name: string): number {
    return this.#once(column, () => this.#columns.push(this.#column(column, name)) - 1)
  }

  /** Writes the bytes and ranges, once all columns are known. */
  finish(): Pick<BatchHead, "bytes" | "ranges" | "codes" | "texts" | "numbers" | "flags" | "columns"> {
    const bytes = this.#buffers.map(({ bytes: all, from, to }) => {
      const used = from < to ? all.subarray(from, to) : all.subarray(0, 0)
      return [this.#arrays.append(used), used.length] as const
    })
    const ranges = this.#ranges.map((each, at) => this.#rangesCode(each, at))
    const texts = this.#texts.map(({ used }) => used)
    return { bytes, ranges, codes: this.#codes, texts, numbers: this.#numbers, flags: this.#flags, columns: this.#columns }
  }

  mask({ bits, count }: NullMask): MaskCode {
    if (count === 0) return "none"
    if (count === this.#rows) return "all"
    let at = this.#masks.get(bits)
    if (at === undefined) {
      at = this.#arrays.append(this.#ownBits(bits))
      this.#masks.set(bits, at)
    }
    return at
  }

  /** The bits of the rows: a mask may have room for more. */
  #ownBits(bits: Uint8Array): Uint8Array {
    const own = new Uint8Array((this.#rows + 7) >> 3)
    own.set(bits.subarray(0, own.length))
    if ((this.#rows & 7) !== 0) own[own.length - 1] = (own[own.length - 1] as number) & ((1 << (this.#rows & 7)) - 1)
    return own
  }

  #column(column: Column<unknown>, name: string): ColumnCode {
    if (column instanceof MissingColumn) return { kind: "missing" }
    const nulls = this.mask(column.nulls)
    if (column instanceof BytesColumn) {
      const blanks = column.blanks === undefined ? {} : { blanks: this.mask(column.blanks) }
      return { kind: "bytes", nulls, ranges: this.#rangesOf(column), ...this.#plain(column.plain), ...blanks }
    }
    if (column instanceof DictionaryColumn) return { kind: "dictionary", nulls, ...this.#dictionary(column) }
    if (column instanceof NumberColumn)
      return { kind: "number", nulls, numbers: this.#doubles(column.numbers()), ...this.#plain(column.plain), ...this.#shown(column) }
    if (column instanceof DateColumn) return { kind: "date", nulls, numbers: this.#doubles(column.times()), ...this.#plain(column.plain) }
    if (column instanceof BooleanColumn) return { kind: "boolean", nulls, flags: this.#flagsOf(column.flags()) }
    return { kind: "value", nulls, values: this.#values(column, name), ...this.#shown(column) }
  }

  #shown({ shown, length }: Column<unknown>): { readonly shown?: number } {
    return shown === undefined ? {} : { shown: this.#rangesOf(rangesOfShown(shown, length)) }
  }

  #plain(plain: ByteRanges | undefined): { readonly plain?: number } {
    return plain === undefined ? {} : { plain: this.#rangesOf(plain) }
  }

  #rangesOf({ bytes, starts, ends }: ByteRanges): number {
    const known = this.#known.get(starts)
    const same = known === undefined ? undefined : this.#ranges[known]
    if (known !== undefined && same?.ends === ends && isSame(same.bytes, bytes)) return known
    const buffer = this.#bufferOf(bytes)
    const used = this.#buffers[buffer] as UsedBuffer
    let { from, to } = used
    for (let row = 0; row < this.#rows; row++) {
      const start = starts[row] as number
      const end = ends[row] as number
      if (start < from) from = start
      if (end > to) to = end
    }
    used.from = from
    used.to = Math.min(to, bytes.length)
    const index = this.#ranges.push({ bytes, starts, ends, buffer }) - 1
    this.#known.set(starts, index)
    return index
  }

  #bufferOf(bytes: Uint8Array): number {
    const views = this.#views.get(bytes.buffer) ?? new Map<string, number>()
    this.#views.set(bytes.buffer, views)
    const place = `${bytes.byteOffset} ${bytes.length}`
    const known = views.get(place)
    if (known !== undefined) return known
    const index = this.#buffers.push({ bytes, from: bytes.length, to: 0, last: undefined }) - 1
    views.set(place, index)
    return index
  }

  #rangesCode({ starts, ends, buffer }: BufferRanges, index: number): RangesCode {
    const used = this.#buffers[buffer] as UsedBuffer
    const after = used.last
    used.last = index
    const before = after === undefined ? undefined : this.#ranges[after]?.ends
    const gaps = this.#arrays.whole((target) => {
      // The bytes before `from` are not written, so that the first range begins at 0.
      let end = used.from
      for (let row = 0; row < target.length; row++) {
        target[row] = (starts[row] as number) - (before === undefined ? end : (before[row] as number))
        end = ends[row] as number
      }
    })
    const lengths = this.#arrays.whole((target) => {
      for (let row = 0; row < target.length; row++) target[row] = (ends[row] as number) - (starts[row] as number)
    })
    return { bytes: buffer, gaps, lengths, ...(after === undefined ? {} : { after }) }
  }

  /** Only the texts that rows have are written: batches may share a dictionary of the whole file. */
  #dictionary({ codes, values }: DictionaryColumn): { readonly codes: number; readonly texts: number } {
    const texts = this.#once(values, () => this.#texts.push({ codeOf: new Uint32Array(values.length), used: [], codes: new Map() }) - 1)
    const { codeOf, used, codes: indexes } = this.#texts[texts] as UsedTexts
    let index = indexes.get(codes)
    if (index === undefined) {
      const code = this.#arrays.whole((target) => {
        for (let row = 0; row < target.length; row++) {
          const from = codes[row] as number
          if (codeOf[from] === 0) codeOf[from] = used.push(values[from] as string)
          // A row without a value may have a code beyond the texts. It stays beyond them.
          target[row] = (codeOf[from] ?? 0) - 1
        }
      })
      index = this.#codes.push(code) - 1
      indexes.set(codes, index)
    }
    return { codes: index, texts }
  }

  #doubles(values: Float64Array): number {
    return this.#once(values, () => this.#numbers.push(this.#arrays.numbers(values)) - 1)
  }

  #flagsOf(values: Uint8Array): number {
    return this.#once(values, () => this.#flags.push(this.#arrays.whole((target) => target.set(values.subarray(0, this.#rows)))) - 1)
  }

  #values(column: Column<unknown>, name: string): readonly JsonValue[] {
    return Array.from({ length: this.#rows }, (_, row) => {
      const value = column.at(row)
      const json = jsonOfCell(value)
      if (json !== undefined) return json
      if (this.#others === "text") return String(value)
      throw unstorable(value, name, row)
    })
  }

  #once(key: object, write: () => number): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const index = write()
    this.#known.set(key, index)
    return index
  }
}

/** Whether two views begin at the same place of one buffer. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset && one.length === other.length
}

function unstorable(value: unknown, column: string, row: number): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The column "${shownText(column)}" contains ${nameOf(value)}, which cannot be passed to another function (row ${row + 1} of its batch).`,
    remedy: "Return text, numbers, booleans, dates, bigints, or plain objects and lists of them from the stage that makes the column.",
    origin: { column },
  })
}

function nameOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return `a ${typeof value}`
  const name: unknown = value.constructor?.name
  if (name === "Object" || name === "Array") return "a value with a part of another kind, or one that is nested too deep"
  return typeof name === "string" && name !== "" ? `an object of the class ${shownText(name)}` : "an object of a class"
}
