import type { AutoParserOptions } from "../parsers/auto.ts"
import type { IngestSettings } from "./ingest-settings.ts"

/** How the command line says that files are read. */
export function readingOptions({ sheet, path, header, csv, merged, hiddenRows }: IngestSettings): AutoParserOptions {
  return { csv: { ...csv, header }, json: { path, header }, ndjson: { header }, xlsx: { sheet, header, merged, hiddenRows } }
}
