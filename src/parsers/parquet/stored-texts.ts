import { ParquetFault } from "./parquet-fault.ts"

/** Texts or byte arrays of a page, as ranges of the page. An object for each would take twenty times the memory of a short text. */
export class StoredTexts {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array

  constructor(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array) {
    this.bytes = bytes
    this.starts = starts
    this.ends = ends
  }

  get length(): number {
    return this.starts.length
  }

  at(index: number): Uint8Array {
    return this.bytes.subarray(this.starts[index], this.ends[index])
  }

  lengthAt(index: number): number {
    return (this.ends[index] ?? 0) - (this.starts[index] ?? 0)
  }

  /** The texts from index `from` to `to`. */
  range(from: number, to: number): StoredTexts {
    return from === 0 && to === this.length
      ? this
      : new StoredTexts(this.bytes, this.starts.subarray(from, to), this.ends.subarray(from, to))
  }
}

/**
 * Texts that each share a prefix with the text before (parquet-format, Encodings.md, DELTA_BYTE_ARRAY = 7). They are joined when they are read, in
 * order and each once, because a page of a mebibyte can hold a thousand times as much text.
 */
export class PrefixedTexts {
  readonly #prefixes: Int32Array
  readonly #suffixes: StoredTexts
  readonly #before: LastText
  #next = 0

  /** `before` holds the last text read, and is shared by all reads of a page. */
  constructor(prefixes: Int32Array, suffixes: StoredTexts, before: LastText) {
    this.#prefixes = prefixes
    this.#suffixes = suffixes
    this.#before = before
  }

  get length(): number {
    return this.#prefixes.length
  }

  lengthAt(index: number): number {
    return (this.#prefixes[index] ?? 0) + this.#suffixes.lengthAt(index)
  }

  at(index: number): Uint8Array {
    return this.range(index, index + 1).at(0)
  }

  range(from: number, to: number): StoredTexts {
    for (; this.#next < from; this.#next++) this.#join()
    let bytes = 0
    for (let at = from; at < to; at++) bytes += this.lengthAt(at)
    const joined = new Uint8Array(bytes)
    const starts = new Uint32Array(to - from)
    const ends = new Uint32Array(to - from)
    let end = 0
    for (; this.#next < to; this.#next++) {
      starts[this.#next - from] = end
      joined.set(this.#join(), end)
      end += this.lengthAt(this.#next)
      ends[this.#next - from] = end
    }
    return new StoredTexts(joined, starts, ends)
  }

  /** The next text. Its bytes are valid until the next call. */
  #join(): Uint8Array {
    return this.#before.follow(this.#prefixes[this.#next] ?? 0, this.#suffixes.at(this.#next))
  }
}

/** The last text that was joined from a prefix and a suffix. */
export class LastText {
  #bytes = new Uint8Array(256)
  #length = 0

  follow(prefix: number, suffix: Uint8Array): Uint8Array {
    if (prefix > this.#length)
      throw new ParquetFault(`a text shares a prefix of ${prefix} bytes with the text before it, which has only ${this.#length}`)
    this.#length = prefix + suffix.length
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(2 * this.#length)
      bytes.set(this.#bytes.subarray(0, prefix))
      this.#bytes = bytes
    }
    this.#bytes.set(suffix, prefix)
    return this.#bytes.subarray(0, this.#length)
  }
}
