import { JsonReader } from "../cells/readers/json-reader.ts"
import type { JsonValue } from "../model/json-value.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/**
 * Reads text as JSON. Objects and arrays of a JSON file stay as they are. A text that is not JSON fails its row (`json.unreadable`).
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: '{"tags": [1, 2]}' }]).normalize({ columns: { value: cell.json() } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => { tags: [ 1, 2 ] }
 * ```
 */
export function json(): Normalizer<JsonValue> {
  return columnNormalizer<JsonValue>("json", "value", new JsonReader(), { kind: "json" })
}
