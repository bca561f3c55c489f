import type { Column } from "../../model/column.ts"
import { BinaryRowEncoder } from "../encode/binary-row-encoder.ts"
import type { ColumnFormat } from "../encode/column-format.ts"
import { type RefuseCell, TextRowEncoder } from "../encode/text-row-encoder.ts"
import type { CopyForm } from "./copy-options.ts"

const bufferBytes = 1 << 20
/** The most buffers to keep for reuse: those of a chunk. */
const mostFree = 16

/** The rows of a batch in one of COPY's forms. */
export interface EncodedBatch {
  readonly form: CopyForm
  /** Each contains whole rows. */
  readonly pieces: readonly Uint8Array[]
  /** The size of all pieces. */
  readonly bytes: number
  /** Buffers that the pieces have filled. Pass them to `reuse` once nobody reads the pieces any more. */
  readonly full: readonly Buffer[]
}

/**
 * Encodes batches in the form that the server loads fastest: binary, until a batch has a value without a binary form; then text, with marked nulls
 * from the first batch on that has an empty text that is not null. It never changes back, because each change ends a COPY.
 */
export class BatchEncoder {
  readonly #text: TextRowEncoder
  #binary: BinaryRowEncoder | undefined
  #needsMarker = false
  #buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes)
  #filled = 0
  /** Buffers for reuse. New ones would keep the garbage collector busy. */
  readonly #free: Buffer[] = []

  constructor(formats: readonly ColumnFormat[]) {
    this.#text = new TextRowEncoder(formats)
    this.#binary = BinaryRowEncoder.for(formats)
  }

  /** Encodes the rows that are 1 in `live`. A row that cannot be written is set to 0 there and passed to `refuse`. */
  encode(columns: readonly Column<unknown>[], live: Uint8Array, refuse: RefuseCell): EncodedBatch {
    const form = this.#begin(columns, live, refuse)
    const encoder = (form === "binary" && this.#binary) || this.#text
    const pieces: Uint8Array[] = []
    const full: Buffer[] = []
    let bytes = 0
    for (let whole = false; !whole; ) {
      const from = this.#filled
      whole = encoder.encode(this.#buffer, from, form === "marked")
      this.#filled = encoder.end
      if (this.#filled > from) pieces.push(this.#buffer.subarray(from, this.#filled))
      bytes += this.#filled - from
      if (whole) break
      if (this.#buffer.length === bufferBytes) full.push(this.#buffer)
      const needed = encoder.nextBytes
      this.#buffer = (needed <= bufferBytes ? this.#free.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(bufferBytes, needed))
      this.#filled = 0
    }
    return { form, pieces, bytes, full }
  }

  /** Encodes as text from now on. */
  avoidBinary(): void {
    this.#binary = undefined
  }

  /** Takes buffers back. */
  reuse(buffers: readonly Buffer[]): void {
    this.#free.push(...buffers.slice(0, mostFree - this.#free.length))
  }

  #begin(columns: readonly Column<unknown>[], live: Uint8Array, refuse: RefuseCell): CopyForm {
    if (this.#binary?.begin(columns, live) === true) return "binary"
    this.#binary = undefined
    this.#text.begin(columns, live, refuse)
    this.#needsMarker ||= this.#text.needsMarker
    return this.#needsMarker ? "marked" : "text"
  }
}
