import { foldedText } from "../cells/folded-text.ts"
import { nearestValue } from "../normalize/nearest-value.ts"

/** Longer texts have no near one. */
const longest = 64

interface Candidate {
  readonly key: string
  readonly value: string
  /** The letters that the key has, one bit each, several letters to a bit. */
  readonly letters: number
}

/**
 * Finds the value that a text probably means: the only one that is a letter or two away. It compares the text with the few values whose length and letters
 * are alike, so that each answer takes a bounded time.
 */
export class NearestText {
  readonly #byLength = new Map<number, Candidate[]>()

  constructor(values: Iterable<string>) {
    for (const value of values) {
      const key = folded(value)
      if (key.length > longest) continue
      const alike = this.#byLength.get(key.length)
      const candidate = { key, value, letters: lettersOf(key) }
      if (alike === undefined) this.#byLength.set(key.length, [candidate])
      else alike.push(candidate)
    }
  }

  of(text: string): string | undefined {
    if (text.length > 2 * longest) return undefined
    const key = folded(text)
    const letters = lettersOf(key)
    const near: (readonly [string, string])[] = []
    for (let length = key.length - 2; length <= key.length + 2; length++)
      for (const candidate of this.#byLength.get(length) ?? []) {
        // Two edits change at most two letters on each side.
        if (bitsOf(candidate.letters ^ letters) <= 4) near.push([candidate.key, candidate.value])
      }
    return nearestValue(key, near)
  }
}

function folded(text: string): string {
  return foldedText(text, { accents: true })
}

function lettersOf(key: string): number {
  let letters = 0
  for (let at = 0; at < key.length; at++) letters |= 1 << (key.charCodeAt(at) & 31)
  return letters
}

function bitsOf(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}
