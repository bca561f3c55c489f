import { ParquetFault } from "../parquet-fault.ts"
import { damagedZstd } from "./damaged-zstd.ts"
import { type FseTable, fseTable, readFse, singleFse } from "./fse-table.ts"
import { decodeHuffman, type HuffmanTable, readHuffman } from "./huffman-table.ts"
import { bitsAt, ReverseBitReader } from "./reverse-bit-reader.ts"

/** Most bytes of a block (RFC 8878, 3.1.1.2.4). */
const mostBlockBytes = 128 * 1024

/** Codes of lengths: the number of bits after a code, and the base that they are added to (RFC 8878, 3.1.1.3.2.1.1). */
interface Codes {
  readonly bits: Uint8Array
  readonly bases: Uint32Array
}

const literalCodes = codes(16, [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 0)
const matchCodes = codes(32, [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 3)
const mostOffsetCode = 27

/** The first `literal` codes have no bits after them. */
function codes(literal: number, bits: readonly number[], first: number): Codes {
  const all = [...new Array<number>(literal).fill(0), ...bits]
  const bases = new Uint32Array(all.length)
  let base = first
  for (const [code, width] of all.entries()) {
    bases[code] = base
    base += 1 << width
  }
  return { bits: Uint8Array.from(all), bases }
}

/** The three tables that describe sequences: most bits of a state, highest symbol, and the predefined table (RFC 8878, 3.1.1.3.2.2). */
const kinds = [
  {
    log: 9,
    most: 35,
    usual: fseTable(6, [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]),
  },
  { log: 8, most: 31, usual: fseTable(5, [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]) },
  {
    log: 9,
    most: 52,
    usual: fseTable(
      6,
      [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, -1, -1, -1, -1, -1, -1, -1,
      ],
    ),
  },
] as const

/** Unpacks compressed blocks. The tables of a block also apply to later blocks of its frame. */
export class ZstdBlock {
  readonly #output: Uint8Array
  /** The index in the output where the frame begins. Copies must not reach before it. */
  #frame = 0
  readonly #scratch = new Uint8Array(mostBlockBytes)
  #tables: (FseTable | undefined)[] = []
  #offsets = [1, 4, 8]
  #huffman: HuffmanTable | undefined

  constructor(output: Uint8Array) {
    this.#output = output
  }

  /** Resets the tables, because frames are independent. */
  beginFrame(at: number): void {
    this.#frame = at
    this.#tables = []
    this.#offsets = [1, 4, 8]
    this.#huffman = undefined
  }

  /** Unpacks a block to an index in the output. Returns the index after it. */
  unpack(block: Uint8Array, at: number): number {
    if (block.length > mostBlockBytes) throw damagedZstd()
    const { literals, end } = this.#literals(block)
    const stop = Math.min(this.#output.length, at + mostBlockBytes)
    return this.#sequences(block, end, literals, at, stop)
  }

  #literals(block: Uint8Array): { readonly literals: Uint8Array; readonly end: number } {
    const head = block[0] ?? 0
    const kind = head & 3
    const format = (head >> 2) & 3
    if (kind >= 2) return this.#codedLiterals(block, kind === 2, format)
    const headBytes = [1, 2, 1, 3][format] ?? 1
    const length = littleEndian(block, 0, headBytes) >> (headBytes === 1 ? 3 : 4)
    const end = headBytes + (kind === 0 ? length : 1)
    if (length > mostBlockBytes || end > block.length) throw damagedZstd()
    if (kind === 0) return { literals: block.subarray(headBytes, end), end }
    return { literals: this.#scratch.fill(block[headBytes] ?? 0, 0, length).subarray(0, length), end }
  }

  #codedLiterals(block: Uint8Array, hasTable: boolean, format: number): { readonly literals: Uint8Array; readonly end: number } {
    const width = [10, 10, 14, 18][format] ?? 10
    const start = [3, 3, 4, 5][format] ?? 3
    const head = Math.floor(littleEndian(block, 0, start) / 16)
    const length = head % 2 ** width
    const end = start + Math.floor(head / 2 ** width)
    if (length > mostBlockBytes || end > block.length) throw damagedZstd()
    let streams = block.subarray(start, end)
    if (hasTable) {
      const read = readHuffman(streams)
      this.#huffman = read.table
      streams = streams.subarray(read.end)
    }
    const table = this.#huffman
    if (table === undefined) throw damagedZstd()
    if (format === 0) decodeHuffman(table, streams, this.#scratch, 0, length)
    else this.#fourStreams(table, streams, length)
    return { literals: this.#scratch.subarray(0, length), end }
  }

  #fourStreams(table: HuffmanTable, streams: Uint8Array, length: number): void {
    const quarter = (length + 3) >> 2
    if (streams.length < 10 || 3 * quarter > length) throw damagedZstd()
    let from = 6
    for (let stream = 0; stream < 4; stream++) {
      const to = stream === 3 ? streams.length : from + littleEndian(streams, 2 * stream, 2)
      if (to > streams.length || to <= from) throw damagedZstd()
      decodeHuffman(table, streams.subarray(from, to), this.#scratch, stream * quarter, stream === 3 ? length : (stream + 1) * quarter)
      from = to
    }
  }

  #sequences(block: Uint8Array, start: number, literals: Uint8Array, out: number, stop: number): number {
    let at = start
    const next = () => {
      if (at >= block.length) throw damagedZstd()
      return block[at++] ?? 0
    }
    let count = next()
    if (count === 255) count = next() + (next() << 8) + 0x7f00
    else if (count > 127) count = ((count - 128) << 8) + next()
    if (count === 0) {
      if (at !== block.length) throw damagedZstd()
      return this.#copyLiterals(literals, 0, literals.length, out, stop)
    }
    const modes = next()
    if ((modes & 3) !== 0) throw damagedZstd()
    for (const [place, kind] of kinds.entries()) {
      const mode = (modes >> (6 - 2 * place)) & 3
      if (mode === 0) this.#tables[place] = kind.usual
      else if (mode === 1) {
        const symbol = next()
        if (symbol > kind.most) throw damagedZstd()
        this.#tables[place] = singleFse(symbol)
      } else if (mode === 2) {
        const read = readFse(block, at, kind.log, kind.most)
        this.#tables[place] = read.table
        at = read.end
      }
    }
    return this.#copyAll(new ReverseBitReader(block.subarray(at)), count, literals, out, stop)
  }

  #copyAll(bits: ReverseBitReader, count: number, literals: Uint8Array, start: number, stop: number): number {
    const [literalTable, offsetTable, matchTable] = this.#tables
    if (literalTable === undefined || offsetTable === undefined || matchTable === undefined) throw damagedZstd()
    const output = this.#output
    const { bytes } = bits
    let literalState = bits.read(literalTable.log)
    let offsetState = bits.read(offsetTable.log)
    let matchState = bits.read(matchTable.log)
    let bit = bits.left
    let out = start
    let taken = 0
    for (let left = count; left > 0; left--) {
      const offsetCode = offsetTable.symbols[offsetState] ?? 0
      const matchCode = matchTable.symbols[matchState] ?? 0
      const literalCode = literalTable.symbols[literalState] ?? 0
      if (offsetCode > mostOffsetCode) throw damagedZstd()
      bit -= offsetCode
      const offsetValue = (1 << offsetCode) + bitsAt(bytes, bit, offsetCode)
      let length = matchCodes.bases[matchCode] ?? 0
      let own = literalCodes.bases[literalCode] ?? 0
      // Most lengths are short and have no more bits.
      if (matchCode >= 32) {
        const width = matchCodes.bits[matchCode] ?? 0
        bit -= width
        length += bitsAt(bytes, bit, width)
      }
      if (literalCode >= 16) {
        const width = literalCodes.bits[literalCode] ?? 0
        bit -= width
        own += bitsAt(bytes, bit, width)
      }
      if (left > 1) {
        const literalBits = literalTable.bits[literalState] ?? 0
        const matchBits = matchTable.bits[matchState] ?? 0
        const offsetBits = offsetTable.bits[offsetState] ?? 0
        // Together they have at most 26 bits, which one call reads.
        bit -= literalBits + matchBits + offsetBits
        const word = bitsAt(bytes, bit, literalBits + matchBits + offsetBits)
        offsetState = (offsetTable.bases[offsetState] ?? 0) + (word & ((1 << offsetBits) - 1))
        matchState = (matchTable.bases[matchState] ?? 0) + ((word >> offsetBits) & ((1 << matchBits) - 1))
        literalState = (literalTable.bases[literalState] ?? 0) + (word >> (offsetBits + matchBits))
      }
      if (bit < 0 || taken + own > literals.length) throw damagedZstd()
      if (out + own + length > stop) throw this.#tooLong(out + own + length)
      if (own > 32) output.set(literals.subarray(taken, taken + own), out)
      else for (let i = 0; i < own; i++) output[out + i] = literals[taken + i] ?? 0
      out += own
      taken += own
      const offset = this.#offset(offsetValue, own)
      const from = out - offset
      if (offset <= 0 || from < this.#frame) throw damagedZstd()
      if (offset >= length && length > 32) output.copyWithin(out, from, from + length)
      else if (offset === 1) output.fill(output[from] ?? 0, out, out + length)
      else for (let i = 0; i < length; i++) output[out + i] = output[from + i] ?? 0
      out += length
    }
    if (bit !== 0) throw damagedZstd()
    return this.#copyLiterals(literals, taken, literals.length, out, stop)
  }

  /** Values up to 3 mean the last three offsets, with other meanings if there are no literals before (RFC 8878, 3.1.1.5). */
  #offset(value: number, literals: number): number {
    const offsets = this.#offsets
    const first = offsets[0] ?? 0
    if (value > 3) {
      offsets[2] = offsets[1] ?? 0
      offsets[1] = first
      offsets[0] = value - 3
      return value - 3
    }
    const place = literals === 0 ? value : value - 1
    if (place === 0) return first
    const offset = place === 3 ? first - 1 : (offsets[place] ?? 0)
    if (place !== 1) offsets[2] = offsets[1] ?? 0
    offsets[1] = first
    offsets[0] = offset
    return offset
  }

  #copyLiterals(literals: Uint8Array, from: number, to: number, out: number, stop: number): number {
    const length = to - from
    if (out + length > stop) throw this.#tooLong(out + length)
    if (length > 32) this.#output.set(literals.subarray(from, to), out)
    else for (let i = 0; i < length; i++) this.#output[out + i] = literals[from + i] ?? 0
    return out + length
  }

  #tooLong(bytes: number): ParquetFault {
    if (bytes <= this.#output.length) return damagedZstd()
    return new ParquetFault(`a page unpacks to ${bytes} bytes or more instead of ${this.#output.length}`)
  }
}

function littleEndian(bytes: Uint8Array, start: number, length: number): number {
  let value = 0
  for (let i = 0; i < length; i++) value += (bytes[start + i] ?? 0) * 2 ** (8 * i)
  return value
}
