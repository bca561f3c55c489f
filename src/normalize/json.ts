import { JsonReader } from "../cells/readers/json-reader.ts"
import type { JsonValue } from "../model/json-value.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Reads text as JSON. Objects and arrays of a JSON file stay as they are. A text that is not JSON fails its row (`json.unreadable`). */
export function json(): Normalizer<JsonValue> {
  return columnNormalizer<JsonValue>("json", "value", new JsonReader(), { kind: "json" })
}
