import { crc32 } from "node:zlib"
import type { SchemaElement } from "hyparquet"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import type { ChunkBytes } from "./chunk-bytes.ts"
import type { Unpack } from "./codecs/codecs.ts"
import type { FileBudget } from "./file-budget.ts"
import type { LeafDictionary, LeafPage } from "./leaf-page.ts"
import { PageCursor } from "./page-cursor.ts"
import { type PageHeader, readPageHeader } from "./page-header.ts"
import { decodingError } from "./parquet-errors.ts"
import { ParquetFault } from "./parquet-fault.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import { RunReader } from "./run-reader.ts"
import { StoredTexts } from "./stored-texts.ts"
import { type ValueReader, valueReader } from "./value-reader.ts"

/** What the footer says about a column chunk, and what the columns of a file share. */
export interface PageReaderOptions {
  readonly uri: string
  /** The column as a message names it: `the column a, row group 1`. */
  readonly name: string
  /** The name of the column alone. */
  readonly column: string
  readonly element: SchemaElement
  readonly maxDefinition: number
  readonly maxRepetition: number
  /** Rows of the row group. */
  readonly rows: number
  readonly unpack: Unpack
  readonly bounds: ParquetBounds
  /** Shared by the columns of a file. */
  readonly budget: FileBudget
}

/**
 * Reads the pages of a column chunk, some entries at a time. Memory holds the bytes of one page for each column. Values are decoded only when they
 * are read, because ten bytes can state millions of values.
 */
export class PageReader {
  readonly #bytes: ChunkBytes
  readonly #options: PageReaderOptions
  #dictionary: LeafDictionary | undefined
  #page: PageCursor | undefined
  #pages = 0
  /** Entries of the pages so far. */
  #entries = 0
  /** Bytes of the dictionary, and of the data pages that the current rows are in. */
  #held = { dictionary: 0, page: 0 }
  /** Bytes of the last of these data pages. */
  #last = 0
  #offset = 0

  constructor(bytes: ChunkBytes, options: PageReaderOptions) {
    this.#bytes = bytes
    this.#options = options
  }

  /** Call this when the entries read so far are not used any more. */
  releaseRead(): void {
    this.#hold("page", this.#last)
  }

  /** Reads up to `most` entries, all from one page. Returns undefined after the last one. */
  async next(most: number): Promise<LeafPage | undefined> {
    try {
      while (this.#page === undefined || this.#page.left === 0) {
        if (this.#bytes.left === 0) {
          this.#release()
          return undefined
        }
        this.#page = await this.#open()
        if (this.#page === undefined) return none
      }
      return this.#page.take(most)
    } catch (error) {
      const where = `in page ${this.#pages} of ${this.#options.name}`
      throw decodingError(error, { uri: this.#options.uri, offset: this.#offset, where })
    }
  }

  #release(): void {
    this.#page = undefined
    this.#dictionary = undefined
    this.#last = 0
    this.#hold("dictionary", 0)
    this.#hold("page", 0)
  }

  #hold(part: "dictionary" | "page", bytes: number): void {
    this.#options.budget.replaceHeld(this.#held[part], bytes, this.#offset)
    this.#held[part] = bytes
  }

  /** Opens the next page. Returns undefined if it is not a data page. */
  async #open(): Promise<PageCursor | undefined> {
    this.#offset = this.#bytes.offset
    this.#pages++
    this.#page = undefined
    const header = await this.#header()
    this.#check(header)
    const packed = await this.#body(header)
    switch (header.kind) {
      case "dictionary":
        this.#dictionary = await this.#readDictionary(header, packed)
        return undefined
      case "data":
        return await this.#openPage(header, packed)
      case "data2":
        return await this.#openPage2(header, packed)
      default:
        return undefined
    }
  }

