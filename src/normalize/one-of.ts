import { foldedText } from "../cells/folded-text.ts"
import { quoted } from "../cells/readers/quoted.ts"
import { TextMapReader } from "../cells/readers/text-map-reader.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, text } from "../options/option-kinds.ts"
import { nearestValue } from "./nearest-value.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/**
 * Accepts one of the listed texts, after trimming; case matters. Any other text fails its row (`list.unknown`), with the nearest value as the
 * suggestion. `cell.category` also accepts other spellings.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: " DE " }, { value: "XX" }]).normalize({ columns: { value: cell.oneOf("DE", "FR") } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => DE
 * ```
 */
export function oneOf<const V extends string>(...values: readonly V[]): Normalizer<V | null> {
  checkArgument("cell.oneOf()", values, fullList(text(), "texts, one after another"))
  const known = new Set<string>(values)
  const keys = values.map((value) => [keyOf(value), value] as const)
  const reader = new TextMapReader((given) => (known.has(given) ? given : unknownValue(given, values, nearestValue(keyOf(given), keys))))
  return { ...columnNormalizer<V>("oneOf", "text", reader, { kind: "text" }), values } as Normalizer<V | null>
}

/** The fault of a text that is none of the values. */
export function unknownValue(given: string, values: readonly string[], nearest: string | undefined) {
  return {
    code: "list.unknown",
    message: `${quoted(given)} is not one of ${values.slice(0, 10).join(", ")}${values.length > 10 ? " and others" : ""}.`,
    suggestion: nearest === undefined ? undefined : `Did you mean ${quoted(nearest)}?`,
  }
}

function keyOf(value: string): string {
  return foldedText(value, { accents: true })
}
