import { TextReader } from "../cells/readers/text-reader.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.text`. */
export interface TextOptions {
  /** Whether white space around the text goes. Default true. */
  readonly trim?: boolean | undefined
}

/** Any cell as text, as the file shows it: a spreadsheet's 10115 is `"10115"`. An error cell fails its row. */
export function text(options: TextOptions = {}): Normalizer<string | null> {
  return columnNormalizer<string>("text", "text", new TextReader({ trim: options.trim ?? true }), { kind: "text" })
}
