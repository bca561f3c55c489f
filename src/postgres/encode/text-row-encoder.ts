import type { Column } from "../../model/column.ts"
import type { ColumnFormat } from "./column-format.ts"
import { contiguousRows } from "./contiguous-rows.ts"
import { isNull } from "./null-bits.ts"
import type { RefuseRow, TextField } from "./text-field.ts"
import { TextFieldEncoder } from "./text-field-encoder.ts"
import { type Region, unescapedRegion } from "./unescaped-region.ts"
import { nullCharacter } from "./write-text.ts"

/** Refuses a row because of its value in a column, by the position of the column. */
export interface RefuseCell {
  (row: number, column: number, code: string, message: string): void
}

const tab = 9
const newline = 10
const backslash = 92
const capitalN = 78
const emptyRegion: Region = { from: 0, to: -1 }

/**
 * Writes rows as lines of COPY's text form.
 *
 * An empty field is a null (`NULL ''`), as in a csv file, so a line of a csv can be copied as it is, apart from its delimiters. A batch with an empty
 * text that is not null needs the marker `\N` for nulls. The caller checks `needsMarker` and begins a new COPY if it changes.
 */
export class TextRowEncoder {
  readonly #fieldEncoders: readonly TextFieldEncoder[]
  readonly #fields: TextField[] = []
  readonly #escaped: boolean[] = []
  readonly #views: DataView[] = []
  readonly #bytes: Uint8Array[] = []
  readonly #starts: Uint32Array[] = []
  readonly #ends: Uint32Array[] = []
  #unescaped: Region = emptyRegion
  #live: Uint8Array = new Uint8Array(0)
  #copyable: Uint8Array | undefined
  #refuse: RefuseCell = () => undefined
  #needsMarker = false
  /** The row that `encode` starts at. */
  next = 0
  /** Where the bytes of the last `encode` end. */
  end = 0

  constructor(formats: readonly ColumnFormat[]) {
    this.#fieldEncoders = formats.map((format) => new TextFieldEncoder(format))
  }

  /** Whether the batch has an empty text that is not null. */
  get needsMarker(): boolean {
    return this.#needsMarker
  }

