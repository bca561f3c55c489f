import { type DeclaredColumn as BoundColumn, ColumnBinding } from "../binding/column-binding.ts"
import { DateBinding } from "../binding/date-binding.ts"
import { blanksToNull } from "../cells/blank-cells.ts"
import type { ReadFailure } from "../cells/readers/column-reader.ts"
import { DateReader } from "../cells/readers/date-reader.ts"
import type { Context } from "../contract/context.ts"
import { declareStage, type NormalizingStage, type Rule } from "../contract/rule.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import type { CellValue } from "../model/cell-value.ts"
import type { Column } from "../model/column.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import { TableBatch } from "../model/table-batch.ts"
import { checkOptions } from "../options/check-options.ts"
import { defined } from "../options/defined.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { anyText, either, list, record, text } from "../options/option-kinds.ts"
import { type ColumnNormalizer, isRequired, type Normalizer, normalizerKind, specOf, toColumnNormalizer } from "./normalizer.ts"
import { nullTexts } from "./null-texts.ts"

/** How cells become values, before any schema. */
export interface NormalizeOptions<H extends string, V> {
  /** For each row column, the headers that it may have in a file. Its own name always works, in any case and punctuation. */
  readonly headers?: { readonly [K in H]: string | readonly string[] } | undefined
  /** Texts that count as null, in addition to blank cells. */
  readonly nulls?: readonly string[] | undefined
  /** How the cells of each column are read. */
  readonly columns?: { readonly [K in keyof V]: Normalizer<V[K]> } | undefined
}

/** The columns that you named, with the types that you declared. Other columns of the file stay in the batch, untyped. */
export type Normalized<T, H extends string, V> = [H | keyof V] extends [never]
  ? T
  : {
      readonly [K in KnownKeys<T> | H | keyof V]: K extends keyof V ? V[K] : K extends keyof T ? T[K] : CellValue
    } & {}
type KnownKeys<T> = keyof { [K in keyof T as string extends K ? never : K]: true }

interface AnyColumns {
  readonly [column: string]: unknown
}

const optionSpec: OptionSpec<NormalizeOptions<string, AnyColumns>> = {
  headers: record(either(text(), list(text())), "an object with a header, or a list of them, for each column"),
  nulls: list(anyText()),
  columns: record(normalizerKind<unknown>(), "an object with a normalizer for each column"),
}

interface DeclaredColumn {
  readonly name: string
  readonly aliases: readonly string[]
  readonly normalizer: Normalizer<unknown> | undefined
}

/** Maps headers, replaces empty cells by null and reads the declared columns. A cell that cannot be read fails its row and costs validity. */
export function normalize<T, H extends string = never, V = unknown>(
  options: NormalizeOptions<H, V>,
): NormalizingStage<T, Normalized<T, H, V>> {
  checkOptions<NormalizeOptions<string, AnyColumns>>("normalize()", options as NormalizeOptions<string, AnyColumns>, optionSpec)
  const declared = declaredColumns(options)
  const nulls = nullTexts(options.nulls ?? [])
  const declares = {
    rules: rulesOf(declared),
    reuse: true,
    normalizes: true as const,
    columns: (given: readonly ColumnSpec[]) => specsOf(given, declared),
  }
  return declareStage<T, Normalized<T, H, V>, typeof declares>("normalize", declares, async function* (batches, context) {
    const binding = new ColumnBinding({ declared: declared.map(bound), context, lacks, refuseTypos: true })
    const columns = declared.map((column) => new ColumnPlan(column, context))
    let last: TableBatch | undefined
    for await (const given of batches) {
      const batch = TableBatch.from(given)
      last = batch
      const named = binding.bind(batch)
      const { names, absent } = named.shape
      const shaped = named.withShape<unknown>({ names, columns: named.shape.columns.map((column) => blanksToNull(column, nulls)), absent })
      const read = new Map<string, Column<unknown>>()
      for (const column of columns) {
        const found = binding.has(column.name) ? shaped.column(column.name) : undefined
        read.set(column.name, found === undefined ? new MissingColumn(batch.length) : column.read(found, shaped))
      }
      yield shaped.withColumns<Normalized<T, H, V>>(read)
    }
    binding.end(last)
  })
}

function declaredColumns<H extends string, V>(options: NormalizeOptions<H, V>): readonly DeclaredColumn[] {
  const headers = new Map<string, string | readonly string[]>(Object.entries(defined<object>(options.headers)))
  const normalizers = new Map<string, Normalizer<unknown>>(Object.entries(defined<object>(options.columns)))
  return [...new Set([...headers.keys(), ...normalizers.keys()])].map((name) => ({
    name,
    aliases: [headers.get(name) ?? []].flat(),
    normalizer: normalizers.get(name),
  }))
}

function bound({ name, aliases, normalizer }: DeclaredColumn): BoundColumn {
  return { name, aliases, required: normalizer !== undefined && isRequired(normalizer) }
}

function lacks([column]: readonly BoundColumn[], batch: TableBatch): RowgateError {
  const { name = "", aliases = [] } = column ?? {}
  const looked = [name, ...aliases].map((header) => `"${header}"`).join(", ")
  return new RowgateError({
    code: "COLUMN_MISSING",
    message: `The table "${shownText(batch.table.name)}" has no column ${looked}.`,
    remedy: `Map one of its columns with normalize({ headers: { ${name}: ... } }): ${batch.names
      .slice(0, 30)
      .map((header) => `"${header}"`)
      .join(", ")}.`,
    origin: { table: batch.table.name, column: name },
  })
}

/** One declared column during one delivery. Its reader is settled from the first cells; its failures become issues. */
class ColumnPlan {
  readonly name: string
  readonly #normalizer: ColumnNormalizer<unknown> | undefined
  readonly #dates: DateBinding | undefined

  constructor(column: DeclaredColumn, context: Context) {
    this.name = column.name
    this.#normalizer = column.normalizer === undefined ? undefined : toColumnNormalizer(column.normalizer, context)
    const reader = this.#normalizer?.reader
    this.#dates = reader instanceof DateReader ? new DateBinding(column.name, reader, context) : undefined
  }

  read(column: Column<unknown>, batch: TableBatch): Column<unknown> {
    if (this.#normalizer === undefined) return column
    if (this.#normalizer.required) this.#failNulls(column, batch)
    const fail: ReadFailure = (row, code, message, suggestion) => {
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
