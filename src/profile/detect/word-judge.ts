import { isOneSlip } from "../../cells/one-slip.ts"
import type { ColumnType } from "./column-type.ts"
import type { ColumnValues, JudgedValue } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { Suspicion } from "./suspicion.ts"

/**
 * Judges texts by their words: a value may occur once, as the name of an airport does, and consist of words that others have too. A word of its own that is one slip from a
 * frequent one is probably a typo.
 */
export function wordJudge(column: ColumnValues, type: ColumnType): (value: JudgedValue) => Suspicion | undefined {
  if (type.kind !== "text" || column.filled < limits.fewCells) return () => undefined
  const counts = new Map<string, number>()
  for (const value of column.values) for (const word of new Set(wordsOf(value))) counts.set(word, (counts.get(word) ?? 0) + 1)
  const least = Math.max(limits.leastWordCount, limits.leastWordShare * column.distinct)
  const frequent = [...counts]
    .filter(([word, count]) => count >= least && word.length >= limits.leastWordLength)
    .sort(([one, times], [other, others]) => others - times || (one < other ? -1 : 1))
  const byEnd = new Map<string, string[]>()
  for (const [word] of frequent.slice(0, limits.mostFrequentWords))
    for (const end of endsOf(word)) {
      const words = byEnd.get(end) ?? []
      byEnd.set(end, words)
      words.push(word)
    }
  const nearest = (word: string) => {
    for (const end of endsOf(word)) {
      const near = byEnd.get(end)?.find((each) => isTypoOf(word, each))
      if (near !== undefined) return near
    }
    return undefined
  }
  // Where right words are near each other, as first names are, so are wrong ones.
  const dense = frequent.filter(([word]) => nearest(word) !== undefined).length
  if (byEnd.size === 0 || dense > limits.mostNearWords * frequent.length) return () => undefined
  return ({ text, count }) => {
    if (count > 1) return undefined
    for (const word of wordsOf(text)) {
      if ((counts.get(word) ?? 0) > 1) continue
      const near = nearest(word)
      if (near === undefined) continue
      const message = `The word ${JSON.stringify(word)} is nearly ${JSON.stringify(near)}, which ${counts.get(near)?.toLocaleString("en-US")} values have.`
      return { reason: "typo", weight: limits.wordTypo, message }
    }
    return undefined
  }
}

/** The words of letters of a text that are long enough for a typo, in small letters. Of a long text, only its beginning is read. */
function wordsOf(text: string): readonly string[] {
  return (
    text
      .slice(0, limits.longestText)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  ).filter((word) => word.length >= limits.leastWordLength - 1)
}

/** A slip leaves one of its ends as it is. */
function endsOf(word: string): readonly string[] {
  return [`${word.slice(0, 2)}-`, `-${word.slice(-2)}`]
}

/** Words that differ in their last letter are forms of one word. */
function isTypoOf(word: string, other: string): boolean {
  return word.at(-1) === other.at(-1) && word.slice(0, -1) !== other && other.slice(0, -1) !== word && isOneSlip(word, other)
}
