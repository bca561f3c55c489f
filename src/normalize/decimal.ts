import { DecimalReader } from "../cells/readers/decimal-reader.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { localeFormat } from "./locale-format.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.decimal`. */
export interface DecimalOptions {
  /** BCP 47 tag of the language the numbers are written in. Default: a point, and nothing between digits. */
  readonly locale?: string | undefined
  /** Digits in all, as in `numeric(precision, scale)`. Default: any number of them. */
  readonly precision?: number | undefined
  /**
   * Digits after the point: fewer are filled up with zeros, more of them, unless zeros, fail the row. Nothing is rounded.
   * Default: any number of them, as they are written.
   */
  readonly scale?: number | undefined
}

/**
 * Exact decimals, as canonical text: `1.234,50` of a German file is `"1234.50"`.
 * Throws `CONFIG_INVALID` for an unknown locale or a scale beyond the precision.
 */
export function decimal(options: DecimalOptions = {}): Normalizer<string | null> {
  const { precision, scale } = options
  if (precision !== undefined && precision < Math.max(1, scale ?? 0)) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `a decimal of precision ${precision} cannot have a scale of ${scale ?? 0}`,
      remedy: "precision counts all digits, those after the point included",
    })
  }
  const reader = new DecimalReader({ format: localeFormat(options.locale), limits: { precision, scale } })
  const limits = { ...(precision === undefined ? {} : { precision }), ...(scale === undefined ? {} : { scale }) }
  return columnNormalizer<string>("decimal", "text", reader, { kind: "decimal", ...limits })
}
