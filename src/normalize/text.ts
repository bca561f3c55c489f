import { TextReader } from "../cells/readers/text-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { flag } from "../options/option-kinds.ts"
import { blanksKind } from "./blanks.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.text`. */
export interface TextOptions {
  /** Whether to remove white space around the text. Default: true. */
  readonly trim?: boolean | undefined
  /** Whether a blank cell is no value (`"null"`) or a text. Default: as in `normalize({ blanks })`. */
  readonly blanks?: "null" | "text" | undefined
}

/** Reads any cell as text, as the file shows it: 10115 in a spreadsheet is `"10115"`. An error cell fails its row (`cell.error`). */
export function text(options: TextOptions = {}): Normalizer<string | null> {
  checkOptions("cell.text()", options, { trim: flag(), blanks: blanksKind() })
  const { trim = true, blanks } = options
  return Object.assign(columnNormalizer<string>("text", "text", new TextReader({ trim }), { kind: "text" }), { blanks })
}
