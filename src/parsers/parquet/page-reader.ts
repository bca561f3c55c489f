import { crc32 } from "node:zlib"
import type { ColumnMetaData, DecodedArray, PageHeader, SchemaElement } from "hyparquet"
import { parquetHeader } from "hyparquet/src/column.js"
import { byteStreamSplit } from "hyparquet/src/encoding.js"
import { readPlain } from "hyparquet/src/plain.js"
import { limitExceeded } from "../zip/limit-exceeded.ts"
import { checkThrift } from "./check-thrift.ts"
import type { ChunkBytes } from "./chunk-bytes.ts"
import type { Unpack } from "./codecs.ts"
import { decodeDeltaInts, decodeDeltaLongs, joinPrefixes } from "./delta-decoder.ts"
import type { LeafDictionary, LeafPage } from "./leaf-page.ts"
import type { HeldBytes, PageBudget } from "./page-budget.ts"
import { corruptParquet, decodingError } from "./parquet-errors.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import { constantRun, decodeRle } from "./rle-decoder.ts"
import type { SharedZeros } from "./shared-zeros.ts"

/** What is known of a column chunk before its pages. */
export interface PageReaderOptions {
  readonly uri: string
  readonly metadata: ColumnMetaData
  readonly element: SchemaElement
  readonly maxDefinition: number
  readonly maxRepetition: number
  readonly unpack: Unpack
  readonly bounds: ParquetBounds
  /** Shared by the columns of a file. */
  readonly budget: PageBudget
  readonly zeros: SharedZeros
}

const noBytes: HeldBytes = { packed: 0, unpacked: 0 }

/**
 * Reads the pages of a column chunk one at a time, so that memory holds a page a column and not a row group.
 *
 * hyparquet reads headers and plain values; levels, codes and differences are decoded here, where no count in the file can ask for more than
 * the page states.
 */
export class PageReader {
  readonly #bytes: ChunkBytes
  readonly #options: PageReaderOptions
  #dictionary: LeafDictionary | undefined
  /** What the dictionary, and the page of values, take. */
  #held = { dictionary: noBytes, page: noBytes }

  constructor(bytes: ChunkBytes, options: PageReaderOptions) {
    this.#bytes = bytes
    this.#options = options
  }

  /** The next page of values; undefined after the last one. */
  async next(): Promise<LeafPage | undefined> {
    while (this.#bytes.left > 0) {
      const offset = this.#bytes.offset
      try {
        const header = await this.#header()
        this.#hold(header, offset)
        const packed = await this.#body(header, offset)
        if (header.type === "DICTIONARY_PAGE") this.#dictionary = this.#readDictionary(header, packed)
        else if (header.type === "DATA_PAGE") return this.#readPage(header, packed)
        else if (header.type === "DATA_PAGE_V2") return this.#readPageV2(header, packed)
      } catch (error) {
        throw decodingError(error, this.#options.uri, offset)
      }
    }
    this.#release()
    return undefined
  }

  #release(): void {
    const { dictionary, page } = this.#held
    this.#options.budget.exchange(dictionary, noBytes, this.#bytes.offset)
    this.#options.budget.exchange(page, noBytes, this.#bytes.offset)
    this.#held = { dictionary: noBytes, page: noBytes }
  }

