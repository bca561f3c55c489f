import { createHash } from "node:crypto"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { DayMonthOrder } from "../model/day-month-order.ts"
import type { JsonValue } from "../model/json-value.ts"

/** The header that a column of the rows was found under; null where the table has none. */
export type BoundHeader = readonly [column: string, header: string | null]

/** How a table is read: encoding, dialect, header, each with its evidence. */
export interface Dialect {
  readonly [fact: string]: JsonValue
}

/** A plan as JSON. Decisions stand under the table, the column or the key that they are about. */
export type PlanJson = {
  /** By table: which header each column was found under. */
  readonly headers?: { readonly [table: string]: readonly BoundHeader[] }
  /** By column: the order of day and month. */
  readonly dates?: { readonly [column: string]: DayMonthOrder }
  /** By column: the kind that a sink has made a column of, where nothing declares one; null where no cell had a value. */
  readonly kinds?: { readonly [column: string]: ColumnSpec["kind"] | null }
  /** By table: how it is read. */
  readonly dialects?: { readonly [table: string]: Dialect }
  /** By key: what stages of your own have settled. */
  readonly own?: { readonly [key: string]: JsonValue }
}

type Section = keyof PlanJson

const sections: readonly Section[] = ["headers", "dates", "kinds", "dialects", "own"]

/** Options of a plan. */
export interface PlanOptions {
  /** Whether a delivery that contradicts the plan can be undone and begun once more. Default false. */
  readonly revisable?: boolean | undefined
}

/**
 * What is settled before the first row of a delivery: how headers were matched, which order dates have, how tables are read. Shared by every
 * part of a file, so that all parts read alike. It is plain JSON, and a decision that is made stays as it is.
 *
 * A later row may show that a decision was wrong. Whoever sees it says so with `contradict`.
 */
export class Plan {
  readonly #known: PlanJson
  readonly #settled: Decisions
  readonly #isRevisable: boolean
  readonly #lessons = new Decisions()
  #isContradicted = false

  constructor(known: PlanJson = {}, { revisable = false }: PlanOptions = {}) {
    this.#known = known
    this.#settled = new Decisions(known)
    this.#isRevisable = revisable
  }

  /** The plan that `toJSON` gave, also from a ledger. What is no decision is left out. */
  static from(json: unknown, options?: PlanOptions): Plan {
    const parts = sections.map((section) => [section, isObject(json) && isObject(json[section]) ? json[section] : {}] as const)
    return new Plan(Object.fromEntries(parts) as PlanJson, options)
  }

