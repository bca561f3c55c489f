import type { Sink } from "../contract/sink.ts"
import { rowJson } from "../model/row-json.ts"
import { checkArgument } from "../options/check-argument.ts"
import { text } from "../options/option-kinds.ts"
import { type FileFormat, fileSink } from "./file-sink.ts"

/**
 * Writes each passing row as a line of JSON, with dates as ISO 8601. The file appears under its name at the end of the run, when it is complete.
 * Only its owner can read it, and it replaces only a regular file of the same user. Fails with `SINK_REFUSED` if it cannot be written.
 *
 * @example
 * ```ts run
 * import { readFile } from "node:fs/promises"
 * import { createPipeline, ndjsonFile } from "rowgate"
 *
 * await createPipeline({ name: "towns" }).fromRows([{ id: 1, town: "Ulm" }]).into(ndjsonFile("towns.ndjson")).run()
 * console.log((await readFile("towns.ndjson", "utf8")).trim()) // => {"id":1,"town":"Ulm"}
 * ```
 */
export function ndjsonFile(path: string): Sink<unknown> {
  checkArgument("ndjsonFile()", path, text("a path"))
  return fileSink(path, ndjsonFormat)
}

/** The JSON lines that `ndjsonFile` writes. */
export const ndjsonFormat: FileFormat = {
  name: "ndjson",
  header: () => "",
  row: ({ shape }, row) => `${rowJson(shape, row)}\n`,
}
