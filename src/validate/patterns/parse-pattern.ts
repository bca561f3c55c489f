/** A part of a regular expression with the number of its repetitions. */
export interface Atom {
  /** The source without the repetition. */
  readonly source: string
  /** The alternatives of a group. */
  readonly body: readonly (readonly Atom[])[] | undefined
  /** Whether it takes no characters: an anchor or a look-around. */
  readonly isEmpty: boolean
  readonly least: number
  readonly most: number
}

/** What opens a group, with the characters that say of which kind it is. */
const opening = /\((?:\?(?:[:=!]|<[=!]|<[^>=!]{1,100}>))?/y
const repetition = /[*+?]|\{\d{1,6}(?:,\d{0,6})?\}/y
const escapeSequence = /\\(?:u\{[\da-fA-F]{1,6}\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pPk](?:\{[^}]{1,100}\}|<[^>]{1,100}>)|c[A-Za-z]|[\s\S])/y

/** The alternatives of a pattern. Its source is valid, because it was compiled. */
export function parsePattern(source: string): readonly (readonly Atom[])[] {
  return new PatternParser(source).alternatives()
}

class PatternParser {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  alternatives(): readonly (readonly Atom[])[] {
    const found: Atom[][] = [[]]
    while (this.#at < this.#source.length) {
      const sign = this.#source[this.#at]
      if (sign === ")") break
      if (sign === "|") {
        this.#at++
        found.push([])
      } else found.at(-1)?.push(this.#atom())
    }
    return found
  }

  #atom(): Atom {
    const start = this.#at
    const opened = this.#take(opening)
    let body: Atom["body"]
    let isEmpty = false
    if (opened !== undefined) {
      body = this.alternatives()
      this.#at++
      isEmpty = /[=!]$/.test(opened)
    } else if (this.#source[start] === "[") this.#skipClass()
    else {
      const escaped = this.#take(escapeSequence)
      if (escaped === undefined) this.#at += (this.#source.codePointAt(start) ?? 0) > 0xffff ? 2 : 1
      isEmpty = escaped === "\\b" || escaped === "\\B" || this.#source[start] === "^" || this.#source[start] === "$"
    }
    const source = this.#source.slice(start, this.#at)
    const [least, most] = boundsOf(this.#take(repetition))
    // A lazy repetition takes the same texts.
    if (most !== least && this.#source[this.#at] === "?") this.#at++
    return { source, body, isEmpty, least, most }
  }

  #skipClass(): void {
    let depth = 0
    do {
      const sign = this.#source[this.#at]
      if (sign === "\\") this.#at++
      // With the flag v, classes may contain classes. Without it, a bracket within one is a character, and the first "]" ends it.
      else if (sign === "[" && depth === 0) depth = 1
      else if (sign === "]") depth = 0
      this.#at++
    } while (depth > 0 && this.#at < this.#source.length)
  }

  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at
    const taken = expression.exec(this.#source)?.[0]
    this.#at += taken?.length ?? 0
    return taken
  }
}

function boundsOf(repeated: string | undefined): readonly [least: number, most: number] {
  if (repeated === undefined) return [1, 1]
  if (repeated === "*") return [0, Number.POSITIVE_INFINITY]
  if (repeated === "+") return [1, Number.POSITIVE_INFINITY]
  if (repeated === "?") return [0, 1]
  const [least = "0", most] = repeated.slice(1, -1).split(",")
  return [Number(least), most === undefined ? Number(least) : most === "" ? Number.POSITIVE_INFINITY : Number(most)]
}
