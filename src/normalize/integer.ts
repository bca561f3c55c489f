import { NumberReader } from "../cells/readers/number-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"
import { notationOf, notationSpec } from "./notation-of.ts"
import type { NumberOptions } from "./number.ts"

/**
 * Reads whole numbers as doubles, exact up to 2^53. A fraction or a larger number fails its row (`integer.fraction`, `integer.unsafe`). Throws
 * `CONFIG_INVALID` for an unknown locale.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "1,234" }]).normalize({ columns: { value: cell.integer({ locale: "en" }) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => 1234
 * ```
 */
export function integer(options: NumberOptions = {}): Normalizer<number | null> {
  checkOptions("cell.integer()", options, notationSpec)
  const reader = new NumberReader({ format: notationOf(options), wholeOnly: true })
  return columnNormalizer<number>("integer", "number", reader, { kind: "integer" })
}
