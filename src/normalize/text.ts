import type { CleanOptions } from "../cells/clean-text.ts"
import { TextReader } from "../cells/readers/text-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { either, flag, oneOf, options as optionsOf } from "../options/option-kinds.ts"
import { blanksKind } from "./blanks.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.text`. */
export interface TextOptions {
  /** Whether to remove white space around the text. Default: true. */
  readonly trim?: boolean | undefined
  /**
   * Whether to clean the text: one blank for each run of white space, no invisible characters, plain quotes, and the Unicode form NFC. An object
   * turns parts of it off: `{ quotes: false }`. Default: false.
   */
  readonly clean?: boolean | CleanOptions | undefined
  /** Whether a blank cell is no value (`"null"`) or a text. Default: as in `normalize({ blanks })`. */
  readonly blanks?: "null" | "text" | undefined
}

const cleanSpec: OptionSpec<CleanOptions> = {
  spaces: flag(),
  invisible: flag(),
  quotes: flag(),
  form: oneOf("NFC", "NFKC", "none"),
}

/**
 * Reads any cell as text, as the file shows it: 10115 in a spreadsheet is `"10115"`. An error cell fails its row (`cell.error`).
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "  ab " }, { value: 10115 }]).normalize({ columns: { value: cell.text() } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => ab
 * // => 10115
 * ```
 */
export function text(options: TextOptions = {}): Normalizer<string | null> {
  checkOptions("cell.text()", options, { trim: flag(), clean: either(flag(), optionsOf(cleanSpec)), blanks: blanksKind() })
  const { trim = true, blanks } = options
  const clean = options.clean === true ? {} : options.clean === false ? undefined : options.clean
  return Object.assign(columnNormalizer<string>("text", "text", new TextReader({ trim, clean }), { kind: "text" }), { blanks })
}