  /** Takes the place of the page that comes from the budget, before it is read. */
  #hold({ type, compressed_page_size: packed, uncompressed_page_size: unpacked }: PageHeader, offset: number): void {
    const { budget } = this.#options
    if (!(isCount(packed) && packed <= this.#bytes.left && isCount(unpacked))) throw new Error("a page is longer than its column")
    this.#refuseLarge(unpacked)
    const part = type === "DICTIONARY_PAGE" ? "dictionary" : "page"
    budget.exchange(this.#held[part], { packed, unpacked }, offset)
    this.#held[part] = { packed, unpacked }
  }

  /** The header's length is not stated: it is looked for in more and more bytes. */
  async #header(): Promise<PageHeader> {
    for (let wanted = 1024; ; wanted *= 8) {
      const ahead = await this.#bytes.ahead(wanted)
      const end = checkThrift(ahead, 0)
      if (end !== undefined) {
        const header = parquetHeader({ view: new DataView(ahead.buffer, ahead.byteOffset, end), offset: 0 })
        this.#bytes.skip(end)
        return header
      }
      if (ahead.length >= this.#bytes.left || wanted > this.#options.bounds.footerBytes)
        throw new Error("a page's description does not end")
    }
  }

  /** The page's bytes as stored, in a buffer of their own: decoders that read too far must not find another page there. */
  async #body({ compressed_page_size: packed, crc }: PageHeader, offset: number): Promise<Uint8Array> {
    const body = Uint8Array.from((await this.#bytes.ahead(packed)).subarray(0, packed))
    this.#bytes.skip(packed)
    if (crc !== undefined && (crc32(body) | 0) !== (crc | 0))
      throw corruptParquet(this.#options.uri, "a page has another checksum than its bytes", offset)
    return body
  }

  #refuseLarge(unpacked: number): void {
    const { uri, bounds } = this.#options
    const subject = "A page of the parquet file"
    const origin = { uri, offset: this.#bytes.offset }
    if (unpacked > bounds.pageBytes)
      throw limitExceeded({ subject, unit: "bytes", seen: unpacked, limit: bounds.pageBytes, option: "limits.pageBytes", origin })
  }

  #count(count: number | undefined): number {
    const { uri, bounds } = this.#options
    if (!isCount(count)) throw new Error("a page does not say how many values it has")
    if (count <= bounds.pageValues) return count
    throw limitExceeded({
      subject: "A page of the parquet file",
      unit: "values",
      seen: count,
      limit: bounds.pageValues,
      option: "limits.pageValues",
      origin: { uri, offset: this.#bytes.offset },
    })
  }

  #unpack(packed: Uint8Array, length: number): Uint8Array {
    // A page of nulls alone has nothing to pack, and codecs do not agree on how to pack that.
    if (length === 0 && packed.length === 0) return packed
    const page = this.#options.unpack(packed, length)
    if (page.length !== length) throw new Error(`a page unpacks to ${page.length} bytes and should have ${length}`)
    return page
  }

  #readDictionary(header: PageHeader, packed: Uint8Array): LeafDictionary {
    const page = this.#unpack(packed, header.uncompressed_page_size)
    const count = this.#count(header.dictionary_page_header?.num_values)
    const { metadata, element } = this.#options
    return { stored: this.#checked(readPlain(reader(page, 0), metadata.type, count, element.type_length)) }
  }

  #readPage(header: PageHeader, packed: Uint8Array): LeafPage {
    const { maxDefinition, maxRepetition } = this.#options
    const page = this.#unpack(packed, header.uncompressed_page_size)
    const length = this.#count(header.data_page_header?.num_values)
    let at = 0
    const levels = (max: number) => {
      if (max === 0) return undefined
      if (header.data_page_header?.definition_level_encoding === "BIT_PACKED") throw new Error("unsupported levels of the form BIT_PACKED")
      const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
      const bytes = view.getUint32(at, true)
      at += 4
      if (at + bytes > page.length) throw new Error("the levels of a page are longer than the page")
      const output = this.#levels(page, at, at + bytes, max, length)
      at += bytes
      return output
    }
    const repetitions = levels(maxRepetition)
    const definitions = levels(maxDefinition)
    return this.#values(page, at, header.data_page_header?.encoding, length, definitions, repetitions)
  }

  /** In the second form of pages the levels stand before the packed part, without their lengths. */
  #readPageV2(header: PageHeader, packed: Uint8Array): LeafPage {
    const { maxDefinition, maxRepetition } = this.#options
    const v2 = header.data_page_header_v2
    const length = this.#count(v2?.num_values)
    const repetitionBytes = v2?.repetition_levels_byte_length ?? 0
    const definitionBytes = v2?.definition_levels_byte_length ?? 0
    const levelBytes = repetitionBytes + definitionBytes
    if (!(isCount(repetitionBytes) && isCount(definitionBytes) && levelBytes <= packed.length))
      throw new Error("the levels of a page are longer than the page")
    const repetitions = maxRepetition === 0 ? undefined : this.#levels(packed, 0, repetitionBytes, maxRepetition, length)
    const definitions = maxDefinition === 0 ? undefined : this.#levels(packed, repetitionBytes, levelBytes, maxDefinition, length)
    const body = packed.slice(levelBytes)
    const page = v2?.is_compressed === false ? body : this.#unpack(body, header.uncompressed_page_size - levelBytes)
    return this.#values(page, 0, v2?.encoding, length, definitions, repetitions)
  }

  #values(
    page: Uint8Array,
    start: number,
    encoding: string | undefined,
    length: number,
    levels: Uint8Array | undefined,
    repetitions: Uint8Array | undefined,
  ): LeafPage {
    const { maxDefinition } = this.#options
    let present = length
    if (levels !== undefined) {
      present = 0
      if (!this.#options.zeros.are(levels)) for (let at = 0; at < length; at++) if (levels[at] === maxDefinition) present++
    }
    const isCoded = encoding === "PLAIN_DICTIONARY" || encoding === "RLE_DICTIONARY"
    const values = isCoded ? this.#codes(page, start, present) : this.#checked(this.#decode(page, start, encoding, present))
    return {
      length,
      maxDefinition,
      definitions: present === length ? undefined : levels,
      repetitions,
      values,
      dictionary: isCoded ? this.#dictionary : undefined,
    }
  }

  /** Levels of one page. Where all are 0, they are those of other pages too. */
  #levels(bytes: Uint8Array, start: number, end: number, max: number, count: number): Uint8Array {
    const width = 32 - Math.clz32(max)
    if (constantRun(bytes, start, end, width, count) === 0) return this.#options.zeros.levels(count)
    const levels = new Uint8Array(count)
    decodeRle(bytes, start, end, width, levels)
    return levels
  }

