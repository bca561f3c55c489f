import type { Parser } from "../../contract/parser.ts"
import { jsonHeader } from "./json-header.ts"
import { type JsonLimits, jsonBounds } from "./json-limits.ts"

/** Options of `ndjson`. */
export interface NdjsonOptions {
  /** Where lines are arrays: which one holds the names, counted from 1, those before it being none; or whether the first one does. Default: the first one, if it holds texts only. */
  readonly header?: number | boolean | undefined
  /** How much a file may hold. */
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
      // Loaded with the first file: a program that only describes its pipeline does not carry what reads.
      const { readNdjson } = await import("./read-ndjson.ts")
      yield* readNdjson(file, bounds, header, context)
    },
  }
}
