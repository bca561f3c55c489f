import type { ByteRanges } from "../../model/column.ts"
import { asUint8Array } from "./as-uint8-array.ts"
import { ByteWriter } from "./byte-writer.ts"

/** Bytes that go as they are. */
export interface Ranges {
  readonly layout: "ranges"
  readonly source: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly nulls: Uint8Array | undefined
}

/** Ranges of a buffer that grows, one for each row. */
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

  /** Whether the buffer is another one now. */
  reserve(bytes: number): boolean {
    const before = this.writer.bytes
    this.writer.reserve(bytes)
    return this.writer.bytes !== before
  }

  /** The row's bytes are those from the end of the row before to `end`. */
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

/** Ranges of the file, as they stand. */
export function ranges({ bytes, starts, ends }: ByteRanges, nulls: Uint8Array | undefined): Ranges {
  return { layout: "ranges", source: asUint8Array(bytes), starts, ends, nulls }
}
