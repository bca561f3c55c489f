import type { Parser } from "../../contract/parser.ts"
import { tableName } from "../table-name.ts"
import { ByteWindow } from "./byte-window.ts"
import { jsonBatches } from "./json-batches.ts"
import { type JsonLimits, jsonBounds } from "./json-limits.ts"
import { JsonScanner } from "./json-scanner.ts"
import { JsonTable } from "./json-table.ts"
import { LineReader } from "./line-reader.ts"
import { utf8Text } from "./utf8-text.ts"

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
      const text = await utf8Text(file)
      const window = new ByteWindow(text.chunks, text.skipped)
      const scanner = new JsonScanner({ maxDepth: bounds.depth, maxTextBytes: bounds.cellBytes, taped: true })
      const lines = new LineReader(window, scanner, file.uri, bounds.recordBytes)
      try {
        yield* jsonBatches(lines, window, new JsonTable(bounds.columns, file.uri), context, {
          name: tableName(file.uri),
          uri: file.uri,
          version: file.version,
          facts: { format: "ndjson", encoding: text.encoding },
          header: options.header,
          offsets: text.encoding === "utf-8",
        })
      } finally {
        await window.close()
      }
    },
  }
}
