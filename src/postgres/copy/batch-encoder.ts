import type { Column } from "../../model/column.ts"
import { BinaryRowEncoder } from "../encode/binary-row-encoder.ts"
import type { ColumnFormat } from "../encode/column-format.ts"
import { type RefuseCell, TextRowEncoder } from "../encode/text-row-encoder.ts"
import type { CopyForm } from "./copy-options.ts"

const bufferBytes = 1 << 20
/** Buffers that wait to be used again: a chunk's. */
const mostFree = 16

/** The rows of a batch in one of COPY's forms. */
export interface EncodedBatch {
  readonly form: CopyForm
  /** Each holds whole rows. */
  readonly pieces: readonly Uint8Array[]
  /** Of all pieces. */
  readonly bytes: number
  /** Buffers that the pieces have filled: to be given back for reuse, once nobody reads the pieces any more. */
  readonly full: readonly Buffer[]
}

/**
 * Encodes batches in the form that the server takes in fastest: binary, until a batch has a value without a binary form; then text, and
 * with marked nulls from the first batch with a text that is empty and not null. No change is taken back, for each ends a COPY.
 */
export class BatchEncoder {
  readonly #text: TextRowEncoder
  #binary: BinaryRowEncoder | undefined
  #needsMarker = false
  #buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes)
  #filled = 0
  /** Buffers that nobody reads any more: new ones would keep the collector busy. */
  readonly #free: Buffer[] = []

  constructor(formats: readonly ColumnFormat[]) {
    this.#text = new TextRowEncoder(formats)
    this.#binary = BinaryRowEncoder.for(formats)
  }

  /** Writes the rows that are 1 in `live`. One that cannot be written is set to 0 there and told to `refuse`. */
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
