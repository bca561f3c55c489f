import type { Parser } from "../../contract/parser.ts"
import { tableName } from "../table-name.ts"
import { ByteWindow } from "./byte-window.ts"
import { jsonBatches } from "./json-batches.ts"
import { type JsonLimits, jsonLimits } from "./json-limits.ts"
import { JsonScanner } from "./json-scanner.ts"
import { JsonTable } from "./json-table.ts"
import { LineReader } from "./line-reader.ts"
import { utf8Text } from "./utf8-text.ts"

/** Options of `ndjson`. */
export interface NdjsonOptions extends JsonLimits {
  /** Where lines are arrays: whether the first one holds the names. Default: it does if it holds texts only. */
  readonly header?: boolean | undefined
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
  const limits = jsonLimits(options)
  return {
    name: "ndjson",
    async *parse(file, context) {
      const text = await utf8Text(file)
      const window = new ByteWindow(text.chunks, text.skipped)
      const scanner = new JsonScanner({ maxDepth: limits.maxDepth, maxTextBytes: limits.maxCellBytes, taped: true })
      const lines = new LineReader(window, scanner, file.uri, limits.maxRecordBytes)
      try {
        yield* jsonBatches(lines, window, new JsonTable(limits.maxColumns), context, {
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
