import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { tableName } from "../table-name.ts"
import { ByteWindow } from "./byte-window.ts"
import { jsonBatches } from "./json-batches.ts"
import { JsonDocument } from "./json-document.ts"
import type { JsonBounds } from "./json-limits.ts"
import { JsonTable } from "./json-table.ts"
import { utf8Text } from "./utf8-text.ts"

/** Options of `json`, settled. */
export interface JsonSettings {
  readonly bounds: JsonBounds
  /** The keys of `path`. */
  readonly pointer: readonly string[]
  readonly path: string
  readonly header: boolean | undefined
}

/** Reads the records that a document holds where the pointer leads. */
export async function* readJson(file: SourceFile, { bounds, pointer, path, header }: JsonSettings, context: Context): Batches<Row> {
  const text = await utf8Text(file)
  const window = new ByteWindow(text.chunks, text.skipped)
  const document = new JsonDocument(window, file.uri, bounds)
  try {
    const records = await document.enter(pointer)
    yield* jsonBatches(records, window, new JsonTable(bounds.columns, file.uri), context, {
      name: pointer.at(-1) ?? tableName(file.uri),
      uri: file.uri,
      version: file.version,
      facts: { format: "json", encoding: text.encoding, ...(pointer.length === 0 ? {} : { path }) },
      header,
      offsets: text.encoding === "utf-8",
      noTable: () => document.noRecords(),
    })
    await document.finish()
  } finally {
    await window.close()
  }
}
