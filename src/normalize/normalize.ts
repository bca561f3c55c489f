import { matchHeaders } from "../binding/match-headers.ts"
import { blanksToNull } from "../cells/blank-cells.ts"
import { ContradictedOrder } from "../cells/readers/contradicted-order.ts"
import { DateReader } from "../cells/readers/date-reader.ts"
import type { Context } from "../contract/context.ts"
import { OpenPlan, type PlanBook } from "../contract/plan-book.ts"
import { declareStage, type NormalizingStage, type Rule } from "../contract/rule.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import type { CellValue } from "../model/cell-value.ts"
import type { Column } from "../model/column.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import { TableBatch } from "../model/table-batch.ts"
import type { TableFacts } from "../model/table-facts.ts"
import { type ColumnNormalizer, isRequired, type Normalizer, specOf, toColumnNormalizer } from "./normalizer.ts"
import { nullTexts } from "./null-texts.ts"

/** How cells become values, before any schema. */
export interface NormalizeOptions<H extends string, V> {
  /** Row column: the headers it may have in a file. Its own name always will do, in any case and punctuation. */
  readonly headers?: { readonly [K in H]: string | readonly string[] } | undefined
  /** Cells that count as null, beside the blank one. */
  readonly nulls?: readonly string[] | undefined
  /** How the cells of each column are read. */
  readonly columns?: { readonly [K in keyof V]: Normalizer<V[K]> } | undefined
}

/** The columns that were named, with the types that were declared. Others of the file stay in the batch, untyped. */
export type Normalized<T, H extends string, V> = [H | keyof V] extends [never]
  ? T
  : {
      readonly [K in KnownKeys<T> | H | keyof V]: K extends keyof V ? V[K] : K extends keyof T ? T[K] : CellValue
    } & {}
type KnownKeys<T> = keyof { [K in keyof T as string extends K ? never : K]: true }

interface DeclaredColumn {
  readonly name: string
  readonly aliases: readonly string[]
  readonly normalizer: Normalizer<unknown> | undefined
}

/** Maps headers, settles nulls and reads the declared columns. A cell that cannot be read fails its row, at the cost of validity. */
export function normalize<T, H extends string = never, V = unknown>(
  options: NormalizeOptions<H, V>,
): NormalizingStage<T, Normalized<T, H, V>> {
  const declared = declaredColumns(options)
  const nulls = nullTexts(options.nulls ?? [])
  const declares = {
    rules: rulesOf(declared),
    reuse: true,
    normalizes: true as const,
    columns: (given: readonly ColumnSpec[]) => specsOf(given, declared),
  }
  return declareStage<T, Normalized<T, H, V>, typeof declares>("normalize", declares, async function* (batches, context) {
    const columns = declared.map((column) => new ColumnPlan(column, context))
    let table: TableFacts | undefined
    let matched: ReadonlyMap<string, string> = new Map()
    for await (const given of batches) {
      const batch = TableBatch.from(given)
      if (batch.table !== table) {
        table = batch.table
        matched = settleHeaders(declared, batch, context)
      }
      const from = new Map([...matched].map(([name, header]) => [header, name]))
      const names = batch.names.map((name) => from.get(name) ?? name)
      const cells = batch.shape.columns.map((column) => blanksToNull(column, nulls))
      const shaped = batch.withShape<unknown>({ names, columns: cells, absent: batch.shape.absent })
      const read = new Map<string, Column<unknown>>()
      for (const column of columns) {
        const found = matched.has(column.name) ? shaped.column(column.name) : undefined
        read.set(column.name, found === undefined ? new MissingColumn(batch.length) : column.read(found, shaped))
      }
      yield shaped.withColumns<Normalized<T, H, V>>(read)
    }
  })
}

function declaredColumns<H extends string, V>(options: NormalizeOptions<H, V>): readonly DeclaredColumn[] {
  const headers = new Map<string, string | readonly string[]>(Object.entries(options.headers ?? {}))
  const normalizers = new Map<string, Normalizer<unknown>>(Object.entries(options.columns ?? {}))
  return [...new Set([...headers.keys(), ...normalizers.keys()])].map((name) => ({
    name,
    aliases: [headers.get(name) ?? []].flat(),
    normalizer: normalizers.get(name),
  }))
}

