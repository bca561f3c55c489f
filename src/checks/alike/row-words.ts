/** A row as near-duplicates are found by it: its words without case and accents, as hashes of 64 bits. */
export interface RowWords {
  /** The same for rows with the same words, in whatever order. */
  readonly words: Hash
  /** The same for rows whose cells have the same letters and digits, however they are cut into words. */
  readonly letters: Hash
  /** The same for rows that are equal to the letter. */
  readonly exact: number
  /** How many letters and digits there are. */
  readonly length: number
  /** Words of letters that are long enough for a typo, each with the hash of everything else in the row. */
  readonly long: readonly LongWord[]
}

export interface LongWord {
  readonly word: string
  readonly rest: Hash
}

/** Two words of 32 bits. */
export type Hash = readonly [a: number, b: number]

/** Words of fewer letters are near each other by chance, and a typo in their middle may touch both of their ends. */
const leastLong = 5
/** A row with more words, or with a longer cell, is prose, in which one typo says nothing. */
const mostLong = 24
const longestCell = 500

/** The words of the cells of a row; null for an empty cell. Undefined if no cell has a letter or a digit. Rows are alike only if they have the same `base`. */
export function rowWords(cells: readonly (string | null)[], base: string): RowWords | undefined {
  const tokens: { readonly word: string; readonly hash: Hash }[] = []
  let [length, letters, isProse] = [0, "", false]
  for (const [column, cell] of cells.entries()) {
    letters += "\n"
    if (cell === null) continue
    if (cell.length > longestCell) isProse = true
    let numbers = 0
    for (const word of wordsOf(cell)) {
      // A number keeps its place: "20 x 30" is not "30 x 20", and a width is no height.
      const isNumber = /\p{N}/u.test(word)
      tokens.push({ word: isNumber ? "" : word, hash: hashOf(isNumber ? `${column} ${numbers++} ${word}` : word) })
      letters += word
      length += word.length
    }
  }
  if (length === 0) return undefined
  const [a, b] = tokens.reduce<Hash>(([a, b], { hash }) => [(a + hash[0]) | 0, (b + hash[1]) | 0], hashOf(base))
  const long = isProse ? [] : tokens.filter(({ word }) => word.length >= leastLong)
  return {
    words: mixed([a, b], "words"),
    letters: mixed(hashOf(letters), base),
    exact: hashOf(JSON.stringify(cells))[0],
    length,
    long: long.length > mostLong ? [] : long.map(({ word, hash }) => ({ word, rest: [(a - hash[0]) | 0, (b - hash[1]) | 0] })),
  }
}

/** A hash that is another one for each `name`. */
export function mixed([a, b]: Hash, name: string): Hash {
  const [c, d] = hashOf(name)
  return [finished(a ^ Math.imul(c, 0x9e3779b1)), finished(b ^ Math.imul(d, 0x85ebca77) ^ a)]
}

/** Letters that are written with another one, but not by adding an accent. */
const plainLetters = new Map(Object.entries({ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" }))

/** The words of a text without case and accents. A point or comma between digits is a part of their number. */
function wordsOf(text: string): readonly string[] {
  const plain = /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : foldedLetters(text)
  return (plain.match(/[\p{L}\p{M}\p{N}]+(?:(?<=\p{N})[.,]\p{N}+)*/gu) ?? []).map((word) => word.replaceAll(",", "."))
}

function foldedLetters(text: string): string {
  const lower = text.normalize("NFKD").toUpperCase().toLowerCase()
  // Marks of other scripts, such as vowels, are no accents.
  return lower.replace(/[\u0300-\u036f]+/g, "").replace(/[ßæœøłđðþı]/g, (letter) => plainLetters.get(letter) ?? letter)
}

function hashOf(text: string): Hash {
  let [a, b] = [0x9e3779b9 | 0, 0x85ebca6b | 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 0xcc9e2d51) ^ (a >>> 13)
    b = Math.imul(b + code, 0x1b873593) ^ (b >>> 16)
  }
  return [finished(a ^ text.length), finished(b ^ a)]
}

/** The last step of MurmurHash3. */
function finished(word: number): number {
  let mixed = word ^ (word >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