  /** Reads a header. Its length is not stated, so it is parsed with more and more bytes until it is complete. */
  async #header(): Promise<PageHeader> {
    for (let wanted = 1024; ; wanted *= 8) {
      const ahead = await this.#bytes.ahead(wanted)
      const read = readPageHeader(ahead)
      if (read !== undefined) {
        this.#bytes.skip(read.length)
        return read.header
      }
      if (ahead.length >= this.#bytes.left || wanted > this.#options.bounds.footerBytes)
        throw new ParquetFault("the header of a page does not end")
    }
  }

  /** Checks what the header of a page states before the page is unpacked, and takes its bytes from the budget. */
  #check({ kind, packed, unpacked, length }: PageHeader): void {
    const { bounds, budget, maxRepetition, rows } = this.#options
    if (packed > this.#bytes.left) throw new ParquetFault(`a page states ${packed} bytes, but its column has only ${this.#bytes.left} left`)
    if (Math.max(packed, unpacked) > bounds.pageBytes) this.#refuse("A page", "bytes", Math.max(packed, unpacked), "pageBytes")
    if (length > bounds.pageValues) this.#refuse("A page", "values", length, "pageValues")
    budget.unpack(Math.max(packed, unpacked), this.#offset)
    if (kind === "dictionary") {
      // Twice, because its texts may be decoded too.
      this.#hold("dictionary", 2 * unpacked)
      return
    }
    this.#hold("page", this.#held.page + unpacked)
    this.#last = unpacked
    this.#entries += length
    if (maxRepetition === 0 && this.#entries > rows)
      throw new ParquetFault(`a page states ${length} values, but its row group has only ${rows - this.#entries + length} rows left`)
  }

  #refuse(subject: string, unit: string, seen: number, option: "pageBytes" | "pageValues" | "cellBytes"): never {
    const limit = this.#options.bounds[option]
    const { uri, column, name } = this.#options
    const origin = { uri, column, offset: this.#offset }
    throw limitExceeded({ subject: `${subject} of ${name}`, unit, seen, limit, option: `limits.${option}`, origin })
  }

  /** The compressed bytes of the page. */
  async #body({ packed, crc }: PageHeader): Promise<Uint8Array> {
    const body = (await this.#bytes.ahead(packed)).subarray(0, packed)
    this.#bytes.skip(packed)
    if (crc !== undefined && (crc32(body) | 0) !== (crc | 0)) throw new ParquetFault("the bytes do not match the checksum")
    return body
  }

  async #unpack(packed: Uint8Array, length: number): Promise<Uint8Array> {
    // A page of nulls has no bytes to compress, and codecs do not agree on how to compress nothing.
    if (length === 0 && packed.length === 0) return packed
    const page = await this.#options.unpack(packed, length)
    if (page.length !== length) throw new ParquetFault(`a page unpacks to ${page.length} bytes instead of ${length}`)
    return page
  }

  async #readDictionary(header: PageHeader, packed: Uint8Array): Promise<LeafDictionary> {
    const page = await this.#unpack(packed, header.unpacked)
    const stored = this.#values("PLAIN", page, 0, header.length).read(header.length)
    if (!("lengthAt" in stored)) return { stored, mostBytes: 0, bytes: page.length }
    if (!(stored instanceof StoredTexts)) throw new ParquetFault("a dictionary is stored in a delta encoding")
    let mostBytes = 0
    for (let at = 0; at < stored.length; at++) mostBytes = Math.max(mostBytes, stored.lengthAt(at))
    return { stored, mostBytes, bytes: page.length }
  }

