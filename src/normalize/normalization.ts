import { type DeclaredColumn as BoundColumn, ColumnBinding, type LackingColumn } from "../binding/column-binding.ts"
import { DateBinding } from "../binding/date-binding.ts"
import { blanksToNull, type NullTexts, textsToNull } from "../cells/blank-cells.ts"
import { nullWords } from "../cells/null-words.ts"
import type { ReadFailure } from "../cells/readers/column-reader.ts"
import { DateReader } from "../cells/readers/date-reader.ts"
import { quoted } from "../cells/readers/quoted.ts"
import type { Context } from "../contract/context.ts"
import type { Plan } from "../contract/plan.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import { CellError } from "../model/cell-error.ts"
import type { Column } from "../model/column.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { TableFacts } from "../model/table-facts.ts"
import type { UnexpectedColumnPolicy } from "../model/unexpected-column-policy.ts"
import { blanksOf } from "./blanks.ts"
import { ChangeCounter, type ReadColumn } from "./change-counter.ts"
import {
  type Blanks,
  type ColumnNormalizer,
  type InferredReading,
  isColumnNormalizer,
  isRequired,
  type Normalizer,
  nullsOf,
} from "./normalizer.ts"
import { nullTexts } from "./null-texts.ts"
import { toColumnNormalizer } from "./to-column-normalizer.ts"
import { UnexpectedColumns } from "./unexpected-columns.ts"

/** A column that `normalize` names. */
export interface DeclaredColumn {
  readonly name: string
  readonly aliases: readonly string[]
  readonly normalizer: Normalizer<unknown> | undefined
}

/** Which cells are empty. */
export interface EmptyCells {
  /** The texts that stand for no value. */
  readonly nulls: NullTexts | undefined
  /** What blank cells are, where a column does not say it. */
  readonly blanks: Blanks
}

/** What `normalize` says about all columns. */
export interface NormalizationOptions {
  readonly empty: EmptyCells
  /** What happens to columns that nobody declares. */
  readonly unexpected: UnexpectedColumnPolicy | undefined
}

/** The work of `normalize` on one delivery. It is loaded with the first batch, because many programs only define their pipeline. */
export class Normalization {
  readonly #unexpected: UnexpectedColumns | undefined
  readonly #nulls: NullTexts | undefined
  readonly #blanks: Blanks
  /** What blank cells of the declared columns are. */
  readonly #blanksOf: ReadonlyMap<string, Blanks>
  /** What comes before the nulls, for declared columns whose reader has it. */
  readonly #prepares: ReadonlyMap<string, (column: Column<unknown>) => Column<unknown>>
  readonly #binding: ColumnBinding
  readonly #columns: readonly ColumnPlan[]
  readonly #inferred: readonly (InferredReading & { readonly column: string })[]
  readonly #changes: ChangeCounter
  readonly #plan: Plan | undefined
  readonly #tables = new WeakMap<TableFacts, TableFacts>()
  #last: TableBatch | undefined

