import type { Sink } from "../contract/sink.ts"
import { rowObject } from "../model/row-view.ts"
import { type FileFormat, fileSink } from "./file-sink.ts"

/**
 * Writes each passing row as a line of JSON: dates as ISO 8601, numbers as they are, nulls as null. The file takes its name at the end
 * of the run, whole, readable by its owner alone, and replaces the one before if that is a regular file of this user. Throws `SINK_REFUSED` where it cannot be written.
 */
export function ndjsonFile(path: string): Sink<unknown> {
  return fileSink(path, ndjsonFormat)
}

/** Rows as lines of JSON, as `ndjsonFile` writes them. */
export const ndjsonFormat: FileFormat = {
  name: "ndjson",
  header: () => "",
  row: ({ shape }, row) => `${JSON.stringify(rowObject(shape, row))}\n`,
}
