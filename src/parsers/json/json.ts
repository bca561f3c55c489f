import type { Parser } from "../../contract/parser.ts"
import { jsonHeader } from "./json-header.ts"
import { type JsonLimits, jsonBounds } from "./json-limits.ts"
import { jsonPointer } from "./json-pointer.ts"

/** Options of `json`. An invalid option throws `CONFIG_INVALID`. */
export interface JsonOptions {
  /** The array of rows, as a JSON pointer: `/data/items`. Default: the document itself. */
  readonly path?: string | undefined
  /**
   * If rows are arrays: the number of the array with the column names, counted from 1 (arrays before it are skipped), or whether the first array
   * has them. Default: the first array is the header if it contains only texts.
   */
  readonly header?: number | boolean | undefined
  /** Limits on the size and depth of records. */
  readonly limits?: JsonLimits | undefined
}

/**
 * Reads a JSON document that is, or holds, an array of objects, or of arrays with a header first; or objects one after another.
 *
 * Keys of nested objects become columns by dotted path, `address.city`; arrays stay values. A number whose digits a double cannot hold is
 * text. The columns are those of the first batch; a key that comes later is a column behind them, with a warning (`json.new_column`) on the
 * row that brings it. A load that asks for such a column reads the file again, with all columns from the first row on. A record that is no row (`json.not_a_row`, `row.ragged`), has a key twice (`json.duplicate_key`) or holds no text
 * (`text.invalid_utf8`, `text.lone_surrogate`, `text.nul`) is a rejected row with its JSON as it stands.
 *
 * Fails with `FILE_CORRUPT` or `FILE_TRUNCATED` and the byte where the text stops being JSON, with `TABLE_NOT_FOUND` where it is JSON and no
 * table, with `HEADER_NOT_FOUND` where `header` counts further than there are arrays, and with `LIMIT_EXCEEDED`.
 */
export function json(options: JsonOptions = {}): Parser {
  const { header, path = "" } = options
  const settings = { bounds: jsonBounds(options.limits), pointer: jsonPointer(path), path, header: jsonHeader(header) }
  return {
    name: "json",
    ...(path === "" ? {} : { locate: async () => path }),
    async *parse(file, context) {
      // Loaded with the first file, so that a program that only defines its pipeline does not load the reading code.
      const { readJson } = await import("./read-json.ts")
      yield* readJson(file, settings, context)
    },
  }
}
