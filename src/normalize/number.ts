import { NumberReader } from "../cells/readers/number-reader.ts"
import { localeFormat } from "./locale-format.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.number` and `cell.integer`. */
export interface NumberOptions {
  /** BCP 47 tag of the language the numbers are written in. Default: a point, and nothing between digits. */
  readonly locale?: string | undefined
}

/** Numbers as doubles: 15 to 17 significant digits. For money use `cell.decimal`. Throws `CONFIG_INVALID` for an unknown locale. */
export function number(options: NumberOptions = {}): Normalizer<number | null> {
  return columnNormalizer<number>("number", "number", new NumberReader({ format: localeFormat(options.locale) }), { kind: "number" })
}
