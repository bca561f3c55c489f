import { isOneSlip } from "../../cells/one-slip.ts"
import { type Hash, mixed, type RowWords } from "./row-words.ts"

/**
 * What the rows so far are found by: a table of keys, with as many entries as a key has different rows, but at most `mostOfKey`. All of it follows from the set of the rows,
 * not from their order, so that the memories of two parts of a file can be merged. It consists of plain values.
 */
export interface AlikeRows {
  /** Keys are kept whose hash begins with this many zero bits. */
  zeros: number
  size: number
  /** Whether a row was left out, for one of the two limits. */
  isPartial: boolean
  /** Two words for each slot. The slots of a key follow each other, with others between them. */
  hashes: Int32Array
  /** The row of each slot in the file; 0 marks an empty slot. */
  rows: Float64Array
  /** What tells rows of the same key apart: the word that the key leaves out, or a hash of the whole row. */
  marks: (string | number)[]
}

/** An earlier row that is alike. */
export interface AlikeRow {
  readonly row: number
  /** The word of each row that differs; undefined if all words are the same. */
  readonly differs: readonly [earlier: string, here: string] | undefined
  /** The share of the letters that are the same. */
  readonly similarity: number
}

/** The most different rows, or words, that one key remembers. It bounds the work for a row, whatever the others are. */
const mostOfKey = 16

export function noRows(): AlikeRows {
  return { zeros: 0, size: 0, isPartial: false, hashes: new Int32Array(128), rows: new Float64Array(64), marks: Array(64).fill("") }
}

/** Remembers a row, and returns the earlier one that is most alike: the first of them. Undefined if there is none, or if an earlier row is the same to the letter. */
export function addRow(known: AlikeRows, row: number, words: RowWords, least: number, most: number): AlikeRow | undefined {
  const whole = [words.words, words.letters]
  const seen = whole.flatMap((key) => found(known, key))
  const isRepeat = seen.some(({ mark }) => mark === words.exact)
  let best: AlikeRow | undefined
  for (const { row } of seen) if (best === undefined || row < best.row) best = { row, differs: undefined, similarity: 1 }
  for (const key of whole) insert(known, key, row, words.exact)
  for (const { word, rest } of words.long) {
    for (const key of endsOf(word, rest)) {
      if (best === undefined && !isRepeat) {
        for (const { row, mark } of found(known, key)) {
          const other = String(mark)
          const length = words.length + Math.max(0, other.length - word.length)
          const similarity = 1 - 1 / length
          if (similarity < least || !isOneSlip(other, word)) continue
          if (best === undefined || row < best.row) best = { row, differs: [other, word], similarity }
        }
      }
    }
  }
  for (const { word, rest } of words.long) for (const key of endsOf(word, rest)) insert(known, key, row, word)
  keepFewer(known, most)
  return isRepeat ? undefined : best
}

/** Adds what another memory has. */
export function joinRows(known: AlikeRows, other: AlikeRows, most: number): AlikeRows {
  known.isPartial ||= other.isPartial
  if (other.zeros > known.zeros) {
    known.zeros = other.zeros
    rebuild(known, known.rows.length)
  }
  other.rows.forEach((row, slot) => {
    if (row > 0) insert(known, hashAt(other, slot), row, other.marks[slot] ?? "")
  })
  keepFewer(known, most)
  return known
}

/** A typo leaves the first two letters of a word as they are, or the last two. */
function endsOf(word: string, rest: Hash): readonly Hash[] {
  return [mixed(rest, `${word.slice(0, 2)}-`), mixed(rest, `-${word.slice(-2)}`)]
}

function found(known: AlikeRows, hash: Hash): readonly { readonly row: number; readonly mark: string | number }[] {
  return slotsOf(known, hash).map((slot) => ({ row: known.rows[slot] ?? 0, mark: known.marks[slot] ?? "" }))
}

function slotsOf({ hashes, rows }: AlikeRows, [a, b]: Hash): number[] {
  const slots: number[] = []
  const last = rows.length - 1
  for (let slot = b & last; rows[slot] !== 0; slot = (slot + 1) & last)
    if (hashes[2 * slot] === a && hashes[2 * slot + 1] === b) slots.push(slot)
  return slots
}

function insert(known: AlikeRows, hash: Hash, row: number, mark: string | number): void {
  if (known.zeros > 0 && hash[0] >>> (32 - known.zeros) !== 0) return
  const slots = slotsOf(known, hash)
  const same = slots.find((slot) => known.marks[slot] === mark)
  if (same !== undefined) {
    known.rows[same] = Math.min(known.rows[same] ?? row, row)
  } else if (slots.length < mostOfKey) {
    if (2 * (known.size + 1) > known.rows.length) rebuild(known, 2 * known.rows.length)
    place(known, hash, row, mark)
  } else {
    // The first rows of the file stay, in whatever order the parts of it come.
    known.isPartial = true
    const later = slots.reduce((one, other) => ((known.rows[other] ?? 0) > (known.rows[one] ?? 0) ? other : one))
    if ((known.rows[later] ?? 0) <= row) return
    known.rows[later] = row
    known.marks[later] = mark
  }
}

function place(known: AlikeRows, [a, b]: Hash, row: number, mark: string | number): void {
  const last = known.rows.length - 1
  let slot = b & last
  while (known.rows[slot] !== 0) slot = (slot + 1) & last
  known.hashes[2 * slot] = a
  known.hashes[2 * slot + 1] = b
  known.rows[slot] = row
  known.marks[slot] = mark
  known.size++
}

/** Keeps half of the keys, again and again, until there are few enough. */
function keepFewer(known: AlikeRows, most: number): void {
  while (known.size > most && known.zeros < 32) {
    known.zeros++
    known.isPartial = true
    rebuild(known, known.rows.length)
  }
}

function rebuild(known: AlikeRows, length: number): void {
  const { hashes, rows, marks, zeros } = known
  known.size = 0
  known.hashes = new Int32Array(2 * length)
  known.rows = new Float64Array(length)
  known.marks = Array(length).fill("")
  rows.forEach((row, slot) => {
    const hash: Hash = [hashes[2 * slot] ?? 0, hashes[2 * slot + 1] ?? 0]
    if (row > 0 && (zeros === 0 || hash[0] >>> (32 - zeros) === 0)) place(known, hash, row, marks[slot] ?? "")
  })
}

function hashAt({ hashes }: AlikeRows, slot: number): Hash {
  return [hashes[2 * slot] ?? 0, hashes[2 * slot + 1] ?? 0]
}
