import type { SampledColumn } from "./row-sample.ts"
import { emptyCode } from "./text-codes.ts"
import { type ValueForm, valueForm } from "./value-form.ts"

/** A value to judge. */
export interface JudgedValue {
  readonly text: string
  readonly form: ValueForm
  /** How often it occurs in the sample. */
  readonly count: number
}

/** The distinct values of a column, how often each occurs in the sample, and what it looks like. */
export class ColumnValues {
  readonly name: string
  /** The position of the column in the sample. */
  readonly at: number
  readonly values: readonly string[]
  readonly codes: Int32Array
  /** How often each value occurs, by code. */
  readonly counts: Int32Array
  /** The form of each value, by code. The empty cell has none. */
  readonly forms: readonly (ValueForm | undefined)[]
  /** The rows of the sample. */
  readonly rows: number
  /** Those with a value. */
  readonly filled: number
  #codes: Map<string, number> | undefined

  constructor({ name, values, codes }: SampledColumn, at: number) {
    this.name = name
    this.at = at
    this.values = values
    this.codes = codes
    this.counts = new Int32Array(values.length)
    for (const code of codes) this.counts[code] = (this.counts[code] as number) + 1
    this.forms = values.map((value) => (value.trim() === "" ? undefined : valueForm(value)))
    this.rows = codes.length
    this.filled = this.rows - (this.counts[emptyCode] ?? 0)
  }

  /** How many distinct values there are, without the empty cell. */
  get distinct(): number {
    return this.values.length - 1
  }

  /** The code of a value; -1 if the sample does not have it. */
  codeOf(text: string): number {
    this.#codes ??= new Map(this.values.map((value, code) => [value, code]))
    return this.#codes.get(text) ?? -1
  }

  countOf(text: string): number {
    return this.counts[this.codeOf(text)] ?? 0
  }

  /** How many filled cells have each key; the most frequent key first. Values for which `keyOf` returns undefined are left out. */
  shares(keyOf: (form: ValueForm, value: string) => string | undefined): Shares {
    const counts = new Map<string, number>()
    let total = 0
    this.forms.forEach((form, code) => {
      if (form === undefined) return
      const key = keyOf(form, this.values[code] ?? "")
      if (key === undefined) return
      const count = this.counts[code] ?? 0
      total += count
      counts.set(key, (counts.get(key) ?? 0) + count)
    })
    return new Shares(counts, total)
  }
}

/** How the cells of a column are spread over keys. */
export class Shares {
  readonly total: number
  /** The most frequent key; ties by code unit. */
  readonly top: string | undefined
  readonly #counts: ReadonlyMap<string, number>

  constructor(counts: ReadonlyMap<string, number>, total: number) {
    this.#counts = counts
    this.total = total
    let top: string | undefined
    for (const [key, count] of counts) {
      const most = top === undefined ? -1 : (counts.get(top) ?? 0)
      if (count > most || (count === most && top !== undefined && key < top)) top = key
    }
    this.top = top
  }

  get size(): number {
    return this.#counts.size
  }

  of(key: string): number {
    return this.total === 0 ? 0 : (this.#counts.get(key) ?? 0) / this.total
  }

  count(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  /** The share of all cells whose key has at least this share. */
  covered(least: number): number {
    let sum = 0
    for (const count of this.#counts.values()) if (count >= least * this.total) sum += count
    return this.total === 0 ? 0 : sum / this.total
  }

  keys(): readonly string[] {
    return [...this.#counts.keys()]
  }
}
