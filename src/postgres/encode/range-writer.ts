import type { ByteRanges } from "../../model/column.ts"
import { asUint8Array } from "./as-uint8-array.ts"
import { ByteWriter } from "./byte-writer.ts"

/** A range of bytes for each row. */
export interface Ranges {
  readonly layout: "ranges"
  readonly source: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly nulls: Uint8Array | undefined
}

/** Writes a range for each row into a buffer that grows. */
export class RangeWriter {
  readonly writer = new ByteWriter()
  starts = new Uint32Array(0)
  ends = new Uint32Array(0)
  #end = 0

  get bytes(): Buffer {
    return this.writer.bytes
  }

  get length(): number {
    return this.writer.length
  }

  begin(rows: number): this {
    this.writer.length = 0
    this.#end = 0
    if (this.starts.length < rows) {
      this.starts = new Uint32Array(rows)
      this.ends = new Uint32Array(rows)
    }
    return this
  }

  /** Makes room for `bytes`. Returns whether the buffer was replaced. */
  reserve(bytes: number): boolean {
    const before = this.writer.bytes
    this.writer.reserve(bytes)
    return this.writer.bytes !== before
  }

  /** Ends the range of a row at `end`. It begins at the end of the previous range. */
  note(row: number, end: number): void {
    this.starts[row] = this.#end
    this.ends[row] = end
    this.#end = end
    this.writer.length = end
  }

  ranges(nulls: Uint8Array | undefined): Ranges {
    return { layout: "ranges", source: asUint8Array(this.writer.bytes), starts: this.starts, ends: this.ends, nulls }
  }
}

/** Ranges of the file's own bytes. */
export function ranges({ bytes, starts, ends }: ByteRanges, nulls: Uint8Array | undefined): Ranges {
  return { layout: "ranges", source: asUint8Array(bytes), starts, ends, nulls }
}
