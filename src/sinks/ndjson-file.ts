import type { Sink } from "../contract/sink.ts"
import { rowObject } from "../model/row-view.ts"
import { fileSink } from "./file-sink.ts"

/**
 * Writes each passing row as a line of JSON: dates as ISO 8601, numbers as they are, nulls as null. The file takes its name at the end
 * of the run, whole, and replaces the one before. Throws `SINK_REFUSED` where it cannot be written.
 */
export function ndjsonFile(path: string): Sink<unknown> {
  return fileSink(path, {
    name: "ndjson",
    header: () => "",
    row: ({ shape }, row) => `${JSON.stringify(rowObject(shape, row))}\n`,
  })
}