  /** Takes a batch and writes the rows that are 1 in `live`. A row that cannot be written is set to 0 there and passed to `refuse`. */
  begin(columns: readonly Column<unknown>[], live: Uint8Array, refuse: RefuseCell): void {
    this.#live = live
    this.#refuse = (row, column, code, message) => {
      if (live[row] === 0) return
      live[row] = 0
      refuse(row, column, code, message)
    }
    this.next = 0
    this.#needsMarker = false
    for (let j = 0; j < this.#fieldEncoders.length; j++) this.#take(j, columns[j])
    const raw = this.#fields.filter(({ escaped }) => !escaped)
    const shared = live.length > 0 ? oneBuffer(raw) : undefined
    const unescaped = shared === undefined ? undefined : unescapedRegion(shared, raw, live.length)
    this.#unescaped = unescaped ?? emptyRegion
    this.#fields.forEach((field, j) => {
      this.#escaped[j] = field.escaped
      this.#views[j] = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.length)
    })
    this.#copyable = unescaped !== undefined && !this.#needsMarker ? contiguousRows(this.#fields, live, unescaped) : undefined
  }

  /** Writes rows into `out` from `at` on. Returns true once all are written, false if the next one does not fit. */
  encode(out: Uint8Array, at: number, marker: boolean): boolean {
    const live = this.#live
    const copyable = this.#copyable
    const rows = live.length
    this.end = at
    while (this.next < rows) {
      if (live[this.next] === 0) this.next++
      else if (copyable !== undefined && copyable[this.next] === 1 && !marker) {
        if (!this.#copyRows(out, copyable)) return false
      } else if (!this.#writeRows(out, marker, copyable)) return false
    }
    return true
  }

  /** The most bytes that the next row may need. */
  get nextBytes(): number {
    let bytes = 0
    for (const { starts, ends } of this.#fields) bytes += 2 * ((ends[this.next] as number) - (starts[this.next] as number)) + 3
    return bytes
  }

  #take(j: number, column: Column<unknown> | undefined): void {
    const encoder = this.#fieldEncoders[j]
    if (encoder === undefined || column === undefined) return
    const refuse: RefuseRow = (row, code, message) => this.#refuse(row, j, code, message)
    const field = encoder.field(column, this.#live, refuse)
    this.#fields[j] = field
    this.#bytes[j] = field.bytes
    this.#starts[j] = field.starts
    this.#ends[j] = field.ends
    this.#needsMarker ||= hasEmptyText(field, this.#live)
  }

  /** Copies consecutive rows of the file as a whole and replaces their delimiters. */
  #copyRows(out: Uint8Array, copyable: Uint8Array): boolean {
    const live = this.#live
    const last = this.#fields.length - 1
    const starts = this.#starts[0] as Uint32Array
    const ends = this.#ends[last] as Uint32Array
    const first = this.next
    const from = starts[first] as number
    const room = from + out.length - this.end - 1
    let row = first
    if ((ends[row] as number) > room) return false
    while (
      row + 1 < live.length &&
      live[row + 1] === 1 &&
      copyable[row + 1] === 1 &&
      starts[row + 1] === (ends[row] as number) + 1 &&
      (ends[row + 1] as number) <= room
    )
      row++
    const shift = this.end - from
    out.set((this.#bytes[0] as Uint8Array).subarray(from, ends[row]), this.end)
    for (let j = 0; j < last; j++) {
      const gaps = this.#ends[j] as Uint32Array
      for (let i = first; i <= row; i++) out[(gaps[i] as number) + shift] = tab
    }
    for (let i = first; i <= row; i++) out[(ends[i] as number) + shift] = newline
    this.end = (ends[row] as number) + shift + 1
    this.next = row + 1
    return true
  }

  /** Writes rows field by field, up to the next row that can be copied as a whole. */
  #writeRows(out: Uint8Array, marker: boolean, copyable: Uint8Array | undefined): boolean {
    const live = this.#live
    const fields = this.#fields
    const escaped = this.#escaped
    const views = this.#views
    const { from, to } = this.#unescaped
    const width = fields.length
    const target = new DataView(out.buffer, out.byteOffset, out.length)
    let o = this.end
    let row = this.next
    for (; row < live.length; row++) {
      if (live[row] === 0) continue
      if (copyable !== undefined && copyable[row] === 1 && !marker) break
      const begin = o
      for (let j = 0; j < width; j++) {
        const { bytes, starts, ends, nulls } = fields[j] as TextField
        const start = starts[row] as number
        const end = ends[row] as number
        if (o + 2 * (end - start) + 3 > out.length) {
          this.end = begin
          this.next = row
          return false
        }
        if (isNull(nulls, row)) {
          if (marker) {
            out[o++] = backslash
            out[o++] = capitalN
          }
        } else if (escaped[j] || (start >= from && end <= to)) {
          const view = views[j] as DataView
          let p = start
          for (const whole = end - 3; p < whole; p += 4, o += 4) target.setInt32(o, view.getInt32(p))
          for (; p < end; p++) out[o++] = bytes[p] as number
        } else {
          for (let p = start; p < end; p++) {
            const byte = bytes[p] as number
            if (byte < 14 || byte === backslash) {
              const letter = escapeOf(byte)
              if (letter === refused) {
                this.#refuse(row, j, nullCharacter.code, nullCharacter.message)
                break
              }
              if (letter !== byte || byte === backslash) out[o++] = backslash
              out[o++] = letter
            } else out[o++] = byte
          }
        }
        out[o++] = tab
      }
      if (live[row] === 1) out[o - 1] = newline
      else o = begin
    }
    this.end = o
    this.next = row
    return true
  }
}

const refused = -1

function escapeOf(byte: number): number {
  switch (byte) {
    case 0:
      return refused
    case 9:
      return 116
    case 10:
      return 110
    case 13:
      return 114
    default:
      return byte
  }
}

/** The buffer of all fields, if they share one. */
function oneBuffer(fields: readonly TextField[]): Uint8Array | undefined {
  const bytes = fields[0]?.bytes
  return fields.every((field) => field.bytes.buffer === bytes?.buffer && field.bytes.byteOffset === bytes.byteOffset) ? bytes : undefined
}

function hasEmptyText({ starts, ends, nulls }: TextField, live: Uint8Array): boolean {
  for (let row = 0; row < live.length; row++) {
    if (starts[row] !== ends[row] || live[row] === 0) continue
    if (!isNull(nulls, row)) return true
  }
  return false
}
