import { dosCodePages } from "./dos-code-pages.ts"
import { judgeLatin } from "./judge-latin.ts"
import { judgeScripts } from "./judge-script.ts"

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

/** Bytes that are looked at: of lines that hold something beyond ASCII, and beyond it. Each of those is judged in every encoding. */
const mostBytes = 64 * 1024
const mostHighBytes = 3 * 1024

/** Evidence of one word is no proof, so it counts less than its likelihood. */
const trust = 0.5
/** Less likely encodings are not mentioned. */
const leastShare = 0.02
/** The mean likelihood of a character below which a text fits no language, as a logarithm. */
const unfit = Math.log(0.003)

/** Few files are in a DOS code page, so this many characters of different words are needed to be certain of one. */
const leastOfDos = 3
const uncertain = 0.85

/**
 * Judges the sample in each encoding by the characters that its languages use, and by where they stand. `judgeLatin` and `judgeScripts` say how.
 */
export function guessEncoding(sample: Uint8Array): GuessedEncoding {
  const bytes = aroundHighBytes(sample)
  const [best, ...others] = [...judgeLatin(bytes), ...judgeScripts(bytes)].sort((a, b) => b.likelihood - a.likelihood)
  if (best === undefined) return guessed("windows-1252", 0.3, "the letters are unknown", [])
  const rest = others.reduce((sum, { likelihood }) => sum + Math.exp(trust * (likelihood - best.likelihood)), 0)
  // If the letters fit no language, the right encoding may not be among these.
  const fit = best.mean < unfit ? 0.5 : 1
  const isBarelyDos = dosCodePages.has(best.encoding) && best.judged < leastOfDos
  const isRival = (likelihood: number) => Math.exp(trust * (likelihood - best.likelihood)) > leastShare
  const rivals = others.filter(({ likelihood }, at) => fit < 1 || isRival(likelihood) || (isBarelyDos && at === 0))
  const confidence = Math.min(fit / (1 + rest), isBarelyDos ? uncertain : 1)
  return guessed(best.encoding, confidence, "the letters are those of one language", rivals)
}

function guessed(encoding: string, confidence: number, because: string, rivals: readonly { readonly encoding: string }[]): GuessedEncoding {
  const rival = rivals[0] === undefined ? "" : `; next best: ${rivals[0].encoding}`
  const rounded = Math.round(confidence * 100) / 100
  return {
    encoding,
    confidence: rounded,
    evidence: `not UTF-8; in this encoding ${because}${rival}`,
    others: rounded < certain ? rivals.map((one) => one.encoding) : [],
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
