import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { tableName } from "../table-name.ts"
import { ByteWindow } from "./byte-window.ts"
import { jsonBatches } from "./json-batches.ts"
import { JsonDocument } from "./json-document.ts"
import type { JsonHeader } from "./json-header.ts"
import type { JsonBounds } from "./json-limits.ts"
import { pointerText } from "./json-pointer.ts"
import { JsonTable } from "./json-table.ts"
import { tableHints } from "./table-hints.ts"
import { utf8Text } from "./utf8-text.ts"

/** The checked options of `json`. */
export interface JsonSettings {
  readonly bounds: JsonBounds
  /** The keys of `path`, if it is set. */
  readonly pointer: readonly string[] | undefined
  readonly header: JsonHeader | undefined
}

/** Reads the records of the array at the pointer, or of the table that the document holds. */
export async function* readJson(file: SourceFile, { bounds, pointer, header }: JsonSettings, context: Context): Batches<Row> {
  const chunks = file.stream()[Symbol.asyncIterator]()
  try {
    const text = await utf8Text(chunks, file.uri)
    const window = new ByteWindow(text, context.signal)
    const document = new JsonDocument(window, file.uri, bounds)
    const records = await document.enter(pointer, context.headers ?? new Set())
    const table = new JsonTable(bounds.columns, file.uri, tableHints(context, file.uri))
    if (document.notice !== undefined) table.notices.push(document.notice)
    yield* jsonBatches(records, window, table, context, {
      name: document.pointer.at(-1) ?? tableName(file.uri),
      uri: file.uri,
      version: file.version,
      facts: { format: "json", encoding: text.encoding, ...(document.pointer.length === 0 ? {} : { path: pointerText(document.pointer) }) },
      header,
      noTable: () => document.noRecords(),
    })
    await document.finish()
  } finally {
    await chunks.return?.()
  }
}
