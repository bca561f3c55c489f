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

/** The losses of a run or a part of it. Merging adds them up: it is commutative and associative, and an empty tally is the zero. */
export class Tally {
  #rows = 0
  readonly #losses = new Map<string, { dimension: Dimension; rule: string; column: string; lost: number; rows: number }>()

  /** How many rows were judged. */
  get rows(): number {
    return this.#rows
  }

  addRows(rows: number): void {
    this.#rows += rows
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

  merge(other: Tally): this {
    this.addRows(other.rows)
    for (const { dimension, rule, column, lost, rows } of other.losses()) this.add(dimension, rule, column, lost, rows)
    return this
  }

  /** All losses, ordered by name: equal tallies have equal JSON. */
  losses(): readonly Loss[] {
    return [...this.#losses].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, loss]) => loss)
  }

  toJSON(): { readonly rows: number; readonly losses: readonly Loss[] } {
    return { rows: this.#rows, losses: this.losses() }
  }

  static fromJSON(json: { readonly rows: number; readonly losses: readonly Loss[] }): Tally {
    const tally = new Tally()
    tally.addRows(json.rows)
    for (const { dimension, rule, column, lost, rows } of json.losses) tally.add(dimension, rule, column, lost, rows)
    return tally
  }
}
