import { declareStage, type NormalizingStage, type Rule } from "../contract/rule.ts"
import type { CellValue } from "../model/cell-value.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { JsonValue } from "../model/json-value.ts"
import { TableBatch } from "../model/table-batch.ts"
import { type UnexpectedColumnPolicy, unexpectedColumnPolicies } from "../model/unexpected-column-policy.ts"
import { checkOptions } from "../options/check-options.ts"
import { defined } from "../options/defined.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { anyText, either, list, oneOf, record, text } from "../options/option-kinds.ts"
import { blanksKind, blanksOf } from "./blanks.ts"
import type { DeclaredColumn } from "./normalization.ts"
import { isColumnNormalizer, isRequired, type Normalizer, normalizerKind, specOf } from "./normalizer.ts"
import { nullTexts } from "./null-texts.ts"
import { unexpectedRule } from "./unexpected-rule.ts"

/** How cells become values, before any schema. */
export interface NormalizeOptions<H extends string, V> {
  /** For each row column, the headers that it may have in a file. Its own name always works, in any case and punctuation. */
  readonly headers?: { readonly [K in H]: string | readonly string[] } | undefined
  /** Texts that count as null, in addition to blank cells. They also stand for numbers that are shown like this. */
  readonly nulls?: readonly string[] | undefined
  /**
   * What a blank cell of text is: no value (`"null"`), or the text that the file has (`"text"`): `""` in JSON, or quotes around nothing in delimited
   * text. A cell that the file leaves empty is null in any case, and so is a blank cell of a column that is read as something other than text. A
   * column decides for itself with `cell.text({ blanks })`. Default: `"null"`.
   */
  readonly blanks?: "null" | "text" | undefined
  /**
   * What happens to a column that neither `normalize` nor the next schema names:
   *
   * - `"evolve"`: it goes on to the sink, even past a schema that drops other columns. A sink with `evolve` adds it to the table.
   * - `"freeze"`: the delivery stops with `COLUMN_UNEXPECTED`.
   * - `"discardColumn"`: it is left out, and the notice `column.discarded` says how many of its cells had values.
   * - `"rejectRow"`: it is left out, and rows that have a value in it are rejected.
   *
   * Default: it goes on, and the schema or the sink decides.
   */
  readonly unexpected?: UnexpectedColumnPolicy | undefined
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
  blanks: blanksKind(),
  unexpected: oneOf(...unexpectedColumnPolicies),
  columns: record(normalizerKind<unknown>(), "an object with a normalizer for each column"),
}

/**
 * Maps headers, replaces empty cells by null and reads the declared columns. A cell that cannot be read fails its row and costs validity.
 *
 * @example
 * ```ts run
 * import { bytes, cell, compose, createPipeline, stage } from "rowgate"
 *
 * const read = compose(stage.normalize({ headers: { id: "No." }, columns: { id: cell.integer() } }))
 * for await (const row of createPipeline({ name: "orders" }).from(bytes("No.\n17\n")).pipe(read).rows()) console.log(row) // => { id: 17 }
 * ```
 */
export function normalize<T, H extends string = never, V = unknown>(
  options: NormalizeOptions<H, V>,
): NormalizingStage<T, Normalized<T, H, V>> {
  checkOptions<NormalizeOptions<string, AnyColumns>>("normalize()", options as NormalizeOptions<string, AnyColumns>, optionSpec)
  const declared = declaredColumns(options)
  const { blanks = "null", unexpected } = options
  const empty = { nulls: nullTexts(options.nulls ?? []), blanks }
  const declares = {
    rules: unexpected === "rejectRow" ? [...rulesOf(declared), unexpectedRule] : rulesOf(declared),
    reuse: true,
    normalizes: true as const,
    emptyIsNull: [undefined, ...declared.map(({ normalizer }) => normalizer)].some((each) => blanksOf(each, blanks) === "text"),
    headers: declared.flatMap(({ name, aliases }) => [name, ...aliases]),
    nested: declared.filter(({ normalizer }) => normalizer !== undefined && specOf(normalizer).kind === "json").map(({ name }) => name),
    columns: (given: readonly ColumnSpec[]) => specsOf(given, declared),
  }
  return declareStage<T, Normalized<T, H, V>, typeof declares>("normalize", declares, async function* (batches, context) {
    const { Normalization } = await import("./normalization.ts")
    const normalization = new Normalization(declared, { empty, unexpected }, context)
    for await (const batch of batches) yield normalization.normalize<Normalized<T, H, V>>(TableBatch.from(batch))
    normalization.end()
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

function rulesOf(declared: readonly DeclaredColumn[]): readonly Rule[] {
  return declared.flatMap(({ name, normalizer }): readonly Rule[] => {
    if (normalizer === undefined) return []
    const read: Rule = { name: `read.${name}`, dimension: "validity", columns: [name], parameters: parametersOf(normalizer) }
    return isRequired(normalizer) ? [{ name: `required.${name}`, dimension: "completeness", columns: [name] }, read] : [read]
  })
}

/** What a normalizer requires of a cell. */
function parametersOf(normalizer: Normalizer<unknown>): JsonValue {
  const values = isColumnNormalizer(normalizer) ? normalizer.values : undefined
  return { ...specOf(normalizer), reads: normalizer.name, ...(values === undefined ? {} : { values }) }
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
