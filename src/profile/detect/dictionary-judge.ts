import { distanceOf } from "../../cells/edit-distance.ts"
import { foldedText } from "../../cells/folded-text.ts"
import type { ColumnType } from "./column-type.ts"
import type { ColumnValues, JudgedValue } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import { ramp, type Suspicion } from "./suspicion.ts"

interface Known {
  readonly value: string
  readonly lower: string
  readonly count: number
  readonly letters: number
}

/** Judges a value against the other values of its column: variants of spelling, typos, and values outside of a small domain. */
export function dictionaryJudge(column: ColumnValues, type: ColumnType): (value: JudgedValue) => Suspicion | undefined {
  if (type.kind !== "text" || column.filled < limits.fewCells) return () => undefined
  const known = column.values.map((value, code): Known => {
    const lower = value.trim().toLowerCase()
    return { value, lower, count: column.counts[code] ?? 0, letters: lettersIn(lower) }
  })
  const frequent = known.filter(({ count }, code) => code > 0 && count >= limits.typoRatio).sort((one, other) => other.count - one.count)
  // In a column of names or titles that occur once each, nothing is right or wrong by its spelling.
  if (frequent.length === 0) return () => undefined
  const folded = new Map<string, Known>()
  known.forEach((each, code) => {
    if (code === 0) return
    const key = variantKey(each.value)
    const before = folded.get(key)
    if (before === undefined || each.count > before.count || (each.count === before.count && each.value < before.value))
      folded.set(key, each)
  })
  const mostTypos = Math.min(limits.mostTypos, Math.max(2, Math.floor(limits.mostTypoShare * column.filled)))
  const byLength: Known[][] = []
  for (const each of frequent.slice(0, limits.mostFrequent)) {
    byLength[each.lower.length] ??= []
    byLength[each.lower.length]?.push(each)
  }
  const nearest = (value: string, count: number) => (count > mostTypos ? undefined : nearestOf(value, count, byLength))
  const tail = tailOf(known, mostTypos, nearest) * (1 - densityOf(frequent, byLength) / 2)
  // Of a value that the sample lacks: the share of values that occur once is the probability that the next one is new (Good and Turing).
  const once = known.filter(({ count }, code) => code > 0 && count === 1).length / column.filled
  const novelty = 1 - ramp(once, limits.fewOnce, limits.manyOnce) / 2
  const domain = Math.max(5, column.filled / 200)
  const isClosed = domainShare(known, column.filled, domain) >= limits.closedDomain
  return ({ text: value, count }) => {
    const variant = folded.get(variantKey(value))
    if (variant !== undefined && variant.value !== value && variant.count >= limits.variantRatio * Math.max(1, count))
      return {
        reason: "variant",
        weight: limits.variant,
        message: `It is another spelling of ${JSON.stringify(variant.value)}.`,
        expected: variant.value,
      }
    const near = nearest(value, count)
    if (near !== undefined) {
      const clear = ramp(near.count / Math.max(1, count), limits.typoRatio, limits.clearTypoRatio)
      const weight = (limits.weakTypo + (limits.clearTypo - limits.weakTypo) * clear) * (count === 0 ? novelty : tail)
      const message = `It is nearly ${JSON.stringify(near.value)}, which occurs ${near.count.toLocaleString("en-US")} times.`
      return { reason: "typo", weight, message, expected: near.value }
    }
    if (!isClosed || count > 2) return undefined
    const slip = nearDomain(value, known, domain)
    if (slip === undefined)
      return {
        reason: "rare",
        weight: count === 0 && once <= limits.leastOnce ? limits.newInDomain : limits.outsideDomain,
        message: "Nearly all cells have one of a few other values.",
      }
    const message = `It is nearly ${JSON.stringify(slip)}, one of the few values of nearly all cells.`
    return { reason: "typo", weight: limits.shortTypo, message, expected: slip }
  }
}

/** The share of the cells whose value occurs at least this often. */
function domainShare(known: readonly Known[], filled: number, least: number): number {
  const frequent = known.slice(1).filter(({ count }) => count >= least)
  return frequent.reduce((sum, { count }) => sum + count, 0) / Math.max(1, filled)
}

/** The only value of a small domain that one edit makes of a short text. */
function nearDomain(value: string, known: readonly Known[], least: number): string | undefined {
  const lower = value.trim().toLowerCase()
  if (lower.length < 2 || lower.length >= limits.leastTypoLength) return undefined
  const near = known.filter((each, code) => code > 0 && each.count >= least && distanceOf(lower, each.lower) === 1)
  return near.length === 1 && near[0] !== undefined && isSlip(lower, near[0].lower) ? near[0].value : undefined
}

