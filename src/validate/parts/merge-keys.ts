import { KeySet } from "../../sketch/key-set.ts"
import { keyBuckets, keyWords } from "../../sketch/part-keys.ts"

/** The keys of one part, grouped by the first byte of their hash. */
export interface KeysOfPart {
  readonly rows: number
  readonly buckets: readonly number[]
  /** Returns the bytes of the entries from `start` to before `end`. */
  read(start: number, end: number): Promise<Uint8Array>
}

const entryBytes = keyWords * 4
const hashes = 2 ** 32
/** The longest read, how many are under way at once, and how many entries these may hold together. */
const pieceEntries = 65_536
const mostReads = 32
const mostEntries = 8 * pieceEntries
/** What a set takes for a key: 12 bytes a slot, and up to 8 slots for 3 keys. */
const setBytes = 32

/**
 * Finds the rows of each part whose key an earlier part has, as one bit a row; undefined for a part without any. The parts come in the order of the
 * file. It takes about `maxBytes`, and a bit for each row: it compares one range of hashes after another, as many as that needs.
 */
export async function mergeKeys(parts: readonly KeysOfPart[], maxBytes: number): Promise<readonly (Uint8Array | undefined)[]> {
  const repeated: (Uint8Array | undefined)[] = parts.map(() => undefined)
  const total = parts.reduce((sum, { buckets }) => sum + countOf(buckets), 0)
  const ranges = Math.max(1, Math.ceil((total * setBytes) / Math.max(setBytes, maxBytes - mostEntries * entryBytes)))
  // Hashes are spread evenly, so that a range rarely holds a percent more than its share.
  const keys = new KeySet(Math.ceil((total / ranges) * 1.01))
  for (let range = 0; range < ranges; range++) {
    const [low, high] = [Math.floor((range * hashes) / ranges), Math.floor(((range + 1) * hashes) / ranges)]
    keys.clear()
    for await (const { part, entries } of readRange(parts, low, high)) {
      for (let at = 0; at < entries.length; at += keyWords) {
        const word = entries[at] ?? 0
        if (word >>> 0 < low || word >>> 0 >= high) continue
        if (keys.add(word, entries[at + 1] ?? 0, entries[at + 2] ?? 0)) continue
        const row = (entries[at + 3] ?? 0) >>> 0
        repeated[part] ??= new Uint8Array(Math.ceil((parts[part]?.rows ?? 0) / 8))
        const bits = repeated[part]
        bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7))
      }
    }
  }
  return repeated
}

interface Piece {
  readonly part: number
  readonly entries: Int32Array
}

/** The entries of all parts whose group has hashes of the range, part by part. Some reads are under way ahead of the caller. */
async function* readRange(parts: readonly KeysOfPart[], low: number, high: number): AsyncGenerator<Piece> {
  const places = piecesOf(parts, low, high)
  const ahead: { readonly count: number; readonly piece: Promise<Piece> }[] = []
  let waiting = 0
  for (;;) {
    while (ahead.length < mostReads && waiting + pieceEntries <= mostEntries) {
      const next = places.next()
      if (next.done === true) break
      const { part, from, to } = next.value
      const piece = readPiece(parts, part, from, to)
      // The caller sees a failure when it gets there; until then nobody waits for it.
      piece.catch(() => undefined)
      ahead.push({ count: to - from, piece })
      waiting += to - from
    }
    const first = ahead.shift()
    if (first === undefined) return
    waiting -= first.count
    yield await first.piece
  }
}

async function readPiece(parts: readonly KeysOfPart[], part: number, from: number, to: number): Promise<Piece> {
  const bytes = (await parts[part]?.read(from * entryBytes, to * entryBytes)) ?? new Uint8Array(0)
  return { part, entries: wordsOf(bytes) }
}

function* piecesOf(parts: readonly KeysOfPart[], low: number, high: number) {
  const [first, last] = [Math.floor((low * keyBuckets) / hashes), Math.floor(((high - 1) * keyBuckets) / hashes)]
  for (const [part, { buckets }] of parts.entries()) {
    const start = countOf(buckets.slice(0, first))
    const end = start + countOf(buckets.slice(first, last + 1))
    for (let from = start; from < end; from += pieceEntries) yield { part, from, to: Math.min(end, from + pieceEntries) }
  }
}

/** The bytes may begin anywhere in their buffer. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4)
}

function countOf(buckets: readonly number[]): number {
  return buckets.reduce((sum, count) => sum + count, 0)
}
