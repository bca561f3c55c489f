import { NumberReader } from "../cells/readers/number-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"
import { type NotationOptions, notationOf, notationSpec } from "./notation-of.ts"

/** Options of `cell.number` and `cell.integer`. */
export type NumberOptions = NotationOptions

/**
 * Reads numbers as doubles, with 15 to 17 significant digits. Use `cell.decimal` for money. A cell that is not a number fails its row
 * (`number.unreadable`). Throws `CONFIG_INVALID` for an unknown locale.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "2,5" }]).normalize({ columns: { value: cell.number({ locale: "de" }) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => 2.5
 * ```
 */
export function number(options: NumberOptions = {}): Normalizer<number | null> {
  checkOptions("cell.number()", options, notationSpec)
  return columnNormalizer<number>("number", "number", new NumberReader({ format: notationOf(options) }), { kind: "number" })
}
