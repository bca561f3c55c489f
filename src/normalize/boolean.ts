import { BooleanReader } from "../cells/readers/boolean-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { anyText, list } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.boolean`. */
export interface BooleanOptions {
  /** Texts that mean true, in any case. Default: true, t, yes, y, on, 1. */
  readonly true?: readonly string[] | undefined
  /** Texts that mean false, in any case. Default: false, f, no, n, off, 0. */
  readonly false?: readonly string[] | undefined
}

/**
 * Reads booleans. A text that is not listed fails its row (`boolean.unreadable`).
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "ja" }, { value: "Nein" }]).normalize({ columns: { value: cell.boolean({ true: ["ja"], false: ["nein"] }) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => true
 * // => false
 * ```
 */
export function boolean(options: BooleanOptions = {}): Normalizer<boolean | null> {
  checkOptions("cell.boolean()", options, { true: list(anyText()), false: list(anyText()) })
  return columnNormalizer<boolean>("boolean", "boolean", new BooleanReader(options), { kind: "boolean" })
}
