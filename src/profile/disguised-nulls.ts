import { dayMs } from "../cells/civil-date.ts"

/** Words that people and programs write where there is no value, in small letters. */
const words = [
  ...["-", "--", "---", ".", "..", "...", "?", "??", "???", "*", "/", "\\n"],
  ...["n/a", "n.a.", "n.a", "na", "#n/a", "#na", "<na>", "nan", "null", "(null)", "<null>", "nil", "none", "(none)", "undefined"],
  ...["unknown", "missing", "not available", "not applicable", "tbd", "tba", "blank", "(blank)", "empty", "k.a.", "s/n"],
]
/** Numbers that stand for no value. They are ordinary numbers too, so they count only at the end of a column's range. */
const numbers = [-1, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999, -99, -999, -9999, -99999, -999999]

/** All of them, as text. */
export const disguisedNulls: readonly string[] = [...words, ...numbers.map(String)]
/** How many of `disguisedNulls` are words; numbers follow. */
export const disguisedWords: number = words.length

const byLength: { readonly bytes: Buffer; readonly at: number }[][] = []
disguisedNulls.forEach((text, at) => {
  const bytes = Buffer.from(text)
  byLength[bytes.length] = [...(byLength[bytes.length] ?? []), { bytes, at }]
})
const byNumber = new Map<number, number>(numbers.map((number, at) => [number, words.length + at]))

/** The position of a text in `disguisedNulls`, whatever the case of its letters; -1 if it is not there. */
export function disguisedTextAt(bytes: Uint8Array, start: number, end: number): number {
  const candidates = byLength[end - start]
  if (candidates === undefined) return -1
  next: for (const candidate of candidates) {
    for (let at = 0; at < end - start; at++) {
      const byte = bytes[start + at] as number
      if ((byte >= 65 && byte <= 90 ? byte | 32 : byte) !== candidate.bytes[at]) continue next
    }
    return candidate.at
  }
  return -1
}

/** The position of a number in `disguisedNulls`; -1 if it is not there. */
export function disguisedNumberAt(value: number): number {
  return byNumber.get(value) ?? -1
}

/** Dates that stand for no value, because a program counts its days from them or has no later one. */
export const disguisedDays: readonly { readonly value: string; readonly day: number }[] = [
  ...["0001-01-01", "1753-01-01", "1899-12-30", "1900-01-01", "1970-01-01", "2999-12-31", "9999-12-31"],
].map((value) => ({ value, day: Date.parse(value) / dayMs }))