/** Which header each declared column has in this table: settled once, and part of the plan. */
function settleHeaders(declared: readonly DeclaredColumn[], batch: TableBatch, context: Context): ReadonlyMap<string, string> {
  const plan: PlanBook = context.plan ?? new OpenPlan()
  const found = plan.settle(`normalize.headers:${batch.table.name}`, () => {
    const matched = matchHeaders(declared, batch.names)
    return declared.map(({ name }) => [name, matched.get(name) ?? null] as const)
  })
  const matched = new Map(found.flatMap(([name, header]) => (header === null ? [] : [[name, header] as const])))
  // Rows of a program, or of JSON, may bring a column only after some thousands of rows: what is settled stays, what was missing is looked for.
  const taken = new Set(matched.values())
  const late = matchHeaders(
    declared.filter(({ name }) => !matched.has(name)),
    batch.names.filter((name) => !taken.has(name)),
  )
  for (const [name, header] of late) matched.set(name, header)
  const missing = declared.find(({ name, normalizer }) => normalizer !== undefined && isRequired(normalizer) && !matched.has(name))
  if (missing !== undefined) throw missingColumn(missing, batch)
  return matched
}

function missingColumn(column: DeclaredColumn, batch: TableBatch): RowgateError {
  const looked = [column.name, ...column.aliases].map((header) => `"${header}"`).join(", ")
  return new RowgateError({
    code: "COLUMN_MISSING",
    message: `the table "${shownText(batch.table.name)}" has no column ${looked}`,
    remedy: `its columns are ${batch.names
      .slice(0, 30)
      .map((name) => `"${name}"`)
      .join(", ")}: name the right one in normalize({ headers: { ${column.name}: ... } })`,
    origin: { table: batch.table.name, column: column.name },
  })
}

/** One declared column during one delivery: its reader settled from the first cells, its failures made issues. */
class ColumnPlan {
  readonly name: string
  readonly #context: Context
  readonly #normalizer: ColumnNormalizer<unknown> | undefined
  #reader: ColumnNormalizer<unknown>["reader"] | undefined

  constructor(column: DeclaredColumn, context: Context) {
    this.name = column.name
    this.#context = context
    this.#normalizer = column.normalizer === undefined ? undefined : toColumnNormalizer(column.normalizer, context)
  }

  read(column: Column<unknown>, batch: TableBatch): Column<unknown> {
    if (this.#normalizer === undefined) return column
    if (this.#normalizer.required) this.#failNulls(column, batch)
    this.#reader ??= this.#settle(this.#normalizer.reader, column)
    try {
      return this.#reader.read(column, (row, code, message, suggestion) => {
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
      })
    } catch (error) {
      throw error instanceof ContradictedOrder ? error.in(batch, this.name) : error
    }
  }

  #settle(reader: ColumnNormalizer<unknown>["reader"], sample: Column<unknown>): ColumnNormalizer<unknown>["reader"] {
    if (!(reader instanceof DateReader)) return reader
    const plan = this.#context.plan ?? new OpenPlan()
    const order = plan.settle(`normalize.dates:${this.name}`, () => reader.settle(sample) ?? null)
    return order === null ? reader : reader.inOrder(order)
  }

  #failNulls(column: Column<unknown>, batch: TableBatch): void {
    if (column.nulls.count === 0) return
    for (let row = 0; row < column.length; row++) {
      if (!column.nulls.has(row)) continue
      const message = `${this.name} is empty and has to be filled`
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

function rulesOf(declared: readonly DeclaredColumn[]): readonly Rule[] {
  return declared.flatMap(({ name, normalizer }): readonly Rule[] => {
    if (normalizer === undefined) return []
    const read: Rule = { name: `read.${name}`, dimension: "validity", columns: [name] }
    return isRequired(normalizer) ? [{ name: `required.${name}`, dimension: "completeness", columns: [name] }, read] : [read]
  })
}

function specsOf(given: readonly ColumnSpec[], declared: readonly DeclaredColumn[]): readonly ColumnSpec[] {
  const named = new Map(given.map((spec) => [spec.name, spec]))
  for (const { name, normalizer } of declared) {
    const nullable = normalizer === undefined || !isRequired(normalizer)
    const part = normalizer === undefined ? { kind: "text" as const } : specOf(normalizer)
    named.set(name, { name, nullable, ...part })
  }
  return [...named.values()]
}
