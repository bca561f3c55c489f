import { damagedZstd } from "./damaged-zstd.ts"

/** A table of finite state entropy (RFC 8878, 4.1): the symbol of each state, and how to compute the next state. */
export interface FseTable {
  /** Bits of a state. */
  readonly log: number
  readonly symbols: Uint8Array
  /** The number of bits to read for the next state, and the base that they are added to. */
  readonly bits: Uint8Array
  readonly bases: Uint16Array
}

/** A table with one symbol, which takes no bits. */
export function singleFse(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) }
}

/** Reads a table's description with symbols up to `most`. Returns the table and the index after it. */
export function readFse(
  bytes: Uint8Array,
  start: number,
  mostLog: number,
  most: number,
): { readonly table: FseTable; readonly end: number } {
  const log = ((bytes[start] ?? 0) & 15) + 5
  if (log > mostLog) throw damagedZstd()
  let bit = start * 8 + 4
  const peek = (width: number): number => {
    const at = bit >> 3
    return (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) >> (bit & 7)) & ((1 << width) - 1)
  }
  const shares: number[] = []
  let left = 1 << log
  while (left > 0) {
    if (shares.length > most) throw damagedZstd()
    const width = 32 - Math.clz32(left + 1)
    const low = (1 << (width - 1)) - 1
    const few = (1 << width) - 2 - left
    let value = peek(width)
    if ((value & low) < few) {
      value &= low
      bit += width - 1
    } else {
      if (value > low) value -= few
      bit += width
    }
    shares.push(value - 1)
    left -= Math.abs(value - 1)
    if (value !== 1) continue
    // After a share of 0 comes the number of further shares of 0.
    for (let more = 3; more === 3; ) {
      more = peek(2)
      bit += 2
      for (let i = 0; i < more; i++) shares.push(0)
      if (shares.length > most + 1) throw damagedZstd()
    }
  }
  const end = (bit + 7) >> 3
  if (left !== 0 || shares.length > most + 1 || end > bytes.length) throw damagedZstd()
  return { table: fseTable(log, shares), end }
}

/** Builds a table from the share of states of each symbol. A share of -1 means "less than one". */
export function fseTable(log: number, shares: readonly number[]): FseTable {
  const size = 1 << log
  const symbols = new Uint8Array(size)
  const next = new Uint16Array(shares.length)
  let high = size
  for (const [symbol, share] of shares.entries()) {
    next[symbol] = Math.abs(share)
    if (share === -1) symbols[--high] = symbol
  }
  const step = (size >> 1) + (size >> 3) + 3
  let at = 0
  for (const [symbol, share] of shares.entries())
    for (let i = 0; i < share; i++) {
      symbols[at] = symbol
      do at = (at + step) & (size - 1)
      while (at >= high)
    }
  if (at !== 0) throw damagedZstd()
  const bits = new Uint8Array(size)
  const bases = new Uint16Array(size)
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] ?? 0
    const place = next[symbol] ?? 1
    next[symbol] = place + 1
    bits[state] = log - (31 - Math.clz32(place))
    bases[state] = (place << (bits[state] ?? 0)) - size
  }
  return { log, symbols, bits, bases }
}
