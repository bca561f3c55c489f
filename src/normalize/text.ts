import { TextReader } from "../cells/readers/text-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { flag } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.text`. */
export interface TextOptions {
  /** Whether to remove white space around the text. Default: true. */
  readonly trim?: boolean | undefined
}

/** Reads any cell as text, as the file shows it: 10115 in a spreadsheet is `"10115"`. An error cell fails its row (`cell.error`). */
export function text(options: TextOptions = {}): Normalizer<string | null> {
  checkOptions("cell.text()", options, { trim: flag() })
  return columnNormalizer<string>("text", "text", new TextReader({ trim: options.trim ?? true }), { kind: "text" })
}
