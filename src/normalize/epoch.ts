import { EpochReader, epochUnits } from "../cells/readers/epoch-reader.ts"
import { checkArgument } from "../options/check-argument.ts"
import { oneOf } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/**
 * Reads whole numbers that count the time since the start of 1970 in UTC, as instants: `cell.epoch("milliseconds")` reads 1470148959542 as
 * 2 August 2016, 14:42:39.542. Dates stay as they are. A cell that is neither fails its row (`epoch.unreadable`).
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: 1470148959542 }]).normalize({ columns: { value: cell.epoch("milliseconds") } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => 2016-08-02T14:42:39.542Z
 * ```
 */
export function epoch(unit: "seconds" | "milliseconds"): Normalizer<Date | null> {
  checkArgument("cell.epoch()", unit, oneOf(...epochUnits))
  return columnNormalizer<Date>("epoch", "date", new EpochReader(unit), { kind: "timestamp" })
}