  async #openPage(header: PageHeader, packed: Uint8Array): Promise<PageCursor> {
    const { maxDefinition, maxRepetition } = this.#options
    const page = await this.#unpack(packed, header.unpacked)
    let at = 0
    const levels = (max: number) => {
      if (max === 0) return undefined
      if (header.levels === "BIT_PACKED") throw new ParquetFault("levels in the encoding BIT_PACKED", true)
      if (at + 4 > page.length) throw new ParquetFault(`a page of ${page.length} bytes is too short for its levels`)
      const bytes = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(at, true)
      at += 4 + bytes
      return this.#levels(page, at - bytes, bytes, max, header.length)
    }
    const repetitions = header.length === 0 ? undefined : levels(maxRepetition)
    const definitions = header.length === 0 ? undefined : levels(maxDefinition)
    return this.#opened(header, page, at, repetitions, definitions)
  }

  /** Opens a page of version 2. Its levels come before the compressed part, without their lengths. */
  async #openPage2(header: PageHeader, packed: Uint8Array): Promise<PageCursor> {
    const { maxDefinition, maxRepetition } = this.#options
    const { definitionBytes, repetitionBytes, length } = header
    const levelBytes = repetitionBytes + definitionBytes
    if (levelBytes > packed.length || levelBytes > header.unpacked)
      throw new ParquetFault(`the levels of a page take ${levelBytes} bytes, but the page has only ${packed.length}`)
    const repetitions = maxRepetition === 0 ? undefined : this.#levels(packed, 0, repetitionBytes, maxRepetition, length)
    const definitions = maxDefinition === 0 ? undefined : this.#levels(packed, repetitionBytes, definitionBytes, maxDefinition, length)
    const body = packed.subarray(levelBytes)
    const page = header.isPacked ? await this.#unpack(body, header.unpacked - levelBytes) : body
    return this.#opened(header, page, 0, repetitions, definitions)
  }

  #opened(header: PageHeader, page: Uint8Array, at: number, repetitions?: RunReader, definitions?: RunReader): PageCursor {
    const { encoding, length } = header
    const isCoded = encoding === "PLAIN_DICTIONARY" || encoding === "RLE_DICTIONARY"
    const dictionary = isCoded ? this.#dictionary : undefined
    // The values are opened only when there is one: a page of nulls may have no bytes for them.
    const values = () => (isCoded ? this.#codes(page, at, length) : this.#values(encoding, page, at, length))
    const { maxDefinition, maxRepetition } = this.#options
    return new PageCursor({ length, maxDefinition, maxRepetition, repetitions, definitions, values, dictionary })
  }

  #levels(bytes: Uint8Array, start: number, length: number, max: number, count: number): RunReader {
    if (start + length > bytes.length)
      throw new ParquetFault(`the levels of a page take ${length} bytes, but the page has only ${bytes.length - start} left`)
    return new RunReader(bytes, start, start + length, 32 - Math.clz32(max), count)
  }

  #values(encoding: string, page: Uint8Array, start: number, length: number): ValueReader {
    const { element, bounds } = this.#options
    const { type, type_length: typeLength } = element
    const refuseLong = (bytes: number) => this.#refuse("A text", "bytes", bytes, "cellBytes")
    return valueReader(encoding, { page, start, length, type, typeLength, cellBytes: bounds.cellBytes, refuseLong })
  }

  #codes(page: Uint8Array, start: number, length: number): ValueReader {
    const entries = this.#dictionary?.stored.length ?? 0
    const width = page[start] ?? 255
    if (width > 32) throw new ParquetFault(`a page has dictionary codes of ${width} bits, but at most 32 are allowed`)
    if (entries === 0) throw new ParquetFault("a page has dictionary codes, but there is no dictionary")
    // Codes of no bits are all 0. Some writers omit their run.
    if (width === 0) return { read: (count) => new Uint32Array(count) }
    const runs = new RunReader(page, start + 1, page.length, width, length)
    return {
      read: (count) => {
        const codes = new Uint32Array(count)
        runs.read(codes)
        for (let at = 0; at < count; at++)
          if ((codes[at] ?? 0) >= entries)
            throw new ParquetFault(`a page has the code ${codes[at]}, but its dictionary has only ${entries} values`)
        return codes
      },
    }
  }
}

const none: LeafPage = {
  length: 0,
  maxDefinition: 0,
  definitions: undefined,
  repetitions: undefined,
  values: new Int32Array(0),
  dictionary: undefined,
}
