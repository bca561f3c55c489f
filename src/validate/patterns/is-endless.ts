import { runWithin } from "../../cells/run-within.ts"
import { type Atom, parsePattern } from "./parse-pattern.ts"

/** A repetition of so many may take years. */
const many = 10
/** So often a part of a text is repeated: two ways to match it each time take a million million steps. */
const repeats = 40
/** No linear or quadratic pattern needs a hundredth of it for such a short text. */
const timeoutMs = 1000
const mostTexts = 60
const mostCharacters = 24
/** Nothing that a pattern is likely to end with. */
const ending = "\n\u0000"
const usualCharacters = Array.from("a0A -._/@:,;+'\"#%&()[]{}é漢x9Zbc1=!?*~$\t\n\\<>|^`")

/**
 * Whether a regular expression takes practically for ever for some short texts, as `^(a+)+$` does. It is tried with texts that repeat what its nested repetitions
 * take, so it never suspects a pattern without need: only one that has run out of time is endless.
 */
export function isEndless(pattern: RegExp): boolean {
  const texts = hostileTexts(pattern)
  const search = () => {
    for (const text of texts) text.search(pattern)
  }
  return texts.length > 0 && !runWithin(timeoutMs, search)
}

/** Texts for the repetitions of a pattern that contain repetitions or alternatives; none for a pattern without them. */
function hostileTexts({ source, flags }: RegExp): readonly string[] {
  const sampler = new Sampler(flags)
  const texts = new Set<string>()
  const visit = (alternatives: readonly (readonly Atom[])[], start: string) => {
    for (const sequence of alternatives) {
      let before = start
      for (const atom of sequence) {
        if (texts.size >= mostTexts) return
        if (atom.body !== undefined) {
          if (atom.most >= many && isManifold(atom.body))
            for (const part of sampler.parts(atom.body)) texts.add(`${before}${part.repeat(repeats)}${ending}`)
          visit(atom.body, before)
        }
        before += sampler.sample(atom, false)
      }
    }
  }
  visit(parsePattern(source), "")
  return [...texts]
}

/** Whether there may be two ways to match the same text. */
function isManifold(body: readonly (readonly Atom[])[]): boolean {
  return (
    body.length > 1 ||
    body.some((sequence) => sequence.some(({ least, most, body }) => least !== most || (body !== undefined && isManifold(body))))
  )
}

/** Makes texts that a part of a pattern matches. */
class Sampler {
  readonly #flags: string
  readonly #characters = new Map<string, string>()

  constructor(flags: string) {
    this.#flags = flags.replace(/[gy]/g, "")
  }

  /** Texts of one repetition of a group: of each alternative, with and without what is optional, and of each part. */
  parts(body: readonly (readonly Atom[])[]): ReadonlySet<string> {
    const found = new Set<string>()
    for (const sequence of body) {
      for (const isFull of [false, true]) found.add(this.#sequence(sequence, isFull))
      for (const atom of sequence) {
        found.add(this.#one(atom, false))
        if (atom.body !== undefined) for (const part of this.parts(atom.body)) found.add(part)
      }
    }
    found.delete("")
    return new Set(Array.from(found, (text) => text.slice(0, mostCharacters)))
  }

  sample(atom: Atom, isFull: boolean): string {
    const times = Math.max(atom.least, isFull ? 1 : 0)
    return times === 0 ? "" : this.#one(atom, isFull).repeat(Math.min(times, mostCharacters))
  }

  #one({ source, body, isEmpty }: Atom, isFull: boolean): string {
    if (isEmpty) return ""
    return body === undefined ? this.#character(source) : this.#sequence(body[0] ?? [], isFull)
  }

  #sequence(sequence: readonly Atom[], isFull: boolean): string {
    return sequence.map((atom) => this.sample(atom, isFull)).join("")
  }

  /** A character that a class, an escape or a character matches. */
  #character(source: string): string {
    let known = this.#characters.get(source)
    if (known === undefined) {
      const expression = new RegExp(`^${source}$`, this.#flags)
      known = [...usualCharacters, ...source].find((each) => expression.test(each)) ?? ""
      this.#characters.set(source, known)
    }
    return known
  }
}
