import type { ByteRanges, Dictionary } from "../column.ts"
import { type NullMask, noNulls } from "../null-mask.ts"
import { bytesDictionary } from "./bytes-dictionary.ts"
import { ColumnBase } from "./column-base.ts"

/** Text as ranges of a buffer, which all columns of a batch may share. A value is decoded only when it is read. */
export class BytesColumn extends ColumnBase<string> {
  readonly kind = "bytes"
  readonly bytes: Buffer
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /**
   * The bytes that decimals were read from, if a numeric column of fixed scale reads each of them as the same number. A sink may copy them as they
   * are: it does not matter that they say `5` and the text here says `5.00`.
   */
  readonly plain: ByteRanges | undefined
  /** The cells that are empty or white space, if the maker of the column knows them. They may be null as well. */
  readonly blanks: NullMask | undefined
  #dictionary: Dictionary | undefined

  /** `bytes` must be valid UTF-8 within every range; the arrays may be longer than `length`. */
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

  /** The same text with another null mask. */
  withNulls(nulls: NullMask): BytesColumn {
    return new BytesColumn(this.bytes, this.starts, this.ends, this.length, nulls, { blanks: this.blanks })
  }
}
