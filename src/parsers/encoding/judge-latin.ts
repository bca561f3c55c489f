import { chanceOfCase, chanceOfSign, chanceOfSymbol } from "./chance-of.ts"
import { isLetter } from "./character-class.ts"
import { letterFrequencies } from "./letter-frequencies.ts"
import { singleByteTable } from "./single-byte-table.ts"

/** How likely a text is in an encoding, as the logarithm of a probability. Only differences between encodings mean something. */
export interface EncodingScore {
  readonly encoding: string
  readonly likelihood: number
  /** The likelihood of one character, as the mean. */
  readonly mean: number
  /** The bytes beyond ASCII that were judged. */
  readonly judged: number
}

/** Encodings of Latin script and how common each is among files, as the logarithm of a probability. */
const encodings: readonly (readonly [encoding: string, prior: number])[] = [
  ["windows-1252", 0],
  ["windows-1250", -1],
  ["iso-8859-2", -1.5],
  ["iso-8859-15", -2],
  ["windows-1254", -1],
  ["windows-1257", -1.5],
  ["macintosh", -1.5],
  ["ibm850", -2],
  ["ibm852", -2.5],
  ["ibm857", -3],
  ["ibm858", -3],
]

/** More words than this add nothing. */
const mostWords = 2000
const rareLetter = 2e-4
/** Few letters beyond ASCII stand beside another one. */
const besideAnother = 0.1

/**
 * Judges a text in each encoding of Latin script: by the letters that one language uses, by the case of letters, and by where punctuation stands.
 * Each different word counts once, so that a repeated value is no new evidence. The best encoding comes first; encodings in which the text is the
 * same count as one.
 */
export function judgeLatin(bytes: Uint8Array): readonly EncodingScore[] {
  const words = wordsOf(bytes)
  const scores = new Map<string, EncodingScore>()
  const count = words.reduce((sum, word) => sum + word.replace(/[^\u0080-\u00ff]/g, "").length, 0)
  for (const [encoding, prior] of encodings) {
    const table = singleByteTable(encoding) ?? ""
    const decoded = words.map((word) => word.replace(/[\u0080-\u00ff]/g, (byte) => table.charAt(byte.charCodeAt(0) - 128)))
    const key = decoded.join("\n")
    // The more common encoding comes first.
    if (scores.has(key)) continue
    const likelihood = likelihoodOf(decoded)
    scores.set(key, { encoding, likelihood: prior + likelihood, mean: likelihood / Math.max(1, count), judged: count })
  }
  return [...scores.values()].sort((a, b) => b.likelihood - a.likelihood)
}

/** The different words with bytes beyond ASCII, each with the character before and after it. */
function wordsOf(bytes: Uint8Array): readonly string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")
  const words = new Set<string>()
  for (const { 0: word, index } of view.matchAll(/[A-Za-z'\u0080-\u00ff]+/g)) {
    if (!/[\u0080-\u00ff]/.test(word)) continue
    words.add(around(view, index - 1) + word + around(view, index + word.length))
    if (words.size === mostWords) break
  }
  return [...words]
}

/** The character beside a word. One digit is like another. */
function around(text: string, at: number): string {
  return text.charAt(at).replace(/\d/, "0")
}

function likelihoodOf(words: readonly string[]): number {
  let likelihood = 0
  const letters = new Map<string, number>()
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const character = word.charAt(at)
      if (character < "\u0080") continue
      const before = word.charAt(at - 1)
      const after = word.charAt(at + 1)
      const sign = chanceOfSign(word, at)
      if (sign !== undefined) likelihood += Math.log(sign)
      else if (!isLetter(character)) likelihood += Math.log(chanceOfSymbol(character, before, after))
      else {
        if (before > "\u007f" && isLetter(before)) likelihood += Math.log(besideAnother)
        likelihood += Math.log(chanceOfCase(character, before, after, word.charAt(at - 2)))
        const small = character === "İ" ? "ı" : character.toLowerCase()
        letters.set(small, (letters.get(small) ?? 0) + 1)
      }
    }
  }
  return likelihood + Math.max(...letterFrequencies.map((frequencies) => likelihoodIn(frequencies, letters)))
}

function likelihoodIn(frequencies: ReadonlyMap<string, number>, letters: ReadonlyMap<string, number>): number {
  let likelihood = 0
  for (const [letter, count] of letters) likelihood += count * Math.log(frequencies.get(letter) ?? rareLetter)
  return likelihood
}
