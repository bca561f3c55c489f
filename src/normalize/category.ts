import { foldedText } from "../cells/folded-text.ts"
import { quoted } from "../cells/readers/quoted.ts"
import { TextMapReader } from "../cells/readers/text-map-reader.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { either, flag, fullList, list, record, text } from "../options/option-kinds.ts"
import { nearestValue } from "./nearest-value.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"
import { unknownValue } from "./one-of.ts"

/** Options of `cell.category`. */
export interface CategoryOptions {
  /** Whether `"Munchen"` is `"München"`. Default: false. */
  readonly ignoreAccents?: boolean | undefined
}

/** The values of a category: a list of them, or an object with the other spellings of each. */
export type CategoryValues<V extends string> = readonly V[] | { readonly [K in V]: readonly string[] }

const spellings = record(list(text()), 'an object with the other spellings of each value, such as { paid: ["payed", "settled"], open: [] }')

/**
 * Reads values that people spell in different ways, and returns the canonical spelling: `cell.category({ paid: ["payed", "settled"], open: [] })`
 * reads `" PAYED "` as `"paid"`. Case, white space and invisible characters do not matter. Any other text fails its row (`list.unknown`), with the
 * nearest value as the suggestion.
 *
 * Throws `CONFIG_INVALID` if one spelling stands for two values.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: " PAYED " }, { value: "open" }]).normalize({ columns: { value: cell.category({ paid: ["payed", "settled"], open: [] }) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => paid
 * // => open
 * ```
 */
export function category<const V extends string>(values: CategoryValues<V>, options: CategoryOptions = {}): Normalizer<V | null> {
  checkArgument<readonly string[] | { readonly [value: string]: readonly string[] | undefined }>(
    "cell.category()",
    values as readonly string[],
    either(fullList(text(), "a list of values"), spellings),
  )
  checkOptions("cell.category()", options, { ignoreAccents: flag() })
  const keyOf = (given: string) => foldedText(given, { accents: options.ignoreAccents !== true })
  const given = spellingsOf(values)
  const canonical = new Map<string, string>()
  for (const [spelling, value] of given) {
    const key = keyOf(spelling)
    const other = canonical.get(key)
    if (key === "" || (other !== undefined && other !== value)) throw contradiction(spelling, value, other)
    canonical.set(key, value)
  }
  const names = [...new Set(canonical.values())]
  const keys = [...canonical]
  const reader = new TextMapReader((given) => {
    const key = keyOf(given)
    return canonical.get(key) ?? unknownValue(given, names, nearestValue(key, keys))
  })
  return columnNormalizer<V>("category", "text", reader, { kind: "text" })
}

/** Each spelling with its value. */
function spellingsOf(values: CategoryValues<string>): readonly (readonly [spelling: string, value: string])[] {
  if (Array.isArray(values)) return values.map((value: string) => [value, value])
  return Object.entries<readonly string[]>(values as { readonly [value: string]: readonly string[] }).flatMap(([value, others]) =>
    [value, ...others].map((spelling) => [spelling, value] as const),
  )
}

function contradiction(spelling: string, value: string, other: string | undefined): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message:
      other === undefined
        ? `The value ${quoted(value)} of cell.category() has the blank spelling ${quoted(spelling)}.`
        : `The spelling ${quoted(spelling)} of cell.category() stands for both ${quoted(other)} and ${quoted(value)}; case and white space do not matter.`,
    remedy: "Give each value spellings of its own.",
  })
}
