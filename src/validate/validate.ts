import type { StandardSchemaV1 } from "@standard-schema/spec"
import { type DeclaredStage, declareStage, type Rule } from "../contract/rule.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import { TableBatch } from "../model/table-batch.ts"
import { jsonStructure } from "./json-structure.ts"
import type { SchemaStructure } from "./schema-column.ts"
import { zodStructure } from "./zod-structure.ts"

/** Asks for the schema of one row if the schema of a list was given. */
export type OneRow<In> = unknown extends In
  ? unknown
  : [In] extends [readonly unknown[]]
    ? "give the schema of one row: z.object({ ... }), not z.array(...)"
    : unknown

/** A stage that validates rows with a schema. */
export interface SchemaStage<In, out Out> extends DeclaredStage<unknown, Out> {
  /** Never set. It tells the compiler which columns the schema takes. */
  readonly accepts?: In
}

/**
 * Validates rows with a schema: zod, valibot, arktype, or any Standard Schema. Columns that no normalizer has read are read as the kind that the
 * schema declares. A row that fails keeps every reason, in the schema's own words.
 *
 * Fails with `COLUMN_MISSING` if the table lacks a column that the schema requires, with `COLUMN_UNEXPECTED` if it has a column that a strict
 * schema does not name, with `PIPELINE_INVALID` if a regular expression of the schema takes practically for ever for some texts, and with `SCHEMA_INVALID`
 * if the schema does not implement Standard Schema or returns something other than objects.
 *
 * @example
 * ```ts run
 * import { bytes, compose, createPipeline, stage } from "rowgate"
 * import { z } from "zod"
 *
 * const valid = compose(stage.validate(z.object({ id: z.number().int() })))
 * for await (const row of createPipeline({ name: "orders" }).from(bytes("id\n17\nx\n")).pipe(valid).rows()) console.log(row) // => { id: 17 }
 * ```
 */
export function validate<In, Out>(schema: StandardSchemaV1<In, Out> & OneRow<In>): SchemaStage<In, Out> {
  requireSchema("validate()", schema)
  const structure = zodStructure(schema) ?? jsonStructure(schema)
  const properties = structure.columns?.map(({ name }) => name)
  const declares = {
    rules: rulesOf(structure),
    properties,
    nested: structure.columns?.filter(({ spec }) => spec === "json").map(({ name }) => name),
    schemas: [schema],
    reuse: true,
    columns: (given: readonly ColumnSpec[]) => specsOf(given, structure),
  }
  return declareStage<unknown, Out>("validate", declares, async function* (batches, context) {
    const { Validation } = await import("./validation.ts")
    const { refuseEndlessPatterns } = await import("./patterns/refuse-endless-patterns.ts")
    refuseEndlessPatterns(schema)
    const validation = new Validation(schema, structure, context)
    for await (const batch of batches) yield await validation.validate<Out>(TableBatch.from(batch))
    validation.end()
  })
}

/** The types prevent this, but a program in JavaScript may get here. */
export function requireSchema(call: string, schema: unknown): void {
  if (isStandardSchema(schema)) return
  throw new RowgateError({
    code: "SCHEMA_INVALID",
    message: `${call} takes a schema, but its argument has no \`~standard\` with a function validate.`,
    remedy: "Pass a schema that implements Standard Schema, as those of zod 4, valibot and arktype do.",
  })
}

function isStandardSchema(schema: unknown): boolean {
  const isObject = (typeof schema === "object" || typeof schema === "function") && schema !== null
  if (!isObject || !("~standard" in schema)) return false
  const standard = schema["~standard"]
  return typeof standard === "object" && standard !== null && "validate" in standard && typeof standard.validate === "function"
}

function rulesOf({ columns, whole, checks = [], union, parameters: ofRow }: SchemaStructure): readonly Rule[] {
  const all = union === undefined ? (columns ?? []) : union.variants.flatMap((variant) => variant.columns)
  const required = new Set(all.flatMap(({ name, whenMissing }) => (whenMissing === "required" ? [name] : [])))
  const rules = (columns ?? []).flatMap(({ name, parameters }): readonly Rule[] => {
    const valid: Rule = { name: `schema.${name}`, dimension: "validity", columns: [name], parameters }
    return required.has(name) ? [{ name: `required.${name}`, dimension: "completeness", columns: [name] }, valid] : [valid]
  })
  // The rule of issues that belong to no known column.
  return whole || checks.length > 0 ? [...rules, { name: "schema", dimension: "validity", columns: [], parameters: ofRow }] : rules
}

/** For a column that the schema calls text, a normalizer knows more: that it is a decimal, or a date. */
function specsOf(given: readonly ColumnSpec[], { columns, others, reshapes }: SchemaStructure): readonly ColumnSpec[] | undefined {
  if (columns === undefined || reshapes) return undefined
  const before = new Map(given.map((spec) => [spec.name, spec]))
  const own = columns.map(({ name, spec, whenMissing }): ColumnSpec => {
    const nullable = whenMissing === "null" || whenMissing === "absent"
    const known = before.get(name)
    const refines = known !== undefined && finer[spec]?.includes(known.kind) === true
    return refines ? { ...known, nullable } : { name, kind: spec, nullable }
  })
  const named = new Set(own.map(({ name }) => name))
  return others === "keep" ? [...own, ...given.filter(({ name }) => !named.has(name))] : own
}

const finer: { readonly [kind in ColumnSpec["kind"]]?: readonly ColumnSpec["kind"][] } = {
  text: ["decimal"],
  number: ["integer"],
  timestamp: ["date"],
}
