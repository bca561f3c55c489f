import { judgeLatin } from "./judge-latin.ts"
import { type LegacyEncoding, legacyEncodings } from "./legacy-encodings.ts"

/** A guess among the encodings from before Unicode. No byte identifies them. */
export interface GuessedEncoding {
  readonly encoding: string
  /** From 0 to 1. */
  readonly confidence: number
  readonly evidence: string
  /** Other encodings that are not much less likely, the likeliest first. Empty if the confidence is at least `certain`. */
  readonly others: readonly string[]
}

/** From this confidence on, no alternatives are named. Of generated names and places in twenty languages, on which this bound was chosen, none was wrong. */
const certain = 0.9
const mostOthers = 2

/** Bytes that are looked at: of lines that hold something beyond ASCII, and beyond it. Each of those is judged in every encoding. */
const mostBytes = 64 * 1024
const mostHighBytes = 8 * 1024

/**
 * Reads the sample in each encoding and judges the non-ASCII characters. Letters that the encoding's languages use are evidence for it; symbols
 * inside words and capitals after small letters are evidence against it. Encodings of Latin script are told apart by the letters of single languages.
 */
export function guessEncoding(sample: Uint8Array): GuessedEncoding {
  const bytes = aroundHighBytes(sample)
  const scores = legacyEncodings.map((legacy) => ({ ...legacy, score: scoreOf(bytes, legacy) })).sort((a, b) => b.score - a.score)
  const [best, next] = scores
  if (best === undefined || best.score <= 0 || best.latin) return guessLatin(bytes)
  const lead = next === undefined ? 1 : Math.min(1, Math.max(0, best.score - Math.max(0, next.score)) * 4)
  const rivals = scores.slice(1).filter(({ score }) => score > 0)
  // A few bytes may be anything: the bullets of one encoding are a letter of another.
  const seen = differentRuns(bytes)
  return guessed(best.encoding, (0.5 + 0.5 * lead) * (seen / (seen + 1)), "the letters form words", rivals)
}

/** The number of different runs of non-ASCII bytes, up to a hundred. */
function differentRuns(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")
  const runs = new Set<string>()
  for (const [run] of view.matchAll(/[\u0080-\u00ff]+/g)) if (runs.add(run).size === 100) break
  return runs.size
}

/** Evidence of one word is no proof, so it counts less than its likelihood. */
const trust = 0.5
/** Less likely encodings are not mentioned. */
const leastShare = 0.02
/** The mean likelihood of a character below which a text fits no language, as a logarithm. */
const unfit = Math.log(0.003)

function guessLatin(bytes: Uint8Array): GuessedEncoding {
  const [best, ...others] = judgeLatin(bytes)
  if (best === undefined) return guessed("windows-1252", 0.3, "the letters are unknown", [])
  const rest = others.reduce((sum, { likelihood }) => sum + Math.exp(trust * (likelihood - best.likelihood)), 0)
  // If the letters fit no language, the right encoding may not be among these.
  const fit = best.mean < unfit ? 0.5 : 1
  const rivals = others.filter(({ likelihood }) => fit < 1 || Math.exp(trust * (likelihood - best.likelihood)) > leastShare)
  return guessed(best.encoding, fit / (1 + rest), "the letters are those of one language", rivals)
}

function guessed(encoding: string, confidence: number, because: string, rivals: readonly { readonly encoding: string }[]): GuessedEncoding {
  const rival = rivals[0] === undefined ? "" : `; next best: ${rivals[0].encoding}`
  const rounded = Math.round(confidence * 100) / 100
  return {
    encoding,
    confidence: rounded,
    evidence: `not UTF-8; in this encoding ${because}${rival}`,
    others: rounded < certain ? rivals.slice(0, mostOthers).map((one) => one.encoding) : [],
  }
}

/** The lines with non-ASCII bytes. The other lines are not evidence. */
function aroundHighBytes(sample: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let held = 0
  let high = 0
  let start = 0
  for (let at = 0, highBefore = 0; at <= sample.length; at++) {
    const byte = sample[at] ?? 10
    if (byte > 127) high++
    const isFull = held + at - start >= mostBytes || high >= mostHighBytes
    if (!isFull && byte !== 10 && byte !== 13) continue
    if (high > highBefore) {
      parts.push(sample.subarray(start, at + 1))
      held += Math.min(at + 1, sample.length) - start
    }
    if (isFull) break
    start = at + 1
    highBefore = high
  }
  return Buffer.concat(parts)
}

function scoreOf(bytes: Uint8Array, legacy: LegacyEncoding): number {
  const text = decode(bytes, legacy.encoding)
  if (text === undefined) return Number.NEGATIVE_INFINITY
  let sum = 0
  let count = 0
  for (const run of text.matchAll(/[^\u0000-\u007f]+/gu)) {
    const characters = [...run[0]]
    const before = text.charAt(run.index - 1)
    const after = text.charAt(run.index + run[0].length)
    // Non-ASCII letters of Latin scripts are mixed with ASCII letters; a word without any ASCII letter belongs to another script. In other
    // scripts, a letter never follows or precedes an ASCII letter.
    const foreign = legacy.latin && characters.length >= 3 && characters.every((character) => /\p{L}/u.test(character))
    characters.forEach((character, at) => {
      const beside = [characters[at - 1] ?? before, characters[at + 1] ?? after]
      const mixed = !legacy.latin && beside.some((one) => /[a-z]/i.test(one))
      const inWord = beside.every((one) => /\p{L}/u.test(one))
      sum += foreign ? 0 : mixed ? -0.5 : weigh(character, beside[0] ?? "", inWord, legacy)
    })
    count += characters.length
  }
  return count === 0 ? 0 : (sum / count) * legacy.prior
}

function weigh(character: string, before: string, inWord: boolean, legacy: LegacyEncoding): number {
  if (character === "\ufffd" || /[\p{Cc}\p{Co}\p{Cn}]/u.test(character)) return -2
  if (inWord && character === "’") return 0.8
  if (!/\p{L}|\p{M}/u.test(character)) return inWord ? -0.5 : /[‘’“”–—…€£©®°§«»·¿¡、。「」（），]/.test(character) ? 0.8 : 0.2
  if (/\p{Lu}/u.test(character) && /\p{Ll}/u.test(before)) return -0.5
  if (legacy.frequent.includes(character)) return 1
  return legacy.letters.test(character) ? legacy.usual : 0.1
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}
