import type { Parser } from "../../contract/parser.ts"
import { jsonHeader } from "./json-header.ts"
import { type JsonLimits, jsonBounds } from "./json-limits.ts"

/** Options of `ndjson`. An invalid option throws `CONFIG_INVALID`. */
export interface NdjsonOptions {
  /**
   * If lines are arrays: the number of the array with the column names, counted from 1 (arrays before it are skipped), or whether the first
   * array has them. Default: the first array is the header if it contains only texts.
   */
  readonly header?: number | boolean | undefined
  /** Limits on the size and depth of records. */
  readonly limits?: JsonLimits | undefined
}

/**
 * Reads newline-delimited JSON: an object a line, or an array a line with a header first.
 *
 * Keys of nested objects become columns by dotted path, `address.city`; arrays stay values. A number whose digits a double cannot hold is
 * text. The columns are those of the first batch; a key that comes later is a column behind them, with a warning (`json.new_column`) on the
 * row that brings it. A load that asks for such a column reads the file again, with all columns from the first row on. A line that is not JSON (`json.malformed`, `json.too_deep`), holds no object (`json.not_a_row`), a key twice
 * (`json.duplicate_key`) or no text (`text.invalid_utf8`, `text.lone_surrogate`, `text.nul`) is a rejected row with the line as it stands.
 * Lines end in LF or CR LF, or in CR alone where the first one does.
 */
export function ndjson(options: NdjsonOptions = {}): Parser {
  const bounds = jsonBounds(options.limits)
  const header = jsonHeader(options.header)
  return {
    name: "ndjson",
    async *parse(file, context) {
      // Loaded with the first file, so that a program that only defines its pipeline does not load the reading code.
      const { readNdjson } = await import("./read-ndjson.ts")
      yield* readNdjson(file, bounds, header, context)
    },
  }
}