  /** Refuses texts that are longer than a cell may be. */
  #checked(values: DecodedArray): DecodedArray {
    const { uri, metadata, bounds } = this.#options
    if (metadata.type !== "BYTE_ARRAY") return values
    for (const { length } of values as readonly Uint8Array[]) {
      if (length <= bounds.cellBytes) continue
      const origin = { uri, column: metadata.path_in_schema.join(".") }
      throw limitExceeded({ subject: "A text", unit: "bytes", seen: length, limit: bounds.cellBytes, option: "limits.cellBytes", origin })
    }
    return values
  }

  #codes(page: Uint8Array, start: number, count: number): Uint32Array {
    if (count === 0) return new Uint32Array(0)
    const entries = this.#dictionary?.stored.length ?? 0
    const width = page[start] ?? 255
    if (width > 32) throw new Error("a page has codes of more than 32 bits")
    // Codes without bits are all 0; some writers leave their run out.
    if (width === 0 && entries > 0) return this.#options.zeros.codes(count)
    if (entries > 0 && constantRun(page, start + 1, page.length, width, count) === 0) return this.#options.zeros.codes(count)
    const codes = new Uint32Array(count)
    decodeRle(page, start + 1, page.length, width, codes)
    for (let at = 0; at < count; at++) if ((codes[at] ?? 0) >= entries) throw new Error("a page has a code that its dictionary lacks")
    return codes
  }

  #decode(page: Uint8Array, start: number, encoding: string | undefined, count: number): DecodedArray {
    const { metadata, element, bounds } = this.#options
    const { type } = metadata
    if (count === 0) return []
    switch (encoding) {
      case "PLAIN":
        return readPlain(reader(page, start), type, count, element.type_length)
      case "RLE": {
        // Booleans only; a length of four bytes stands before them.
        const bits = new Uint8Array(count)
        decodeRle(page, start + 4, page.length, 1, bits)
        return bits
      }
      case "DELTA_BINARY_PACKED":
        return type === "INT64" ? decodeDeltaLongs(page, start, count) : decodeDeltaInts(page, start, count).values
      case "DELTA_LENGTH_BYTE_ARRAY":
        return deltaTexts(page, start, count)
      case "DELTA_BYTE_ARRAY": {
        const prefixes = decodeDeltaInts(page, start, count)
        return joinPrefixes(prefixes.values, deltaTexts(page, prefixes.end, count), bounds.pageBytes)
      }
      case "BYTE_STREAM_SPLIT":
        if (count * 2 > page.length) throw new Error("a page has fewer bytes than values")
        return byteStreamSplit(reader(page, start), count, type, element.type_length)
      default:
        throw new Error(`unsupported encoding ${encoding ?? "without a name"}`)
    }
  }
}

/** Fields are of the type that the file says they are: a number may be there as a truth, which passes for 0 or 1 in comparisons. */
function isCount(field: unknown): field is number {
  return Number.isInteger(field) && Number(field) >= 0
}

interface Reader {
  readonly view: DataView
  offset: number
}

function reader(page: Uint8Array, start: number): Reader {
  return { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: start }
}

function deltaTexts(page: Uint8Array, start: number, count: number): Uint8Array[] {
  const lengths = decodeDeltaInts(page, start, count)
  const output: Uint8Array[] = []
  let at = lengths.end
  for (const length of lengths.values) {
    if (length < 0 || at + length > page.length) throw new Error("a text is longer than its page")
    output.push(page.subarray(at, at + length))
    at += length
  }
  return output
}
