import { type DeclaredStage, declareStage } from "../../contract/rule.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { WithColumn } from "../../model/batch.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import { MissingColumn } from "../../model/columns/missing-column.ts"
import type { RowShape } from "../../model/row-view.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { checkArgument } from "../../options/check-argument.ts"
import type { OptionKind } from "../../options/option-kind.ts"
import { callback, kind, text } from "../../options/option-kinds.ts"

/**
 * Keeps the rows for which `keep` returns true. The others count as filtered: they are neither scored nor rejected.
 *
 * @example
 * ```ts run
 * import { createPipeline, stage } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ n: 1 }, { n: 2 }]).pipe(stage.filter(({ n }: { n: number }) => n > 1))
 * for await (const row of rows.rows()) console.log(row) // => { n: 2 }
 * ```
 */
export function filter<T>(keep: (row: T) => boolean): DeclaredStage<T, T> {
  checkArgument("filter()", keep, callback("a function of a row"), "PIPELINE_INVALID")
  return declareStage<T, T>("filter", { rules: [], reuse: true, columns: (given) => given }, async function* (batches) {
    for await (const batch of batches) yield batch.filter((row) => synchronous("filter()", keep(row)))
  })
}

/**
 * Replaces each passing row with the result of `transform`. Origins, marks and issues stay.
 *
 * @example
 * ```ts run
 * import { createPipeline, stage } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ n: 2 }]).pipe(stage.map(({ n }: { n: number }) => ({ square: n * n })))
 * for await (const row of rows.rows()) console.log(row) // => { square: 4 }
 * ```
 */
export function map<T, U>(transform: (row: T) => U): DeclaredStage<T, U> {
  checkArgument("map()", transform, callback("a function of a row"), "PIPELINE_INVALID")
  return declareStage<T, U>("map", { rules: [], reuse: true, columns: () => undefined }, async function* (batches) {
    let names: readonly string[] = []
    for await (const batch of batches) {
      const mapped = TableBatch.from<U>(batch.map((row) => synchronous("map()", transform(row))))
      if (mapped.selection.size > 0) names = mapped.names
      // Without a passing row, the new columns are unknown, so the batch gets those of the batch before.
      yield mapped.selection.size > 0 ? mapped : mapped.withShape<U>(emptyShape(names, mapped.length))
    }
  })
}

function emptyShape(names: readonly string[], length: number): RowShape {
  return { names, columns: names.map(() => new MissingColumn(length)), absent: new Set() }
}

/**
 * Adds a column that is computed from each passing row. Replaces a column of the same name.
 *
 * @example
 * ```ts run
 * import { createPipeline, stage } from "rowgate"
 *
 * const total = stage.computed("total", ({ price, count }: { price: number; count: number }) => price * count)
 * for await (const row of createPipeline({ name: "rows" }).fromRows([{ price: 2, count: 3 }]).pipe(total).rows()) console.log(row.total) // => 6
 * ```
 */
export function computed<T, const K extends string, V>(name: K, compute: (row: T) => V): DeclaredStage<T, WithColumn<T, K, V>> {
  checkArgument("The name of computed()", name, text("the name of a column"), "PIPELINE_INVALID")
  checkArgument("computed()", compute, callback("a function of a row"), "PIPELINE_INVALID")
  return declareStage<T, WithColumn<T, K, V>>(
    `computed ${name}`,
    { rules: [], reuse: true, columns: () => undefined },
    async function* (batches) {
      for await (const batch of batches) yield batch.withColumn(name, (row) => synchronous("computed()", compute(row)))
    },
  )
}

/**
 * Adds a column that is the same in every row.
 *
 * @example
 * ```ts run
 * import { createPipeline, stage } from "rowgate"
 *
 * const currency = stage.constant<{ n: number }, "currency", string>("currency", "EUR")
 * for await (const row of createPipeline({ name: "rows" }).fromRows([{ n: 1 }]).pipe(currency).rows()) console.log(row) // => { n: 1, currency: 'EUR' }
 * ```
 */
export function constant<T, const K extends string, const V extends string | number | boolean | Date>(
  name: K,
  value: V,
): DeclaredStage<T, WithColumn<T, K, V>> {
  checkArgument("The name of constant()", name, text("the name of a column"), "PIPELINE_INVALID")
  checkArgument("constant()", value, constantKind(), "PIPELINE_INVALID")
  const spec: ColumnSpec = { name, kind: kindOf(value), nullable: false }
  const columns = (given: readonly ColumnSpec[]) => [...given.filter((known) => known.name !== name), spec]
  return declareStage<T, WithColumn<T, K, V>>(`constant ${name}`, { rules: [], reuse: true, columns }, async function* (batches) {
    for await (const batch of batches) yield TableBatch.from<T>(batch).withColumn(name, () => value)
  })
}

/** A promise is truthy, and has no columns: an async function would keep every row, or empty it. */
function synchronous<V>(call: string, value: V): V {
  if (!(value instanceof Promise)) return value
  value.catch(() => undefined)
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The function of ${call} returned a promise.`,
    remedy: "Make the function synchronous. Look values up in a stage of your own, or in the begin function of a run check.",
  })
}

function constantKind<V>(): OptionKind<V> {
  return kind(
    "a string, a number, true, false or a Date",
    (value) => ["string", "number", "boolean"].includes(typeof value) || value instanceof Date,
  )
}

function kindOf(value: string | number | boolean | Date): ColumnSpec["kind"] {
  if (typeof value === "string") return "text"
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number"
  return typeof value === "boolean" ? "boolean" : "timestamp"
}