  /** Which header each column was found under: in one table, or in all of them. Null where the table has none. */
  headers(table?: string): readonly BoundHeader[] {
    if (table !== undefined) return this.#settled.get("headers", table) ?? []
    return [...this.#settled.all("headers").values()].flat()
  }

  /** The order of day and month in a column; undefined where it was not asked for yet. */
  dates(column: string): DayMonthOrder | undefined {
    return this.#settled.get("dates", column)
  }

  /** The kind of each column that a sink has made by what its cells were; null where no cell had a value. */
  kinds(): ReadonlyMap<string, ColumnSpec["kind"] | null> {
    return this.#settled.all("kinds")
  }

  /** How a table is read, as far as it is settled. */
  dialect(table: string): Dialect | undefined {
    return this.#settled.get("dialects", table)
  }

  /** What was settled for a stage of your own under this key, else what `decide` says, which then is. */
  settle<V extends JsonValue>(key: string, decide: () => V): V {
    return this.#settled.settle("own", key, decide) as V
  }

  /** Adds to what is known of a table's headers. */
  bindHeaders(table: string, found: readonly BoundHeader[]): void {
    if (found.length > 0) this.#settled.set("headers", table, [...this.headers(table), ...found])
  }

  /** The order of dates in a column: the settled one, else the one that `decide` says, which then is. */
  settleDates(column: string, decide: () => DayMonthOrder): DayMonthOrder {
    return this.#settled.settle("dates", column, decide)
  }

  /** The kind of a column: the settled one, else the one that `decide` says, which then is. */
  settleKind(column: string, decide: () => ColumnSpec["kind"] | null): ColumnSpec["kind"] | null {
    return this.#settled.settle("kinds", column, decide)
  }

  /** Keeps how a table was read, beside what is known of it. */
  keepDialect(table: string, facts: Dialect): void {
    this.#settled.set("dialects", table, { ...this.dialect(table), ...facts })
  }

  /** Keeps in mind what would have been settled otherwise, had it been known. It counts once something contradicts the plan. */
  note(lesson: PlanJson): void {
    if (this.#isRevisable) this.#lessons.merge(lesson)
  }

  /**
   * Says that rows were read by a decision that a later row shows to be wrong. True: the delivery will be undone and begun once more with the
   * lesson, so go on reading for what else there is to learn. False: it cannot be, so do what you would do without this.
   */
  contradict(lesson: PlanJson = {}): boolean {
    if (!this.#isRevisable) return false
    this.#lessons.merge(lesson)
    this.#isContradicted ||= !this.#lessons.isEmpty
    return this.#isContradicted
  }

  /** Whether a delivery that contradicts the plan can be undone and begun once more. */
  get isRevisable(): boolean {
    return this.#isRevisable
  }

  /** Whether the delivery is to be undone and begun once more. */
  get isContradicted(): boolean {
    return this.#isContradicted
  }

  /** What later rows have shown. */
  get lessons(): PlanJson {
    return this.#lessons.toJSON()
  }

  /** The plan to begin once more with: what this one began with and what later rows have shown. All else is settled again. */
  revised(options?: PlanOptions): Plan {
    const known = new Decisions(this.#known)
    known.merge(this.lessons)
    return new Plan(known.toJSON(), options)
  }

  /** sha256 of the plan's JSON, in hex. */
  get hash(): string {
    return createHash("sha256").update(JSON.stringify(this)).digest("hex")
  }

  /** Every decision, keys in order: the same plan is the same JSON. */
  toJSON(): PlanJson {
    return this.#settled.toJSON()
  }
}

type Decided<S extends Section> = NonNullable<PlanJson[S]>[string]

/** Decisions by section and key. */
class Decisions {
  readonly #sections = new Map<Section, Map<string, unknown>>()

  constructor(known: PlanJson = {}) {
    this.merge(known)
  }

  get isEmpty(): boolean {
    return this.#sections.size === 0
  }

  get<S extends Section>(section: S, key: string): Decided<S> | undefined {
    return this.all(section).get(key)
  }

  set<S extends Section>(section: S, key: string, decision: Decided<S>): void {
    const decided = this.#sections.get(section) ?? new Map<string, unknown>()
    this.#sections.set(section, decided.set(key, decision))
  }

  all<S extends Section>(section: S): ReadonlyMap<string, Decided<S>> {
    return (this.#sections.get(section) ?? new Map()) as ReadonlyMap<string, Decided<S>>
  }

  settle<S extends Section>(section: S, key: string, decide: () => Decided<S>): Decided<S> {
    const known = this.get(section, key)
    if (known !== undefined) return known
    const decision = decide()
    this.set(section, key, decision)
    return decision
  }

  /** Takes decisions over: of a table's dialect fact by fact, of all else key by key. */
  merge(json: PlanJson): void {
    for (const section of sections)
      for (const [key, decision] of Object.entries(json[section] ?? {}))
        if (section === "dialects") this.set(section, key, { ...this.get(section, key), ...(decision as Dialect) })
        else this.set(section, key, decision)
  }

  toJSON(): PlanJson {
    const parts = sections.flatMap((section) => {
      const decided = [...this.all(section)].sort(([one], [other]) => (one < other ? -1 : 1))
      return decided.length === 0 ? [] : [[section, Object.fromEntries(decided)]]
    })
    return Object.fromEntries(parts)
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
