import { createHash } from "node:crypto"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { DayMonthOrder } from "../model/day-month-order.ts"
import type { JsonValue } from "../model/json-value.ts"
import { addNormalized, type NormalizedCells, noNormalizedCells } from "../model/normalized-cells.ts"

/** The header that matches a column of the rows; null if the table has none. */
export type BoundHeader = readonly [column: string, header: string | null]

/** How a table is read: its encoding, dialect and header, each with the evidence. */
export interface Dialect {
  readonly [fact: string]: JsonValue
}

/** A plan as JSON. Each decision is stored under the table, the column or the key that it is about. */
export type PlanJson = {
  /** By table: which header matches each column. */
  readonly headers?: { readonly [table: string]: readonly BoundHeader[] }
  /** By column: the order of day and month. */
  readonly dates?: { readonly [column: string]: DayMonthOrder }
  /** By column: the kind of the column that a sink created because nothing declares one; null if no cell had a value. */
  readonly kinds?: { readonly [column: string]: ColumnSpec["kind"] | null }
  /** By table: how it is read. */
  readonly dialects?: { readonly [table: string]: Dialect }
  /** By key: what your own stages have settled. */
  readonly own?: { readonly [key: string]: JsonValue }
}

type Section = keyof PlanJson

const sections: readonly Section[] = ["headers", "dates", "kinds", "dialects", "own"]

/** What one reading of a file, or of a part of it, has shown about its plan. Plain JSON, so that parts can hand it on. */
export interface PlanFindings {
  /** The decisions of the plan, with those that the reading has added. */
  readonly settled: PlanJson
  /** What would have changed a decision. */
  readonly lessons: PlanJson
  /** Whether a row contradicted a decision. */
  readonly contradicted: boolean
  /** By column of dates that nothing had decided: the order that a row proved. */
  readonly proofs: { readonly [column: string]: DayMonthOrder }
  /** Columns in which a date was rejected because nothing had decided their order. */
  readonly doubts: readonly string[]
  /** What normalizing has changed in cells. Default: nothing was examined. */
  readonly normalized?: NormalizedCells | undefined
}

/** Options of a plan. */
export interface PlanOptions {
  /** Whether a delivery that contradicts the plan can be undone and started again. Default: false. */
  readonly revisable?: boolean | undefined
  /** By column: the kind that its cells have in the whole file, if that is known before the sink asks. Default: the sink decides from its first rows. */
  readonly kinds?: ReadonlyMap<string, ColumnSpec["kind"] | null> | undefined
}

/**
 * What is settled before the first row of a delivery: how headers are matched, which order dates have, how tables are read. All parts of a file
 * share it, so that they are read in the same way. It is plain JSON, and a decision does not change once it is made.
 *
 * A later row may show that a decision was wrong. The code that sees it calls `contradict`.
 *
 * @example
 * ```ts run
 * import { bytes, cell, createPipeline, memory, Plan } from "rowgate"
 *
 * const { deliveries } = await createPipeline({ name: "orders" })
 *   .from(bytes("on\n25/12/2025\n03/04/2025\n"))
 *   .normalize({ columns: { on: cell.date() } })
 *   .into(memory())
 *   .run()
 * const plan = Plan.from(deliveries[0]?.plan ?? {})
 * console.log(plan.toJSON().dates) // => { on: 'day-first' }
 * ```
 */
export class Plan {
  readonly #known: PlanJson
  readonly #settled: Decisions
  readonly #isRevisable: boolean
  readonly #kindsOfFile: ReadonlyMap<string, ColumnSpec["kind"] | null>
  readonly #lessons = new Decisions()
  readonly #proofs = new Map<string, DayMonthOrder>()
  readonly #doubts = new Set<string>()
  #normalized = noNormalizedCells
  #isContradicted = false

  constructor(known: PlanJson = {}, { revisable = false, kinds = new Map() }: PlanOptions = {}) {
    this.#kindsOfFile = kinds
    this.#known = known
    this.#settled = new Decisions(known)
    this.#isRevisable = revisable
  }

