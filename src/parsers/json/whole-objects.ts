import { headerKey } from "../../binding/match-headers.ts"

/**
 * Which columns hold objects whole: those that the pipeline takes as objects, and those that it takes as something else. Of the latter, an object cannot be
 * read, or is text; taken apart, it would get lost in columns that nobody asked for. If the pipeline expects a key of the object as a column, it is
 * taken apart.
 */
export class WholeObjects {
  readonly #nested: ReadonlySet<string>
  readonly #expected: readonly string[]
  /** The paths of objects with a key that the pipeline expects as a column by its path. */
  readonly #above: ReadonlySet<string>

  /** `nested`: columns that the pipeline takes as objects. `headers`: all that it expects. */
  constructor(nested: ReadonlySet<string>, headers: ReadonlySet<string>) {
    this.#nested = new Set([...nested].map(headerKey).filter((key) => key !== ""))
    this.#expected = [...new Set([...headers].map(headerKey))].filter((key) => key !== "").sort()
    this.#above = new Set([...headers].flatMap(pathsAbove))
  }

  /** Whether the column of this path is one of them. */
  has(path: string): boolean {
    if (this.#expected.length + this.#nested.size === 0 || this.#above.has(path)) return false
    const key = headerKey(path)
    if (this.#nested.has(key)) return true
    const at = this.#firstFrom(key)
    // `addressCity` may be the key `city` of `address`.
    return this.#expected[at] === key && this.#expected[at + 1]?.startsWith(key) !== true
  }

  /** The index of the first expected key that does not come before this one. */
  #firstFrom(key: string): number {
    let [low, high] = [0, this.#expected.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#expected[middle] ?? "") < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The paths of the objects around a column: `a` and `a.b` for `a.b.c`. */
function pathsAbove(column: string): string[] {
  const paths: string[] = []
  for (let dot = column.indexOf("."); dot >= 0; dot = column.indexOf(".", dot + 1)) paths.push(column.slice(0, dot))
  return paths
}
