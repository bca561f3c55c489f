import type { Issue } from "../../model/issue.ts"
import type { Origin } from "../../model/origin.ts"
import type { RuleExample } from "../../model/rule-example.ts"

const mostExamples = 3

/** Examples as JSON, by rule. */
export type RuleExamplesJson = { readonly [rule: string]: readonly RuleExample[] }

/** The first rows that break each rule, in the order of the file. Merging gives the same for any parts in any order. */
export class RuleExamples {
  readonly #byRule = new Map<string, readonly RuleExample[]>()
  /** The rules that had all their examples before the current batch: later rows come later in the file. */
  #full: ReadonlySet<string> = new Set()

  /** Call it before the issues of each batch, and before those of rows that a target has refused, which may come in any order. */
  begin(rows: "next" | "any"): void {
    const full = rows === "any" ? [] : [...this.#byRule].filter(([, { length }]) => length === mostExamples)
    if (full.length !== this.#full.size) this.#full = new Set(full.map(([rule]) => rule))
  }

  /** Notes that an issue was found. The origin is asked for only if it may be an example. */
  add({ rule, column, confidence }: Issue, originOf: () => Origin): void {
    if (confidence === 0 || this.#full.has(rule)) return
    const { row, address } = originOf()
    this.#keep(rule, { row, ...(address === undefined ? {} : { address }), ...(column === undefined ? {} : { column }) })
  }

  merge(examples: RuleExamplesJson): void {
    for (const [rule, each] of Object.entries(examples)) for (const example of each) this.#keep(rule, example)
  }

  toJSON(): RuleExamplesJson {
    return Object.fromEntries([...this.#byRule].sort(([one], [other]) => (one < other ? -1 : 1)))
  }

  /** Of several issues of a row, the one with the first column counts, so that their order does not. */
  #keep(rule: string, example: RuleExample): void {
    const known = this.#byRule.get(rule) ?? []
    const same = known.find(({ row }) => row === example.row)
    if (same !== undefined && (same.column ?? "") <= (example.column ?? "")) return
    const kept = [...known.filter((each) => each !== same), example].sort((one, other) => one.row - other.row)
    this.#byRule.set(rule, kept.slice(0, mostExamples))
  }
}
