import type { Column } from "../../model/column.ts"
import { type BinaryColumn, BinaryColumnEncoder, type Numbers } from "./binary-column.ts"
import type { ColumnFormat } from "./column-format.ts"
import { isNull } from "./null-bits.ts"
import type { Ranges } from "./range-writer.ts"

/** The beginning of a COPY in binary form (signature, flags, no extension) and its end, from the chapter COPY of PostgreSQL's manual. */
export const binaryHeader: Uint8Array = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1")
export const binaryTrailer: Uint8Array = Uint8Array.of(0xff, 0xff)

/**
 * Writes rows as tuples of COPY's binary form: the number of fields, and for each field its length (-1 for a null) and its bytes. The server
 * loads them in a sixth less time than lines of text. Fields are written column by column, so that each loop handles one type.
 */
export class BinaryRowEncoder {
  readonly #columnEncoders: readonly BinaryColumnEncoder[]
  #columns: readonly BinaryColumn[] = []
  #live: Uint8Array = new Uint8Array(0)
  /** The size of each row, and where its next field goes. */
  #sizes = new Uint32Array(0)
  #places = new Uint32Array(0)
  /** The row that `encode` starts at. */
  next = 0
  /** Where the bytes of the last `encode` end. */
  end = 0

  private constructor(encoders: readonly BinaryColumnEncoder[]) {
    this.#columnEncoders = encoders
  }

  /** Undefined if a type is only written as text. */
  static for(formats: readonly ColumnFormat[]): BinaryRowEncoder | undefined {
    const encoders: BinaryColumnEncoder[] = []
    for (const format of formats) {
      if (format.binary === undefined) return undefined
      encoders.push(new BinaryColumnEncoder(format.binary, format))
    }
    return new BinaryRowEncoder(encoders)
  }

  /** Takes a batch and writes the rows that are 1 in `live`. False if a value has no binary form. */
  begin(columns: readonly Column<unknown>[], live: Uint8Array): boolean {
    const known = new Map<Uint8Array, boolean>()
    const hasNul = (bytes: Uint8Array) => {
      const has = known.get(bytes) ?? bytes.includes(0)
      known.set(bytes, has)
      return has
    }
    const converted: BinaryColumn[] = []
    for (let j = 0; j < this.#columnEncoders.length; j++) {
      const column = columns[j]
      const binary = column && this.#columnEncoders[j]?.convert(column, live, hasNul)
      if (binary === undefined) return false
      converted.push(binary)
    }
    this.#columns = converted
    this.#live = live
    this.next = 0
    this.#measure()
    return true
  }

  /** Writes rows into `out` from `at` on. Returns true once all are written, false if the next one does not fit. */
  encode(out: Uint8Array, at: number): boolean {
    const live = this.#live
    const from = this.next
    const view = new DataView(out.buffer, out.byteOffset, out.length)
    const width = this.#columns.length
    let end = at
    let row = from
    for (; row < live.length; row++) {
      if (live[row] === 0) continue
      const size = this.#sizes[row] as number
      if (end + size > out.length) break
      view.setInt16(end, width)
      this.#places[row] = end + 2
      end += size
    }
    for (const column of this.#columns) {
      if (column.layout === "ranges") this.#writeRanges(column, from, row, out, view)
      else this.#writeNumbers(column, from, row, view)
    }
    this.next = row
    this.end = end
    return row === live.length
  }

  /** The bytes that the next row needs. */
  get nextBytes(): number {
    return this.#sizes[this.next] ?? 0
  }

  #measure(): void {
    const live = this.#live
    if (this.#sizes.length < live.length) {
      this.#sizes = new Uint32Array(live.length)
      this.#places = new Uint32Array(live.length)
    }
    const sizes = this.#sizes
    let fixed = 2
    for (const column of this.#columns) fixed += 4 + (column.layout === "ranges" ? 0 : column.bytes)
    sizes.fill(fixed, 0, live.length)
    for (const column of this.#columns) {
      const { nulls } = column
      if (column.layout === "ranges") {
        const { starts, ends } = column
        for (let row = 0; row < live.length; row++) {
          if (live[row] === 1 && !isNull(nulls, row)) sizes[row] = (sizes[row] as number) + (ends[row] as number) - (starts[row] as number)
        }
      } else if (nulls !== undefined) {
        for (let row = 0; row < live.length; row++) if (isNull(nulls, row)) sizes[row] = (sizes[row] as number) - column.bytes
      }
    }
  }

  #writeNumbers({ layout, bytes, numbers, nulls }: Numbers, from: number, to: number, view: DataView): void {
    const live = this.#live
    const places = this.#places
    for (let row = from; row < to; row++) {
      if (live[row] === 0) continue
      const at = places[row] as number
      if (isNull(nulls, row)) {
        view.setInt32(at, -1)
        places[row] = at + 4
        continue
      }
      const value = numbers[row] as number
      view.setInt32(at, bytes)
      if (layout === "doubles") view.setFloat64(at + 4, value)
      else if (bytes === 4) view.setInt32(at + 4, value)
      else if (bytes === 8) {
        view.setInt32(at + 4, Math.floor(value / 2 ** 32))
        view.setUint32(at + 8, value >>> 0)
      } else if (bytes === 2) view.setInt16(at + 4, value)
      else view.setInt8(at + 4, value)
      places[row] = at + 4 + bytes
    }
  }

  #writeRanges({ source, starts, ends, nulls }: Ranges, from: number, to: number, out: Uint8Array, view: DataView): void {
    const live = this.#live
    const places = this.#places
    const words = new DataView(source.buffer, source.byteOffset, source.length)
    for (let row = from; row < to; row++) {
      if (live[row] === 0) continue
      let at = places[row] as number
      if (isNull(nulls, row)) {
        view.setInt32(at, -1)
        places[row] = at + 4
        continue
      }
      let p = starts[row] as number
      const end = ends[row] as number
      view.setInt32(at, end - p)
      at += 4
      for (const whole = end - 3; p < whole; p += 4, at += 4) view.setInt32(at, words.getInt32(p))
      for (; p < end; p++) out[at++] = source[p] as number
      places[row] = at
    }
  }
}
