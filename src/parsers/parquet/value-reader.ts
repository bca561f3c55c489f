import type { SchemaElement } from "hyparquet"
import { DeltaInts, DeltaLongs } from "./delta-reader.ts"
import type { LeafValues } from "./leaf-page.ts"
import { ParquetFault } from "./parquet-fault.ts"
import { RunReader } from "./run-reader.ts"
import { LastText, PrefixedTexts, StoredTexts } from "./stored-texts.ts"

/** Reads the values of a page in order, some at a time. */
export interface ValueReader {
  read(count: number): LeafValues
}

/** The bytes of a page's values, and what is known about them. */
export interface StoredValues {
  readonly page: Uint8Array
  readonly start: number
  /** Entries of the page, including nulls. */
  readonly length: number
  readonly type: SchemaElement["type"]
  /** Bytes of a value of the type FIXED_LEN_BYTE_ARRAY. */
  readonly typeLength: number | undefined
  /** Most bytes of a text or other byte array. A longer one is passed to `refuseLong`, which throws. */
  readonly cellBytes: number
  readonly refuseLong: (bytes: number) => never
}

/** The reader for values of a type in an encoding (parquet-format, Encodings.md). */
export function valueReader(encoding: string, values: StoredValues): ValueReader {
  const { page, start, length, type } = values
  switch (encoding) {
    case "PLAIN":
      return plainReader(values)
    case "RLE":
      // Only booleans have this encoding. A length of four bytes comes before them.
      if (type === "BOOLEAN") return new RunBooleans(new RunReader(page, start + 4, page.length, 1, length))
      break
    case "DELTA_BINARY_PACKED":
      if (type === "INT64") return new DeltaLongs(page, start, length)
      if (type === "INT32") return new DeltaInts(page, start, length)
      break
    case "DELTA_LENGTH_BYTE_ARRAY":
      if (type === "BYTE_ARRAY") return new DeltaTexts(values, start)
      break
    case "DELTA_BYTE_ARRAY":
      if (type === "BYTE_ARRAY" || type === "FIXED_LEN_BYTE_ARRAY") return new PrefixedReader(values)
      break
    case "BYTE_STREAM_SPLIT": {
      const width = widthOf(type, values.typeLength)
      if (type === "INT32" || type === "INT64" || type === "FLOAT" || type === "DOUBLE" || type === "FIXED_LEN_BYTE_ARRAY")
        return new SplitReader(values, width)
    }
  }
  throw new ParquetFault(`the encoding ${encoding} for values of the type ${type}`, true)
}

function plainReader(values: StoredValues): ValueReader {
  if (values.type === "BOOLEAN") return new PlainBooleans(values)
  if (values.type === "BYTE_ARRAY") return new PlainTexts(values)
  return new PlainReader(values, widthOf(values.type, values.typeLength))
}

function widthOf(type: SchemaElement["type"], typeLength: number | undefined): number {
  switch (type) {
    case "INT32":
    case "FLOAT":
      return 4
    case "INT64":
    case "DOUBLE":
      return 8
    case "INT96":
      return 12
    default:
      if (type !== "FIXED_LEN_BYTE_ARRAY" || typeLength === undefined || !(typeLength > 0))
        throw new ParquetFault(`values of the type ${type} have a length of ${typeLength}`)
      return typeLength
  }
}

function refuseBeyond({ page, start }: StoredValues, end: number): void {
  if (end > page.length) throw new ParquetFault(`its values need ${end - start} bytes or more, but only ${page.length - start} are left`)
}

/** Reads values of one length, stored one after another. */
class PlainReader implements ValueReader {
  readonly #values: StoredValues
  readonly #width: number
  #at: number

  constructor(values: StoredValues, width: number) {
    this.#values = values
    this.#width = width
    this.#at = values.start
    if (width > values.cellBytes) values.refuseLong(width)
  }

