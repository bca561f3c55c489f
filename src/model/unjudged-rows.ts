const none: ReadonlySet<number> = new Set()

/** The rows of a batch that a rule could not judge, because a cell that it reads has failed. By the name of the rule. */
export class UnjudgedRows {
  readonly #byRule = new Map<string, Set<number>>()

  /** Whether every rule could judge every row. */
  get isEmpty(): boolean {
    return this.#byRule.size === 0
  }

  add(rule: string, row: number): void {
    const rows = this.#byRule.get(rule)
    if (rows === undefined) this.#byRule.set(rule, new Set([row]))
    else rows.add(row)
  }

  /** The rows that a rule could not judge. */
  by(rule: string): ReadonlySet<number> {
    return this.#byRule.get(rule) ?? none
  }

  /** The rules that could not judge a row. */
  of(row: number): readonly string[] {
    return [...this.#byRule].flatMap(([rule, rows]) => (rows.has(row) ? [rule] : []))
  }

  /** Each rule that could not judge some row, with these rows. */
  [Symbol.iterator](): Iterator<readonly [rule: string, rows: ReadonlySet<number>]> {
    return this.#byRule[Symbol.iterator]()
  }

  copy(): UnjudgedRows {
    const copy = new UnjudgedRows()
    for (const [rule, rows] of this.#byRule) copy.#byRule.set(rule, new Set(rows))
    return copy
  }
}
