import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { tableName } from "../table-name.ts"
import { ByteWindow } from "./byte-window.ts"
import { jsonBatches } from "./json-batches.ts"
import type { JsonHeader } from "./json-header.ts"
import type { JsonBounds } from "./json-limits.ts"
import { JsonScanner } from "./json-scanner.ts"
import { JsonTable } from "./json-table.ts"
import { LineReader } from "./line-reader.ts"
import { tableHints } from "./table-hints.ts"
import { utf8Text } from "./utf8-text.ts"

/** Reads one record per line. */
export async function* readNdjson(file: SourceFile, bounds: JsonBounds, header: JsonHeader | undefined, context: Context): Batches<Row> {
  const chunks = file.stream()[Symbol.asyncIterator]()
  try {
    const text = await utf8Text(chunks, file.uri)
    const window = new ByteWindow(text, context.signal)
    const scanner = new JsonScanner({ maxDepth: bounds.depth, maxTextBytes: bounds.cellBytes, maxValues: bounds.values, taped: true })
    const lines = new LineReader(window, scanner, file.uri, bounds.recordBytes)
    yield* jsonBatches(lines, window, new JsonTable(bounds.columns, file.uri, tableHints(context, file.uri)), context, {
      name: tableName(file.uri),
      uri: file.uri,
      version: file.version,
      facts: { format: "ndjson", encoding: text.encoding },
      header,
    })
  } finally {
    await chunks.return?.()
  }
}