  read(count: number): LeafValues {
    const { page, type } = this.#values
    const start = this.#at
    this.#at += count * this.#width
    refuseBeyond(this.#values, this.#at)
    return fixedValues(page, start, count, type, this.#width)
  }
}

/** An array of values of one length, by their type. */
function fixedValues(page: Uint8Array, start: number, count: number, type: SchemaElement["type"], width: number): LeafValues {
  if (type === "FIXED_LEN_BYTE_ARRAY") {
    const starts = Uint32Array.from({ length: count }, (_, at) => start + at * width)
    return new StoredTexts(
      page,
      starts,
      starts.map((at) => at + width),
    )
  }
  if (type === "INT96") return int96s(page, start, count)
  const offset = page.byteOffset + start
  // A typed array must begin at a multiple of its width.
  const isAligned = offset % width === 0
  const buffer = isAligned ? page.buffer : page.buffer.slice(offset, offset + count * width)
  const at = isAligned ? offset : 0
  switch (type) {
    case "INT32":
      return new Int32Array(buffer, at, count)
    case "INT64":
      return new BigInt64Array(buffer, at, count)
    case "FLOAT":
      return new Float32Array(buffer, at, count)
    default:
      return new Float64Array(buffer, at, count)
  }
}

function int96s(page: Uint8Array, start: number, count: number): bigint[] {
  const view = new DataView(page.buffer, page.byteOffset + start, count * 12)
  return Array.from({ length: count }, (_, at) => (BigInt(view.getInt32(at * 12 + 8, true)) << 64n) | view.getBigUint64(at * 12, true))
}

class PlainBooleans implements ValueReader {
  readonly #values: StoredValues
  #bit = 0

  constructor(values: StoredValues) {
    this.#values = values
  }

  read(count: number): Uint8Array {
    const { page, start } = this.#values
    refuseBeyond(this.#values, start + Math.ceil((this.#bit + count) / 8))
    const booleans = new Uint8Array(count)
    for (let at = 0; at < count; at++, this.#bit++) booleans[at] = ((page[start + (this.#bit >> 3)] ?? 0) >> (this.#bit & 7)) & 1
    return booleans
  }
}

/** Reads booleans that are stored as runs. */
class RunBooleans implements ValueReader {
  readonly #runs: RunReader

  constructor(runs: RunReader) {
    this.#runs = runs
  }

  read(count: number): Uint8Array {
    const booleans = new Uint8Array(count)
    this.#runs.read(booleans)
    return booleans
  }
}

/** Reads texts that each follow their length. */
class PlainTexts implements ValueReader {
  readonly #values: StoredValues
  #at: number

  constructor(values: StoredValues) {
    this.#values = values
    this.#at = values.start
  }

  read(count: number): StoredTexts {
    const { page, cellBytes, refuseLong } = this.#values
    // Each text takes at least four bytes. The check prevents large arrays for texts that cannot exist.
    refuseBeyond(this.#values, this.#at + 4 * count)
    const starts = new Uint32Array(count)
    const ends = new Uint32Array(count)
    let at = this.#at
    for (let i = 0; i < count; i++) {
      const length = ((page[at] ?? 0) | ((page[at + 1] ?? 0) << 8) | ((page[at + 2] ?? 0) << 16) | ((page[at + 3] ?? 0) << 24)) >>> 0
      at += 4
      if (at + length > page.length) throw textTooLong(length, page.length - at)
      if (length > cellBytes) refuseLong(length)
      starts[i] = at
      at += length
      ends[i] = at
    }
    this.#at = at
    return new StoredTexts(page, starts, ends)
  }
}

/** Reads texts that follow the lengths of all texts (DELTA_LENGTH_BYTE_ARRAY = 6). */
class DeltaTexts implements ValueReader {
  readonly #values: StoredValues
  readonly #lengths: DeltaInts
  #at: number

  constructor(values: StoredValues, start: number) {
    this.#values = values
    this.#lengths = new DeltaInts(values.page, start, values.length)
    this.#at = new DeltaInts(values.page, start, values.length).end()
  }

  read(count: number): StoredTexts {
    const { page, cellBytes, refuseLong } = this.#values
    const ends = new Uint32Array(count)
    const starts = new Uint32Array(count)
    const lengths = this.#lengths.read(count)
    for (let i = 0; i < count; i++) {
      const length = lengths[i] ?? 0
      if (length < 0 || this.#at + length > page.length) throw textTooLong(length, page.length - this.#at)
      if (length > cellBytes) refuseLong(length)
      starts[i] = this.#at
      this.#at += length
      ends[i] = this.#at
    }
    return new StoredTexts(page, starts, ends)
  }
}

/** Reads texts that share a prefix with the text before: the lengths of the prefixes come first, then the suffixes (DELTA_BYTE_ARRAY = 7). */
class PrefixedReader implements ValueReader {
  readonly #values: StoredValues
  readonly #prefixes: DeltaInts
  readonly #suffixes: DeltaTexts
  readonly #last = new LastText()

  constructor(values: StoredValues) {
    const { page, start, length } = values
    this.#values = values
    this.#prefixes = new DeltaInts(page, start, length)
    this.#suffixes = new DeltaTexts(values, new DeltaInts(page, start, length).end())
  }

  read(count: number): PrefixedTexts {
    const { cellBytes, refuseLong } = this.#values
    const prefixes = this.#prefixes.read(count)
    const texts = new PrefixedTexts(prefixes, this.#suffixes.read(count), this.#last)
    for (let i = 0; i < count; i++) {
      if ((prefixes[i] ?? 0) < 0) throw new ParquetFault(`a text shares a prefix of ${prefixes[i]} bytes with the text before it`)
      if (texts.lengthAt(i) > cellBytes) refuseLong(texts.lengthAt(i))
    }
    return texts
  }
}

/** Reads values of one length whose first bytes are all stored before their second bytes, and so on (BYTE_STREAM_SPLIT = 9). */
class SplitReader implements ValueReader {
  readonly #values: StoredValues
  readonly #width: number
  readonly #count: number
  #done = 0

  constructor(values: StoredValues, width: number) {
    this.#values = values
    this.#width = width
    this.#count = Math.floor((values.page.length - values.start) / width)
    if (width > values.cellBytes) values.refuseLong(width)
  }

  read(count: number): LeafValues {
    const { page, start, type } = this.#values
    const width = this.#width
    if (this.#done + count > this.#count)
      throw new ParquetFault(
        `a page stores only ${this.#count} values in byte streams, but has ${this.#done + count} or more that are not null`,
      )
    const joined = new Uint8Array(count * width)
    for (let byte = 0; byte < width; byte++) {
      const from = start + byte * this.#count + this.#done
      for (let at = 0; at < count; at++) joined[at * width + byte] = page[from + at] ?? 0
    }
    this.#done += count
    return fixedValues(joined, 0, count, type, width)
  }
}

function textTooLong(length: number, left: number): ParquetFault {
  return new ParquetFault(`a text states ${length} bytes, but the page has only ${left} left`)
}