/** What a typo weighs in this column: less if most rare values are near no frequent one, so that the rest may be by chance. */
function tailOf(known: readonly Known[], mostTypos: number, nearest: (value: string, count: number) => Known | undefined): number {
  let [near, rare] = [0, 0]
  known.forEach(({ value, count, lower }, code) => {
    if (code === 0 || count > mostTypos || lower.length < limits.leastTypoLength) return
    rare++
    if (nearest(value, count) !== undefined) near++
  })
  return rare === 0 ? 1 : 0.5 + 0.5 * ramp(near / rare, limits.fewNear, limits.manyNear)
}

/** The share of the most frequent values that are near another frequent one: names such as Maria and Marie are near each other by nature. */
function densityOf(frequent: readonly Known[], byLength: readonly (readonly Known[] | undefined)[]): number {
  const probed = frequent.slice(0, limits.probedDensity)
  const near = probed.filter(({ value }) => nearestOf(value, 1, byLength) !== undefined).length
  return near / Math.max(1, probed.length)
}

function nearestOf(value: string, count: number, byLength: readonly (readonly Known[] | undefined)[]): Known | undefined {
  const lower = value.trim().toLowerCase()
  const { length } = lower
  if (length < limits.leastTypoLength) return undefined
  const most = editsOf(length)
  const letters = lettersIn(lower)
  let best: Known | undefined
  let least = most + 1
  for (let other = length - most; other <= length + most; other++) {
    for (const each of byLength[other] ?? []) {
      if (each.count < limits.typoRatio * count || each.lower === lower) continue
      if (bitsOf(letters ^ each.letters) > 2 * most) continue
      const distance = distanceWithin(lower, each.lower, least - 1)
      if (distance >= least || distance > editsOf(wordLength(lower, each.lower)) || !isSlip(lower, each.lower)) continue
      least = distance
      best = each
    }
  }
  return best
}

/** How many edits may be one slip in a text of this length. */
function editsOf(length: number): number {
  return length >= limits.threeEdits ? 3 : length >= limits.twoEdits ? 2 : 1
}

/** The length of the words that differ: words that both texts share make them no likelier the same. */
function wordLength(one: string, other: string): number {
  let [start, first] = differing(one, other)
  while (start > 0 && !isApart(one.charAt(start - 1))) start--
  while (first < one.length && !isApart(one.charAt(first))) first++
  return first - start
}

/** The edit distance, or more than `most` if it is greater. What the texts share at both ends is left out first. */
function distanceWithin(one: string, other: string, most: number): number {
  const [start, first, second] = differing(one, other)
  if (Math.abs(first - second) > most || Math.max(first, second) - start > 2 * most + 8) return most + 1
  return distanceOf(one.slice(start, first), other.slice(start, second))
}

/** Where two texts begin to differ, and where the difference ends in each. */
function differing(one: string, other: string): readonly [start: number, first: number, second: number] {
  let start = 0
  while (start < one.length && start < other.length && one.charCodeAt(start) === other.charCodeAt(start)) start++
  let [first, second] = [one.length, other.length]
  while (first > start && second > start && one.charCodeAt(first - 1) === other.charCodeAt(second - 1)) {
    first--
    second--
  }
  return [start, first, second]
}

/**
 * Whether the difference may be a slip of the pen. Digits that differ make another code (`Type 1`, `Type 2`), and so does a word of one letter (`Class A`,
 * `Class B`); a letter in a number, or a digit in a word, may be one.
 */
function isSlip(one: string, other: string): boolean {
  const [start, first, second] = differing(one, other)
  const [here, there] = [one.slice(start, first), other.slice(start, second)]
  if (!hasLetters(here) && !hasLetters(there)) return false
  const isWord = (text: string, from: number, to: number) => isApart(text.charAt(from - 1)) && isApart(text.charAt(to)) && to - from <= 2
  if (isWord(one, start, first) && isWord(other, start, second)) return false
  return hasLetters(other)
}

function isApart(sign: string): boolean {
  return sign === "" || !/[\p{L}\p{N}]/u.test(sign)
}

function hasLetters(text: string): boolean {
  return /\p{L}/u.test(text)
}

/** Which letters a text has, as bits. */
function lettersIn(text: string): number {
  let bits = 0
  for (let at = 0; at < text.length; at++) bits |= 1 << (text.charCodeAt(at) & 31)
  return bits
}

function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** A text without case, accents, white space and punctuation. Signs between digits have a meaning, and a text of nothing else stays as it is. */
function variantKey(value: string): string {
  const key = foldedText(value, { accents: false })
  const bare = /\d/.test(key) ? key : key.replace(/[.,;:'"’`_\-/()]/g, "")
  return bare === "" ? value : bare
}
