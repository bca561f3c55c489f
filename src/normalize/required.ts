import { checkArgument } from "../options/check-argument.ts"
import {
  type ColumnNormalizer,
  columnNormalizer,
  isColumnNormalizer,
  type Normalizer,
  normalizerKind,
  nullsOf,
  type Unreadable,
} from "./normalizer.ts"

/**
 * Requires a value: an empty cell fails its row (`required`) and costs completeness. A file without the column fails with `COLUMN_MISSING`.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "1" }, { value: "" }]).normalize({ columns: { value: cell.required(cell.integer()) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => 1
 * ```
 */
export function required<V>(normalizer: Normalizer<V>): Normalizer<NonNullable<V>> {
  checkArgument("cell.required()", normalizer, normalizerKind())
  if (isColumnNormalizer(normalizer)) {
    const { name, produces, reader, spec } = normalizer
    const column: ColumnNormalizer<NonNullable<V>> & { readonly nulls: readonly string[] } = {
      ...normalizer,
      ...columnNormalizer<NonNullable<V>>(name, produces, reader, spec),
      parse: normalizer.parse as Normalizer<NonNullable<V>>["parse"],
      required: true,
      nulls: nullsOf(normalizer),
    }
    return column
  }
  const { name, produces } = normalizer
  const custom: Normalizer<NonNullable<V>> & { readonly required: true; readonly nulls: readonly string[] } = {
    name,
    produces,
    // Called as a method, because the normalizer may be an object with its own state.
    parse: (cell, context) => normalizer.parse(cell, context) as NonNullable<V> | Unreadable,
    required: true,
    nulls: nullsOf(normalizer),
  }
  return custom
}
