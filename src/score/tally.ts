import type { Dimension } from "../model/dimension.ts"
import { DistinctValues } from "../sketch/distinct-values.ts"
import { type SpoiltRow, WorstRows } from "./worst-rows.ts"

/** Losses are counted in millionths of a cell, as integers, so sums do not depend on their order. */
export const microUnits = 1_000_000

/** What one rule cost in one recorded column. */
export interface Loss {
  /** The dimension of the rule. */
  readonly dimension: Dimension
  /** The name of the rule. */
  readonly rule: string
  /** The column, the columns of a key joined by `+`, or empty for the row. */
  readonly column: string
  /** In millionths of a cell. */
  readonly lost: number
  /** In how many rows the rule decided the loss. */
  readonly rows: number
}

/** In how many rows no rule of a dimension could judge a recorded column. */
export interface Unjudged {
  /** The dimension. */
  readonly dimension: Dimension
  /** The column, as in `Loss`. */
  readonly column: string
  /** How many rows. */
  readonly rows: number
}

/** What happened to a rule. It passed in the rows that it judged and that neither failed nor were suspected. */
export interface RuleCounts {
  /** The name of the rule. */
  readonly rule: string
  /** The rows that it could not judge. */
  readonly unjudged: number
  /** The rows that break it for sure. */
  readonly failed: number
  /** The rows that break it with a confidence below 1. */
  readonly suspected: number
  /** The rows that it rejected. */
  readonly rejected: number
  /** The rows that no other rule rejected. */
  readonly alone: number
}

/** What a rule did to rows. */
export type RuleEvent = Exclude<keyof RuleCounts, "rule">

const noEvents = { unjudged: 0, failed: 0, suspected: 0, rejected: 0, alone: 0 }
const ruleEvents = Object.keys(noEvents) as readonly RuleEvent[]

/** How much of a column is filled, and with what. */
export interface ColumnCounts {
  /** The name of the column. */
  readonly column: string
  /** How many judged rows have the column. */
  readonly rows: number
  /** How many of its cells have a value, readable or not. */
  readonly filled: number
  /** The state of a sketch of its distinct values, in base64; null if they cannot be counted. */
  readonly distinct: string | null
}

/** A tally as JSON. */
export interface TallyJson {
  /** How many rows were judged. */
  readonly rows: number
  /** How many of them passed. */
  readonly passed: number
  /** What each rule cost in each column. */
  readonly losses: readonly Loss[]
  /** The cells that could not be judged. */
  readonly unjudged: readonly Unjudged[]
  /** The rules that did not pass in every row. */
  readonly rules: readonly RuleCounts[]
  /** How much of each column is filled. */
  readonly columns: readonly ColumnCounts[]
  /** The ten rows with the lowest quality. */
  readonly worst: readonly SpoiltRow[]
}

/**
 * The losses of a run or a part of it. Merging adds them up: it is commutative and associative, and an empty tally is the zero. All counts are whole
 * numbers.
 */
export class Tally {
  readonly worst = new WorstRows()
  #rows = 0
  #passed = 0
  readonly #losses = new Map<string, Writable<Loss>>()
  readonly #unjudged = new Map<string, Writable<Unjudged>>()
  readonly #rules = new Map<string, Writable<RuleCounts>>()
  readonly #columns = new Map<string, ColumnTally>()

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

  /** Records in how many rows something happened to a rule. */
  count(rule: string, event: RuleEvent, rows: number): void {
    let known = this.#rules.get(rule)
    if (known === undefined) {
      known = { rule, ...noEvents }
      this.#rules.set(rule, known)
    }
    known[event] += rows
  }

  /** Records how many of some rows have a value in a column. */
  fill(column: string, rows: number, filled: number): void {
    const known = this.#column(column)
    known.rows += rows
    known.filled += filled
  }

  /** The distinct values of a column, to be added to; undefined if they cannot be counted. */
  distinct(column: string): DistinctValues | undefined {
    return this.#column(column).distinct
  }

  /** Gives up counting the distinct values of a column. */
  leaveDistinct(column: string): void {
    this.#column(column).distinct = undefined
  }

  #column(column: string): ColumnTally {
    let known = this.#columns.get(column)
    if (known === undefined) {
      known = { rows: 0, filled: 0, distinct: new DistinctValues() }
      this.#columns.set(column, known)
    }
    return known
  }

  merge(other: Tally): this {
    this.addRows(other.rows, other.passed)
    for (const { dimension, rule, column, lost, rows } of other.#losses.values()) this.add(dimension, rule, column, lost, rows)
    for (const { dimension, column, rows } of other.#unjudged.values()) this.leave(dimension, column, rows)
    for (const counts of other.#rules.values()) this.#addRule(counts)
    for (const [column, counts] of other.#columns) this.#addColumn(column, counts)
    this.worst.add(other.worst.toJSON())
    return this
  }

  #addColumn(column: string, { rows, filled, distinct }: ColumnTally): void {
    this.fill(column, rows, filled)
    if (distinct === undefined) this.leaveDistinct(column)
    else this.distinct(column)?.merge(distinct)
  }

  #addRule(counts: RuleCounts): void {
    for (const event of ruleEvents) this.count(counts.rule, event, counts[event])
  }

  /** All losses, ordered by name: equal tallies have equal JSON. */
  losses(): readonly Loss[] {
    return inOrder(this.#losses)
  }

  /** In how many rows the column was not judged in the dimension. */
  unjudged(dimension: Dimension, column: string): number {
    return this.#unjudged.get(`${dimension}\0${column}`)?.rows ?? 0
  }

  /** What happened to a rule. */
  rule(rule: string): Omit<RuleCounts, "rule"> {
    return this.#rules.get(rule) ?? noEvents
  }

  /** How many judged rows have the column, and a value in it, and how many distinct values there are. */
  column(column: string): { readonly rows: number; readonly filled: number; readonly distinct: number | null } {
    const { rows, filled, distinct } = this.#columns.get(column) ?? { rows: 0, filled: 0 }
    return { rows, filled, distinct: distinct?.count() ?? null }
  }

  toJSON(): TallyJson {
    return {
      rows: this.#rows,
      passed: this.#passed,
      losses: this.losses(),
      unjudged: inOrder(this.#unjudged),
      rules: inOrder(this.#rules),
      columns: columnsOf(this.#columns),
      worst: this.worst.toJSON(),
    }
  }

  static fromJSON(json: TallyJson): Tally {
    const tally = new Tally()
    tally.addRows(json.rows, json.passed)
    for (const { dimension, rule, column, lost, rows } of json.losses) tally.add(dimension, rule, column, lost, rows)
    for (const { dimension, column, rows } of json.unjudged) tally.leave(dimension, column, rows)
    for (const counts of json.rules) tally.#addRule(counts)
    for (const { column, rows, filled, distinct } of json.columns)
      tally.#addColumn(column, { rows, filled, distinct: distinct === null ? undefined : DistinctValues.fromJSON(distinct) })
    tally.worst.add(json.worst)
    return tally
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

interface ColumnTally {
  rows: number
  filled: number
  /** Undefined if a value of the column cannot be counted. */
  distinct: DistinctValues | undefined
}

function columnsOf(columns: ReadonlyMap<string, ColumnTally>): readonly ColumnCounts[] {
  const entries = Array.from(columns, ([column, { rows, filled, distinct }]) => {
    return [column, { column, rows, filled, distinct: distinct?.toJSON() ?? null }] as const
  })
  return inOrder(new Map(entries))
}

function inOrder<V>(map: ReadonlyMap<string, V>): readonly V[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, value]) => value)
}
