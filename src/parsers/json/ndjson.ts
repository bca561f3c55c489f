import type { Parser } from "../../contract/parser.ts"
import { type JsonLimits, jsonBounds } from "./json-limits.ts"

/** Options of `ndjson`. */
export interface NdjsonOptions {
  /** Where lines are arrays: whether the first one holds the names. Default: it does if it holds texts only. */
  readonly header?: boolean | undefined
  /** How much a file may hold. */
  readonly limits?: JsonLimits | undefined
}

/**
 * Reads newline-delimited JSON: an object a line, or an array a line with a header first.
 *
 * Keys of nested objects become columns by dotted path, `address.city`; arrays stay values. A number whose digits a double cannot hold is
 * text. The columns are those of the first batch; a key that comes later is a column behind them, with a warning (`json.new_column`) on the
 * row that brings it. A line that is not JSON (`json.malformed`, `json.too_deep`), holds no object (`json.not_a_row`), a key twice
 * (`json.duplicate_key`) or no text (`text.invalid_utf8`, `text.lone_surrogate`, `text.nul`) is a rejected row with the line as it stands.
 */
export function ndjson(options: NdjsonOptions = {}): Parser {
  const bounds = jsonBounds(options.limits)
  return {
    name: "ndjson",
    async *parse(file, context) {
      // Loaded with the first file: a program that only describes its pipeline does not carry what reads.
      const { readNdjson } = await import("./read-ndjson.ts")
      yield* readNdjson(file, bounds, options.header, context)
    },
  }
}
