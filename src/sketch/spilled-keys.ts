import type { KeySet } from "./key-set.ts"

/** Where keys go that do not fit in memory. */
export interface KeyFile {
  /** How many bytes it has. */
  readonly length: number
  append(bytes: Uint8Array): void
  /** Fills a piece of memory with the bytes that begin at a place. */
  read(into: Uint8Array, at: number): void
  close(): void
}

const keyWords = 3
/** Keys are grouped by the first bits of their hash; a group is what one read gets. */
const groupBits = 16
const groups = 1 << groupBits
/** A set is written in so many slices, so that sorting it takes little memory. */
const slices = 8
/** Bits of the filter for each key: of the keys that a run does not have, it lets one in a hundred pass. */
const filterBits = 11
const blockWords = 16

/** Keys in a file, in runs that are written once. Each run takes 1.4 bytes a key in memory, and 256 KiB. */
export class SpilledKeys {
  readonly #file: KeyFile
  readonly #runs: Run[] = []
  #size = 0

  constructor(file: KeyFile) {
    this.#file = file
  }

  get size(): number {
    return this.#size
  }

  /** Writes the keys of a set, none of which it has yet. */
  add(keys: KeySet): void {
    this.#runs.push(new Run(this.#file, keys))
    this.#size += keys.size
  }

  has(a: number, b: number, c: number): boolean {
    for (const run of this.#runs) if (run.mayHave(a, b, c) && run.has(a, b, c)) return true
    return false
  }

  close(): void {
    this.#file.close()
  }
}

class Run {
  readonly #file: KeyFile
  readonly #start: number
  /** The first key of each group, and the number of keys. */
  readonly #firsts = new Uint32Array(groups + 1)
  readonly #filter: Int32Array
  readonly #blocks: number
  #piece = new Int32Array(0)

  constructor(file: KeyFile, keys: KeySet) {
    this.#file = file
    this.#start = file.length
    this.#blocks = Math.max(1, Math.ceil((keys.size * filterBits) / (blockWords * 32)))
    this.#filter = new Int32Array(this.#blocks * blockWords)
    const counts = this.#firsts
    keys.forEach((a, b, c) => {
      const group = a >>> (32 - groupBits)
      counts[group + 1] = (counts[group + 1] ?? 0) + 1
      this.#note(a, b, c)
    })
    for (let group = 0; group < groups; group++) counts[group + 1] = (counts[group + 1] ?? 0) + (counts[group] ?? 0)
    for (let slice = 0; slice < slices; slice++) this.#write(keys, (slice * groups) / slices, ((slice + 1) * groups) / slices)
  }

  /** False if the run surely does not have the key. */
  mayHave(a: number, b: number, c: number): boolean {
    const block = this.#blockOf(b)
    let bits = Math.imul(a, 0x9e3779b1) ^ c
    for (let nth = 0; nth < 6; nth++) {
      if (((this.#filter[block + (bits & 15)] ?? 0) & (1 << ((bits >>> 4) & 31))) === 0) return false
      bits = Math.imul(bits, 0x85ebca6b) ^ (bits >>> 15)
    }
    return true
  }

  has(a: number, b: number, c: number): boolean {
    const group = a >>> (32 - groupBits)
    const [first, end] = [this.#firsts[group] ?? 0, this.#firsts[group + 1] ?? 0]
    const words = (end - first) * keyWords
    if (words === 0) return false
    if (words > this.#piece.length) this.#piece = new Int32Array(2 * words)
    const piece = this.#piece
    this.#file.read(new Uint8Array(piece.buffer, 0, words * 4), this.#start + first * keyWords * 4)
    for (let at = 0; at < words; at += keyWords) if (piece[at] === a && piece[at + 1] === b && piece[at + 2] === c) return true
    return false
  }

  #note(a: number, b: number, c: number): void {
    const block = this.#blockOf(b)
    let bits = Math.imul(a, 0x9e3779b1) ^ c
    for (let nth = 0; nth < 6; nth++) {
      const word = block + (bits & 15)
      this.#filter[word] = (this.#filter[word] ?? 0) | (1 << ((bits >>> 4) & 31))
      bits = Math.imul(bits, 0x85ebca6b) ^ (bits >>> 15)
    }
  }

  #blockOf(b: number): number {
    return Math.floor(((b >>> 0) / 2 ** 32) * this.#blocks) * blockWords
  }

  /** Writes the groups from `first` to before `end`. */
  #write(keys: KeySet, first: number, end: number): void {
    const base = this.#firsts[first] ?? 0
    const places = this.#firsts.slice(first, end)
    const words = new Int32Array(((this.#firsts[end] ?? 0) - base) * keyWords)
    keys.forEach((a, b, c) => {
      const group = a >>> (32 - groupBits)
      if (group < first || group >= end) return
      const place = places[group - first] ?? 0
      places[group - first] = place + 1
      const at = (place - base) * keyWords
      words[at] = a
      words[at + 1] = b
      words[at + 2] = c
    })
    this.#file.append(new Uint8Array(words.buffer))
  }
}
