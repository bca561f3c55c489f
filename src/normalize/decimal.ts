import { DecimalReader } from "../cells/readers/decimal-reader.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { checkOptions } from "../options/check-options.ts"
import { position } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"
import { type NotationOptions, notationOf, notationSpec } from "./notation-of.ts"

/** Options of `cell.decimal`. */
export interface DecimalOptions extends NotationOptions {
  /** The total number of digits, as in `numeric(precision, scale)`. Default: unlimited. */
  readonly precision?: number | undefined
  /**
   * The number of digits after the point. Fewer are filled up with zeros; more fail the row unless they are zeros. Nothing is rounded. Default:
   * as many as are written.
   */
  readonly scale?: number | undefined
}

/**
 * Reads exact decimals as canonical text: `1.234,50` in a German file becomes `"1234.50"`. A cell that is not a decimal, or exceeds the limits,
 * fails its row (`decimal.unreadable`, `decimal.scale`, `decimal.precision`).
 *
 * Throws `CONFIG_INVALID` for an unknown locale, or a scale greater than the precision.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "1.234,5" }]).normalize({ columns: { value: cell.decimal({ locale: "de", scale: 2 }) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => 1234.50
 * ```
 */
export function decimal(options: DecimalOptions = {}): Normalizer<string | null> {
  checkOptions("cell.decimal()", options, { ...notationSpec, precision: position(1), scale: position(0) })
  const { precision, scale } = options
  if (precision !== undefined && precision < (scale ?? 0)) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `A decimal of precision ${precision} cannot have a scale of ${scale ?? 0}.`,
      remedy: "Set precision to the total number of digits, including those after the point.",
    })
  }
  const reader = new DecimalReader({ format: notationOf(options), limits: { precision, scale } })
  const limits = { ...(precision === undefined ? {} : { precision }), ...(scale === undefined ? {} : { scale }) }
  return columnNormalizer<string>("decimal", "text", reader, { kind: "decimal", ...limits })
}
