import { chanceOfCase, chanceOfSign, chanceOfSymbol } from "./chance-of.ts"
import { isCapital, isLetter, isMark, isSmall } from "./character-class.ts"
import type { EncodingScore } from "./judge-latin.ts"
import { ideographs } from "./script-characters.ts"
import { alphabets, type ScriptLetters } from "./script-letters.ts"

/** Encodings of other scripts than Latin, their languages, and how common each is among files, as the logarithm of a probability. */
const encodings: readonly (readonly [encoding: string, languages: readonly ScriptLetters[], prior: number])[] = [
  ["windows-1251", alphabets.cyrillic, -1],
  ["koi8-r", alphabets.cyrillic, -2],
  ["koi8-u", alphabets.cyrillic, -2.5],
  ["ibm866", alphabets.cyrillic, -2],
  ["iso-8859-5", alphabets.cyrillic, -3],
  ["x-mac-cyrillic", alphabets.cyrillic, -3],
  ["windows-1253", alphabets.greek, -1.5],
  ["iso-8859-7", alphabets.greek, -3],
  ["windows-1255", alphabets.hebrew, -1.5],
  ["iso-8859-8", alphabets.hebrew, -3],
  ["windows-1256", alphabets.arabic, -1.5],
  ["iso-8859-6", alphabets.arabic, -3],
  ["windows-874", alphabets.thai, -1.5],
  ["shift_jis", ideographs.japanese, -1],
  ["euc-jp", ideographs.japanese, -2],
  ["euc-kr", ideographs.korean, -1],
  ["gb18030", ideographs.simplified, -1],
  ["big5", ideographs.traditional, -1],
]

/** More bytes of words than this add nothing. */
const mostBytes = 2400
/** In these languages, few words have Latin letters too. */
const latinLetter = 0.02
/** Alphabets without case have few words of one letter. */
const singleLetter = 0.05
/** How likely one byte of ASCII is in a word of Latin script. Where it is part of a character of two bytes, only the other encodings lack its cost. */
const asciiSmall = 1 / 25
const asciiCapital = 1 / 60
const asciiSign = 1 / 300
/** A mark that stands on no letter. */
const looseMark = 1e-3

/**
 * Judges a text in each encoding of the other scripts, as `judgeLatin` does for Latin script: by how often its languages use each character, by the
 * case of letters, and by where punctuation and marks stand. The likelihoods of both can be compared, since all are those of the same bytes.
 */
export function judgeScripts(bytes: Uint8Array): readonly EncodingScore[] {
  const words = wordsOf(bytes)
  const count = words.reduce((sum, word) => sum + word.replace(/[\u0000-\u007f]/g, "").length, 0)
  const scores = new Map<string, EncodingScore>()
  const joined = words.join("\n")
  const cost = costOfAscii(joined)
  for (const [encoding, languages, prior] of encodings) {
    // No trail byte is a line feed, so that words stay apart.
    const decoded = new TextDecoder(encoding).decode(Buffer.from(joined, "latin1"))
    // The more common encoding comes first.
    if (scores.has(decoded)) continue
    const likelihood = costOfAscii(decoded) - cost + Math.max(...languages.map((language) => likelihoodOf(decoded.split("\n"), language)))
    scores.set(decoded, { encoding, likelihood: prior + likelihood, mean: likelihood / Math.max(1, count), judged: count })
  }
  return [...scores.values()]
}

/** The different words with bytes beyond ASCII. They end where no character of two bytes can have its second one. */
function wordsOf(bytes: Uint8Array): readonly string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")
  const found = new Set<string>()
  let bytesOfWords = 0
  for (const { 0: word } of view.matchAll(/[^\t\n\r "',;]+/g)) {
    if (!/[\u0080-\u00ff]/.test(word) || found.has(word)) continue
    // A line without spaces is one word.
    found.add(word.slice(0, mostBytes))
    bytesOfWords += word.length
    if (bytesOfWords >= mostBytes) break
  }
  const words = [...found]
  // The sample may end inside a character.
  return words.length > 3 && !/[\t\n\r "',;]$/.test(view) ? words.slice(0, -1) : words
}

/** The likelihood of the ASCII in words. Bytes of ASCII that are the second half of a character have none of their own. */
function costOfAscii(words: string): number {
  let [small, capitals, others] = [0, 0, 0]
  for (let at = 0; at < words.length; at++) {
    const code = words.charCodeAt(at)
    if (code >= 97 && code < 123) small++
    else if (code >= 65 && code < 91) capitals++
    else if (code > 32 && code < 128) others++
  }
  return small * Math.log(asciiSmall) + capitals * Math.log(asciiCapital) + others * Math.log(asciiSign)
}

function likelihoodOf(words: readonly string[], language: ScriptLetters): number {
  let likelihood = 0
  for (const word of words) {
    const characters = [...word]
    let offset = 0
    for (const [at, character] of characters.entries()) {
      const start = offset
      offset += character.length
      const before = characters[at - 1] ?? ""
      if (character < "\u0080") {
        if (/[a-z]/i.test(character)) likelihood += Math.log(latinLetter)
        continue
      }
      const after = characters[at + 1] ?? ""
      const sign = chanceOfSign(word, start)
      if (sign !== undefined) likelihood += Math.log(sign)
      else if (isMark(character)) likelihood += Math.log(isLetter(before) || isMark(before) ? language.chanceOf(character) : looseMark)
      else if (!isLetter(character))
        likelihood += Math.log(Math.max(chanceOfSymbol(character, before, after), language.chanceOf(character) / 2))
      else {
        const isSingle = !isLetter(before) && !isLetter(after) && isAlphabetic(character)
        const place = hasCase(character) ? chanceOfCase(character, before, after, characters[at - 2] ?? "") : isSingle ? singleLetter : 1
        likelihood += Math.log(language.chanceOf(character) * place)
      }
    }
  }
  return likelihood
}

/** Han, kana and Hangul have words of one character; half-width kana has few. */
function isAlphabetic(character: string): boolean {
  return (
    (character >= "\uff66" && character <= "\uff9f") ||
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(character)
  )
}

function hasCase(character: string): boolean {
  return isCapital(character) || isSmall(character)
}