  constructor(declared: readonly DeclaredColumn[], { empty: { nulls, blanks }, unexpected }: NormalizationOptions, context: Context) {
    this.#unexpected = unexpected === undefined ? undefined : new UnexpectedColumns(unexpected, declared, context)
    this.#nulls = nulls
    this.#blanks = blanks
    this.#blanksOf = new Map(declared.map(({ name, normalizer }) => [name, blanksOf(normalizer, blanks)]))
    this.#binding = new ColumnBinding({ declared: declared.map(bound), context, lacks, refuseTypos: true })
    this.#columns = declared.map((column) => new ColumnPlan(column, context))
    this.#changes = new ChangeCounter(context)
    this.#plan = context.plan
    this.#prepares = new Map(this.#columns.flatMap(({ name, prepare }) => (prepare === undefined ? [] : [[name, prepare]])))
    this.#inferred = declared.flatMap(({ name, normalizer }) =>
      normalizer !== undefined && isColumnNormalizer(normalizer) && normalizer.inferred !== undefined
        ? [{ column: name, ...normalizer.inferred }]
        : [],
    )
  }

  normalize<Out>(batch: TableBatch): TableBatch<Out> {
    this.#last = batch
    const named = this.#withEvidence(this.#binding.bind(batch))
    const { names, absent } = named.shape
    const columns = named.shape.columns.map((given, at) => {
      const column = this.#prepares.get(names[at] ?? "")?.(given) ?? given
      const blanks = this.#blanksOf.get(names[at] ?? "") ?? this.#blanks
      return blanks === "null" ? blanksToNull(column, this.#nulls) : textsToNull(column, this.#nulls)
    })
    const whole = named.withShape<unknown>({ names, columns, absent })
    const shaped = this.#unexpected?.apply(whole) ?? whole
    const read = new Map<string, Column<unknown>>()
    const compared: ReadColumn[] = []
    for (const column of this.#columns) {
      const { name } = column
      const found = this.#binding.has(name) ? shaped.column(name) : undefined
      const values = found === undefined ? new MissingColumn(batch.length) : column.read(found, shaped)
      read.set(name, values)
      const given = found === undefined || !column.isRead ? undefined : named.column(name)
      if (given !== undefined) compared.push({ name, given, read: values })
    }
    const changes = this.#changes.count(shaped, compared)
    if (changes !== undefined) this.#plan?.countNormalized(changes)
    return shaped.withColumns<Out>(read)
  }

  /** The report shows what a sample has shown about inferred columns. */
  #withEvidence(batch: TableBatch): TableBatch {
    if (this.#inferred.length === 0) return batch
    const { table } = batch
    const known = this.#tables.get(table)
    if (known !== undefined) return batch.withTable(known)
    const columns = inFileOrder(this.#inferred, batch.names)
    const notices = columns.flatMap(({ column, notice }) =>
      notice === undefined ? [] : [{ code: "column.kind", message: notice, column }],
    )
    const inferred = columns.map(({ column, evidence }) => ({ column, ...evidence }))
    const facts = { ...table, notices: [...(table.notices ?? []), ...notices], facts: { ...table.facts, inferred } }
    this.#tables.set(table, facts)
    return batch.withTable(facts)
  }

  /** Called after the last batch. */
  end(): void {
    this.#binding.end(this.#last)
  }
}

/** Normalizers are given in an object, in which keys such as "2020" come first. */
function inFileOrder<C extends { readonly column: string }>(columns: readonly C[], names: readonly string[]): readonly C[] {
  const places = new Map(names.map((name, at) => [name, at]))
  const placeOf = ({ column }: C) => places.get(column) ?? names.length
  return columns.toSorted((one, other) => placeOf(one) - placeOf(other))
}

function bound({ name, aliases, normalizer }: DeclaredColumn): BoundColumn {
  return { name, aliases, required: normalizer !== undefined && isRequired(normalizer) }
}

function lacks([column]: readonly LackingColumn[], table: string, found: readonly string[]): RowgateError {
  const { name = "", aliases = [], hint = "" } = column ?? {}
  const looked = [name, ...aliases].map((header) => `"${header}"`).join(", ")
  return new RowgateError({
    code: "COLUMN_MISSING",
    message: `The table "${shownText(table)}" has no column ${looked}${hint}.`,
    remedy: `Map one of its columns with normalize({ headers: { ${name}: ... } }): ${found
      .slice(0, 30)
      .map((header) => `"${header}"`)
      .join(", ")}.`,
    origin: { table, column: name },
  })
}

const wordsForNull = new Set(nullWords)

/** Suggests that a text such as `N/A` or an error of a spreadsheet may stand for no value. */
function suggestNull(cell: unknown): string | undefined {
  const text = cell instanceof CellError ? cell.error : typeof cell === "string" && cell.length < 40 ? cell.trim() : ""
  return wordsForNull.has(text)
    ? `If ${JSON.stringify(text)} means no value, list it, as in normalize({ nulls: [${JSON.stringify(text)}] }).`
    : undefined
}

function markValues(column: Column<unknown>, batch: TableBatch, issue: Issue): void {
  for (let row = 0; row < column.length; row++) if (!column.nulls.has(row)) batch.mark(row, issue)
}

/** One declared column during one delivery. Its reader is settled from the first cells; its failures become issues. */
class ColumnPlan {
  readonly name: string
  readonly #normalizer: ColumnNormalizer<unknown> | undefined
  readonly #dates: DateBinding | undefined
  readonly #nulls: NullTexts | undefined
  readonly #doubt: Issue | undefined

  constructor(column: DeclaredColumn, context: Context) {
    this.name = column.name
    this.#normalizer = column.normalizer === undefined ? undefined : toColumnNormalizer(column.normalizer, context)
    this.#nulls = column.normalizer === undefined ? undefined : nullTexts(nullsOf(column.normalizer))
    const doubt = this.#normalizer?.inferred?.doubt
    this.#doubt = doubt === undefined ? undefined : this.#warning("cell.doubt", doubt, 1)
    const reader = this.#normalizer?.reader
    this.#dates = reader instanceof DateReader ? new DateBinding(column.name, reader, context) : undefined
  }

  /** Whether a normalizer reads it. */
  get isRead(): boolean {
    return this.#normalizer !== undefined
  }

  get prepare(): ((column: Column<unknown>) => Column<unknown>) | undefined {
    const reader = this.#normalizer?.reader
    return reader?.prepare === undefined ? undefined : (column) => reader.prepare?.(column) ?? column
  }

  read(given: Column<unknown>, batch: TableBatch): Column<unknown> {
    if (this.#normalizer === undefined) return given
    const column = this.#nulls === undefined ? given : this.#withoutNulls(given, this.#nulls, batch)
    if (this.#normalizer.required) this.#failNulls(column, batch)
    if (this.#doubt !== undefined) markValues(column, batch, this.#doubt)
    const fail: ReadFailure = (row, code, message, given) => {
      const suggestion = given ?? suggestNull(column.at(row))
      const issue = {
        code,
        message,
        rule: `read.${this.name}`,
        dimension: "validity",
        column: this.name,
        severity: "error",
        confidence: 1,
      } as const
      batch.mark(row, suggestion === undefined ? issue : { ...issue, suggestion })
    }
    return this.#dates?.read(column, batch, fail) ?? this.#normalizer.reader.read(column, fail)
  }

  #withoutNulls(given: Column<unknown>, texts: NullTexts, batch: TableBatch): Column<unknown> {
    const column = textsToNull(given, texts)
    if (column === given) return given
    for (let row = 0; row < given.length; row++) {
      if (!column.nulls.has(row) || given.nulls.has(row)) continue
      const cell = given.at(row)
      const message = `${quoted(typeof cell === "string" ? cell.trim() : cell)} is read as no value.`
      const issue = this.#nulled.get(message) ?? this.#warning("cell.null", message, 0)
      this.#nulled.set(message, issue)
      batch.mark(row, issue)
    }
    return column
  }

  /** Rows share the issue of a text, so that many rows cost little. */
  readonly #nulled = new Map<string, Issue>()

  #warning(code: string, message: string, confidence: number): Issue {
    return { code, message, rule: `read.${this.name}`, dimension: "validity", column: this.name, severity: "warning", confidence }
  }

  #failNulls(column: Column<unknown>, batch: TableBatch): void {
    if (column.nulls.count === 0) return
    for (let row = 0; row < column.length; row++) {
      if (!column.nulls.has(row)) continue
      const message = `The column ${this.name} is empty, but requires a value.`
      batch.mark(row, {
        code: "required",
        message,
        rule: `required.${this.name}`,
        dimension: "completeness",
        column: this.name,
        severity: "error",
        confidence: 1,
      })
    }
  }
}