  /** Restores a plan from the result of `toJSON`, for example from a ledger. Ignores anything that is not a decision. */
  static from(json: unknown, options?: PlanOptions): Plan {
    const parts = sections.map((section) => [section, isObject(json) && isObject(json[section]) ? json[section] : {}] as const)
    return new Plan(Object.fromEntries(parts) as PlanJson, options)
  }

  /** Which header matches each column, in one table or in all of them. Null if the table has none. */
  headers(table?: string): readonly BoundHeader[] {
    if (table !== undefined) return this.#settled.get("headers", table) ?? []
    return [...this.#settled.all("headers").values()].flat()
  }

  /** The order of day and month in a column; undefined if it is not settled yet. */
  dates(column: string): DayMonthOrder | undefined {
    return this.#settled.get("dates", column)
  }

  /** The kind of each column that a sink created from its cells; null if no cell had a value. */
  kinds(): ReadonlyMap<string, ColumnSpec["kind"] | null> {
    return this.#settled.all("kinds")
  }

  /** The columns of the whole file whose kinds are known before the sink asks. */
  knownColumns(): Iterable<string> {
    return this.#kindsOfFile.keys()
  }

  /** How a table is read, as far as that is settled. */
  dialect(table: string): Dialect | undefined {
    return this.#settled.get("dialects", table)
  }

  /** The decision of your own stage under this key. If there is none, `decide` makes it, and the plan keeps it. */
  settle<V extends JsonValue>(key: string, decide: () => V): V {
    return this.#settled.settle("own", key, decide) as V
  }

  /** Adds to what is known about a table's headers. */
  bindHeaders(table: string, found: readonly BoundHeader[]): void {
    if (found.length > 0) this.#settled.set("headers", table, [...this.headers(table), ...found])
  }

  /** The order of dates in a column. If it is not settled, `decide` decides it, and the plan keeps it. */
  settleDates(column: string, decide: () => DayMonthOrder): DayMonthOrder {
    return this.#settled.settle("dates", column, decide)
  }

  /** The kind of a column. If it is not settled, `decide` decides it, and the plan keeps it. */
  settleKind(column: string, decide: () => ColumnSpec["kind"] | null): ColumnSpec["kind"] | null {
    const known = this.#kindsOfFile.get(column)
    return this.#settled.settle("kinds", column, () => (known === undefined ? decide() : known))
  }

  /** Adds facts about how a table was read. */
  keepDialect(table: string, facts: Dialect): void {
    this.#settled.set("dialects", table, { ...this.dialect(table), ...facts })
  }

  /** Notes something that would have changed a decision if it had been known. It has an effect only if something contradicts the plan. */
  note(lesson: PlanJson): void {
    if (this.#isRevisable) this.#lessons.merge(lesson)
  }

  /**
   * Reports that a later row shows a decision to be wrong, and passes the right one. If it returns true, the delivery will be undone and started
   * again with that decision; keep reading, because there may be more to learn. If it returns false, the file cannot be read again; handle the
   * row yourself.
   */
  contradict(lesson: PlanJson = {}): boolean {
    if (!this.#isRevisable) return false
    this.#lessons.merge(lesson)
    this.#isContradicted ||= !this.#lessons.isEmpty
    return this.#isContradicted
  }

  /** Notes that a row proves the order of the dates of a column, although the plan left it undecided. */
  proveDates(column: string, order: DayMonthOrder): void {
    const known = this.#proofs.get(column)
    if (known === order || known === "mixed") return
    this.#proofs.set(column, known === undefined ? order : "mixed")
    this.#settleDoubt(column)
  }

  /** Notes that a date of a column was rejected, because the plan left the order undecided. If another row proves it, the row can be read after all. */
  doubtDates(column: string): void {
    if (this.#doubts.has(column)) return
    this.#doubts.add(column)
    this.#settleDoubt(column)
  }

  /** Adds what normalizing has changed in further rows. */
  countNormalized(cells: NormalizedCells): void {
    this.#normalized = addNormalized(this.#normalized, cells)
  }

  /** What normalizing has changed in the rows that were read by this plan. */
  get normalized(): NormalizedCells {
    return this.#normalized
  }

  /** What this reading has shown. */
  get findings(): PlanFindings {
    return {
      settled: this.toJSON(),
      lessons: this.lessons,
      contradicted: this.#isContradicted,
      proofs: Object.fromEntries(this.#proofs),
      doubts: [...this.#doubts],
      ...(this.#normalized.examined === 0 ? {} : { normalized: this.#normalized }),
    }
  }

  /**
   * Adds what the reading of one part has shown. Call it for all parts, in the order of the file: where parts made a decision that the plan lacks,
   * the first part decides, and a part that decided otherwise contradicts the plan.
   */
  add({ settled, lessons, contradicted, proofs, doubts, normalized = noNormalizedCells }: PlanFindings): void {
    this.countNormalized(normalized)
    for (const [column, order] of Object.entries(proofs)) this.proveDates(column, order)
    for (const column of doubts) this.doubtDates(column)
    if (contradicted) this.contradict(lessons)
    else this.note(lessons)
    for (const differing of this.#settled.adopt(settled)) this.contradict(differing)
  }

  /** Whether a delivery that contradicts the plan can be undone and started again. */
  get isRevisable(): boolean {
    return this.#isRevisable
  }

  /** Whether the delivery must be undone and started again. */
  get isContradicted(): boolean {
    return this.#isContradicted
  }

  /** What later rows have shown. */
  get lessons(): PlanJson {
    return this.#lessons.toJSON()
  }

  /** The plan for starting again: what this one started with, and what later rows have shown. Everything else is settled again. */
  revised(options?: PlanOptions): Plan {
    const known = new Decisions(this.#known)
    known.merge(this.lessons)
    return new Plan(known.toJSON(), options)
  }

  #settleDoubt(column: string): void {
    const proof = this.#proofs.get(column)
    if (proof !== undefined && this.#doubts.has(column)) this.contradict({ dates: { [column]: proof } })
  }

  /** sha256 of the plan's JSON, in hex. */
  get hash(): string {
    return createHash("sha256").update(JSON.stringify(this)).digest("hex")
  }

  /** Every decision, with the keys in order: equal plans have equal JSON. */
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

  /** Adds decisions: fact by fact for a table's dialect, and key by key for everything else. */
  merge(json: PlanJson): void {
    for (const section of sections)
      for (const [key, decision] of Object.entries(json[section] ?? {}))
        if (section === "dialects") this.set(section, key, { ...this.get(section, key), ...(decision as Dialect) })
        else this.set(section, key, decision)
  }

  /**
   * Takes over decisions that are not made yet. Yields, for each that is made already and differs, the one that stands. Headers and dialects
   * follow from the table, so they never differ in a way that matters; a part may know more headers of a table.
   */
  *adopt(json: PlanJson): Generator<PlanJson> {
    for (const section of sections) {
      for (const [key, decision] of Object.entries(json[section] ?? {})) {
        const known: unknown = this.all(section).get(key)
        if (known === undefined) this.set(section, key, decision)
        else if (section === "headers") this.set(section, key, joined(known as readonly BoundHeader[], decision as readonly BoundHeader[]))
        else if (section !== "dialects" && JSON.stringify(known) !== JSON.stringify(decision)) yield { [section]: { [key]: known } }
      }
    }
  }

  toJSON(): PlanJson {
    const parts = sections.flatMap((section) => {
      const decided = [...this.all(section)].sort(([one], [other]) => (one < other ? -1 : 1))
      return decided.length === 0 ? [] : [[section, Object.fromEntries(decided)]]
    })
    return Object.fromEntries(parts)
  }
}

function joined(known: readonly BoundHeader[], found: readonly BoundHeader[]): readonly BoundHeader[] {
  const keys = new Set(known.map((bound) => JSON.stringify(bound)))
  return [...known, ...found.filter((bound) => !keys.has(JSON.stringify(bound)))]
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
