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
import { JsonTable } from "./json-table.ts"
import { knownKeys } from "./known-keys.ts"
import { utf8Text } from "./utf8-text.ts"

/** The checked options of `json`. */
export interface JsonSettings {
  readonly bounds: JsonBounds
  /** The keys of `path`. */
  readonly pointer: readonly string[]
  readonly path: string
  readonly header: JsonHeader | undefined
}

/** Reads the records of the array at the pointer. */
export async function* readJson(file: SourceFile, { bounds, pointer, path, header }: JsonSettings, context: Context): Batches<Row> {
  const chunks = file.stream()[Symbol.asyncIterator]()
  try {
    const text = await utf8Text(chunks, file.uri)
    const window = new ByteWindow(text, context.signal)
    const document = new JsonDocument(window, file.uri, bounds)
    const records = await document.enter(pointer)
    yield* jsonBatches(records, window, new JsonTable(bounds.columns, file.uri, knownKeys(context, file.uri)), context, {
      name: pointer.at(-1) ?? tableName(file.uri),
      uri: file.uri,
      version: file.version,
      facts: { format: "json", encoding: text.encoding, ...(pointer.length === 0 ? {} : { path }) },
      header,
      noTable: () => document.noRecords(),
    })
    await document.finish()
  } finally {
    await chunks.return?.()
  }
}
