import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { tableName } from "../table-name.ts"
import { ByteWindow } from "./byte-window.ts"
import { jsonBatches } from "./json-batches.ts"
import type { JsonBounds } from "./json-limits.ts"
import { JsonScanner } from "./json-scanner.ts"
import { JsonTable } from "./json-table.ts"
import { LineReader } from "./line-reader.ts"
import { utf8Text } from "./utf8-text.ts"

/** Reads a record a line. */
export async function* readNdjson(file: SourceFile, bounds: JsonBounds, header: boolean | undefined, context: Context): Batches<Row> {
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
      header,
      offsets: text.encoding === "utf-8",
    })
  } finally {
    await window.close()
  }
}
