import type { Dimension } from "../model/dimension.ts"

/** Losses are counted in millionths of a cell, as integers, so sums do not depend on their order. */
export const microUnits = 1_000_000

/** What one rule cost in one recorded column. */
export interface Loss {
  readonly dimension: Dimension
  readonly rule: string
  readonly column: string
  /** In millionths of a cell. */
  readonly lost: number
  readonly rows: number
}

/** In how many rows no rule of a dimension could judge a recorded column. */
export interface Unjudged {
  readonly dimension: Dimension
  readonly column: string
  readonly rows: number
}

/** In how many rows a rule could not judge, failed, or raised a suspicion. It passed in the others. */
export interface RuleCounts {
  readonly rule: string
  readonly unjudged: number
  readonly failed: number
  readonly suspected: number
}

/** A tally as JSON. */
export interface TallyJson {
  readonly rows: number
  readonly passed: number
  readonly losses: readonly Loss[]
  readonly unjudged: readonly Unjudged[]
  readonly rules: readonly RuleCounts[]
}

/**
 * The losses of a run or a part of it. Merging adds them up: it is commutative and associative, and an empty tally is the zero. All counts are whole
 * numbers.
 */
export class Tally {
  #rows = 0
  #passed = 0
  readonly #losses = new Map<string, Writable<Loss>>()
  readonly #unjudged = new Map<string, Writable<Unjudged>>()
  readonly #rules = new Map<string, Writable<RuleCounts>>()

  /** How many rows were judged. */
  get rows(): number {
    return this.#rows
  }

  /** How many of them passed. */
  get passed(): number {
    return this.#passed
  }

  addRows(rows: number, passed: number): void {
    this.#rows += rows
    this.#passed += passed
  }

  /** Records a loss, in millionths of a cell, of several rows together. */
  add(dimension: Dimension, rule: string, column: string, lost: number, rows: number): void {
    const key = `${dimension}\0${rule}\0${column}`
    const known = this.#losses.get(key)
    if (known === undefined) this.#losses.set(key, { dimension, rule, column, lost, rows })
    else {
      known.lost += lost
      known.rows += rows
    }
  }

  /** Records that no rule of the dimension could judge the column in some rows. */
  leave(dimension: Dimension, column: string, rows: number): void {
    const key = `${dimension}\0${column}`
    const known = this.#unjudged.get(key)
    if (known === undefined) this.#unjudged.set(key, { dimension, column, rows })
    else known.rows += rows
  }

  /** Records in how many rows a rule did not pass. */
  count(rule: string, verdict: "unjudged" | "failed" | "suspected", rows: number): void {
    let known = this.#rules.get(rule)
    if (known === undefined) {
      known = { rule, unjudged: 0, failed: 0, suspected: 0 }
      this.#rules.set(rule, known)
    }
    known[verdict] += rows
  }

  merge(other: Tally): this {
    this.addRows(other.rows, other.passed)
    for (const { dimension, rule, column, lost, rows } of other.#losses.values()) this.add(dimension, rule, column, lost, rows)
    for (const { dimension, column, rows } of other.#unjudged.values()) this.leave(dimension, column, rows)
    for (const { rule, unjudged, failed, suspected } of other.#rules.values()) {
      this.count(rule, "unjudged", unjudged)
      this.count(rule, "failed", failed)
      this.count(rule, "suspected", suspected)
    }
    return this
  }

  /** All losses, ordered by name: equal tallies have equal JSON. */
  losses(): readonly Loss[] {
    return inOrder(this.#losses)
  }

  /** In how many rows the column was not judged in the dimension. */
  unjudged(dimension: Dimension, column: string): number {
    return this.#unjudged.get(`${dimension}\0${column}`)?.rows ?? 0
  }

  /** The counts of every rule that did not pass everywhere, ordered by name. */
  rules(): readonly RuleCounts[] {
    return inOrder(this.#rules)
  }

  toJSON(): TallyJson {
    return { rows: this.#rows, passed: this.#passed, losses: this.losses(), unjudged: inOrder(this.#unjudged), rules: this.rules() }
  }

  static fromJSON(json: TallyJson): Tally {
    const tally = new Tally()
    tally.addRows(json.rows, json.passed)
    for (const { dimension, rule, column, lost, rows } of json.losses) tally.add(dimension, rule, column, lost, rows)
    for (const { dimension, column, rows } of json.unjudged) tally.leave(dimension, column, rows)
    for (const { rule, ...counts } of json.rules)
      for (const verdict of ["unjudged", "failed", "suspected"] as const) tally.count(rule, verdict, counts[verdict])
    return tally
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function inOrder<V>(map: ReadonlyMap<string, V>): readonly V[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, value]) => value)
}
