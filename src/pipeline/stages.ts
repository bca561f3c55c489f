import { type DeclaredStage, declareStage } from "../contract/rule.ts"
import type { WithColumn } from "../model/batch.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import { TableBatch } from "../model/table-batch.ts"

/** Keeps the rows for which `keep` is true; the others are counted as filtered, and neither judged nor rejected. */
export function filter<T>(keep: (row: T) => boolean): DeclaredStage<T, T> {
  return declareStage<T, T>("filter", { rules: [], columns: (given) => given }, async function* (batches) {
    for await (const batch of batches) yield batch.filter(keep)
  })
}

/** Other rows from the passing ones, one for one. Origins, marks and issues stay. */
export function map<T, U>(transform: (row: T) => U): DeclaredStage<T, U> {
  return declareStage<T, U>("map", { rules: [], columns: () => undefined }, async function* (batches) {
    for await (const batch of batches) yield batch.map(transform)
  })
}

/** A column computed from each passing row, added or in place of the one of that name. */
export function computed<T, const K extends string, V>(name: K, compute: (row: T) => V): DeclaredStage<T, WithColumn<T, K, V>> {
  return declareStage<T, WithColumn<T, K, V>>(`computed ${name}`, { rules: [], columns: () => undefined }, async function* (batches) {
    for await (const batch of batches) yield batch.withColumn(name, compute)
  })
}

/** A column that is the same in every row. */
export function constant<T, const K extends string, const V extends string | number | boolean | Date>(
  name: K,
  value: V,
): DeclaredStage<T, WithColumn<T, K, V>> {
  const spec: ColumnSpec = { name, kind: kindOf(value), nullable: false }
  const columns = (given: readonly ColumnSpec[]) => [...given.filter((known) => known.name !== name), spec]
  return declareStage<T, WithColumn<T, K, V>>(`constant ${name}`, { rules: [], columns }, async function* (batches) {
    for await (const batch of batches) yield TableBatch.from<T>(batch).withColumn(name, () => value)
  })
}

function kindOf(value: string | number | boolean | Date): ColumnSpec["kind"] {
  if (typeof value === "string") return "text"
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number"
  return typeof value === "boolean" ? "boolean" : "timestamp"
}
