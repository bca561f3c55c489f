import { damagedZstd } from "./damaged-zstd.ts"
import { readFse } from "./fse-table.ts"
import { bitsAt, ReverseBitReader } from "./reverse-bit-reader.ts"

const mostBits = 11

/** A table of Huffman codes (RFC 8878, 4.2). Its index is the next `log` bits, and it gives the symbol and the length of its code. */
export interface HuffmanTable {
  readonly log: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
}

/** Reads a table's description. Returns the table and the index after it. */
export function readHuffman(bytes: Uint8Array): { readonly table: HuffmanTable; readonly end: number } {
  const head = bytes[0] ?? 0
  const isDirect = head >= 128
  const end = isDirect ? 1 + ((head - 126) >> 1) : 1 + head
  if (end > bytes.length) throw damagedZstd()
  const weights = isDirect ? directWeights(bytes, head - 127) : codedWeights(bytes.subarray(1, end))
  return { table: tableOf(weights), end }
}

function directWeights(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const byte = bytes[1 + (at >> 1)] ?? 0
    return at % 2 === 0 ? byte >> 4 : byte & 15
  })
}

/** Decodes weights with two alternating states until the bits run out. */
function codedWeights(bytes: Uint8Array): number[] {
  const { table, end } = readFse(bytes, 0, 6, 255)
  const bits = new ReverseBitReader(bytes.subarray(end))
  const states = [bits.read(table.log), bits.read(table.log)]
  const weights: number[] = []
  for (let which = 0; weights.length < 255; which = 1 - which) {
    const state = states[which] ?? 0
    weights.push(table.symbols[state] ?? 0)
    const width = table.bits[state] ?? 0
    if (bits.left < width) {
      weights.push(table.symbols[states[1 - which] ?? 0] ?? 0)
      return weights
    }
    states[which] = (table.bases[state] ?? 0) + bits.read(width)
  }
  throw damagedZstd()
}

/** Builds a table. The weight of the last symbol is not stored: it completes the sum to a power of two. */
function tableOf(weights: number[]): HuffmanTable {
  let sum = 0
  for (const weight of weights) {
    if (weight > mostBits) throw damagedZstd()
    sum += weight === 0 ? 0 : 1 << (weight - 1)
  }
  const log = 32 - Math.clz32(sum)
  const left = (1 << log) - sum
  if (sum === 0 || log > mostBits || (left & (left - 1)) !== 0 || weights.length > 255) throw damagedZstd()
  const all = [...weights, 32 - Math.clz32(left)]
  const symbols = new Uint8Array(1 << log)
  const bits = new Uint8Array(1 << log)
  let at = 0
  for (let weight = 1; weight <= log; weight++)
    for (const [symbol, own] of all.entries()) {
      if (own !== weight) continue
      const next = at + (1 << (weight - 1))
      symbols.fill(symbol, at, next)
      bits.fill(log + 1 - weight, at, next)
      at = next
    }
  return { log, symbols, bits }
}

/** Decodes a stream of codes, which must fill the output exactly. */
export function decodeHuffman(
  { log, symbols, bits }: HuffmanTable,
  stream: Uint8Array,
  output: Uint8Array,
  from: number,
  to: number,
): void {
  let { left } = new ReverseBitReader(stream)
  for (let at = from; at < to; at++) {
    const bit = left - log
    // The bits before the first one are zeros.
    const code = bit >= 0 ? bitsAt(stream, bit, log) : (bitsAt(stream, 0, left) << -bit) & ((1 << log) - 1)
    output[at] = symbols[code] ?? 0
    left -= bits[code] ?? 0
    if (left < 0) throw damagedZstd()
  }
  if (left !== 0) throw damagedZstd()
}
