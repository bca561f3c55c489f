import type { ByteRanges, Dictionary } from "../column.ts"
import { type NullMask, noNulls } from "../null-mask.ts"
import { bytesDictionary } from "./bytes-dictionary.ts"
import { ColumnBase } from "./column-base.ts"

/** Text as ranges of a buffer that all columns of a batch may share. Decoded when a value is asked for, and not before. */
export class BytesColumn extends ColumnBase<string> {
  readonly kind = "bytes"
  readonly bytes: Buffer
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /**
   * Of decimals: the bytes that they were read from, where each but the nulls is one that a numeric column of fixed scale reads as the same number. A
   * sink may copy them through, though `5` is `5.00` here.
   */
  readonly plain: ByteRanges | undefined
  /** The cells that are empty or white space, and may be null too, where whoever made the column knows them. */
  readonly blanks: NullMask | undefined
  #dictionary: Dictionary | undefined

  /** `bytes` is valid UTF-8 within every range; the arrays may be longer than `length`. */
  constructor(
    bytes: Uint8Array,
    starts: Uint32Array,
    ends: Uint32Array,
    length: number,
    nulls: NullMask = noNulls(length),
    known: { readonly plain?: ByteRanges | undefined; readonly blanks?: NullMask | undefined } = {},
  ) {
    super(length, nulls)
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.starts = starts
    this.ends = ends
    this.plain = known.plain
    this.blanks = known.blanks
  }

  override at(row: number): string | null {
    return this.nulls.count !== 0 && this.nulls.has(row) ? null : this.bytes.toString("utf8", this.starts[row], this.ends[row])
  }

  override dictionary(): Dictionary {
    this.#dictionary ??= bytesDictionary(this)
    return this.#dictionary
  }

  override ranges(): ByteRanges {
    return this
  }

  /** The same text under another mask. */
  withNulls(nulls: NullMask): BytesColumn {
    return new BytesColumn(this.bytes, this.starts, this.ends, this.length, nulls, { blanks: this.blanks })
  }
}
