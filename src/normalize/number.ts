import { NumberReader } from "../cells/readers/number-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { text } from "../options/option-kinds.ts"
import { localeFormat } from "./locale-format.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.number` and `cell.integer`. */
export interface NumberOptions {
  /** The BCP 47 tag of the language in which the numbers are written. Default: a decimal point and no group separators. */
  readonly locale?: string | undefined
}

/**
 * Reads numbers as doubles, with 15 to 17 significant digits. Use `cell.decimal` for money. A cell that is not a number fails its row
 * (`number.unreadable`). Throws `CONFIG_INVALID` for an unknown locale.
 */
export function number(options: NumberOptions = {}): Normalizer<number | null> {
  checkOptions("cell.number()", options, { locale: text() })
  return columnNormalizer<number>("number", "number", new NumberReader({ format: localeFormat(options.locale) }), { kind: "number" })
}
