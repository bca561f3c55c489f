import { checkArgument } from "../options/check-argument.ts"
import { anyText, fullList } from "../options/option-kinds.ts"
import { type Normalizer, normalizerKind } from "./normalizer.ts"

/**
 * Reads the listed texts of one column as null, and its other cells with the normalizer: `cell.withNulls(cell.integer(), ["N/A", "-"])`. The texts
 * are compared as written, except for white space around them; `#DIV/0!` and the like also stand for the error cells of a spreadsheet. Each such
 * cell is a warning (`cell.null`) that costs nothing. Use `normalize({ nulls })` for texts that mean null in every column.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "7" }, { value: "-" }]).normalize({ columns: { value: cell.withNulls(cell.integer(), ["N/A", "-"]) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => 7
 * // => null
 * ```
 */
export function withNulls<V>(normalizer: Normalizer<V>, texts: readonly string[]): Normalizer<V | null> {
  checkArgument("cell.withNulls()", normalizer, normalizerKind())
  checkArgument("cell.withNulls()", texts, fullList(anyText(), 'a list of texts, such as ["N/A", "-"]'))
  const parse: Normalizer<V | null>["parse"] = (cell, context) =>
    typeof cell === "string" && texts.includes(cell.trim()) ? null : normalizer.parse(cell, context)
  return Object.assign(Object.create(Object.getPrototypeOf(normalizer)), normalizer, { parse, nulls: texts })
}
