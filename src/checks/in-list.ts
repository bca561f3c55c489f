import { decimalKey } from "../cells/decimal-keys.ts"
import { quoted } from "../cells/readers/quoted.ts"
import type { KeyCheck } from "../contract/check.ts"
import { checkArgument } from "../options/check-argument.ts"
import { text as textKind } from "../options/option-kinds.ts"
import { type AnyKey, type KnownKeys, knownKind } from "../validate/foreign-key.ts"
import { valueText } from "./cell-text.ts"
import { KnownTexts } from "./known-texts.ts"
import { NearestText } from "./nearest-text.ts"
import { textRule } from "./text-rule.ts"

/** A longer list suggests no values: its texts are not kept. */
const mostSuggested = 10_000

/**
 * Checks that the value is one of a list: an array, or known keys such as those of `keysFrom` and `postgresKeys`. The list is read when a delivery
 * begins. A failure (`list.unknown`) suggests the only value that is near, if the list has at most 10,000 values, and costs accuracy.
 */
export function inList<const K extends string>(column: K, known: readonly AnyKey[] | KnownKeys<unknown>): KeyCheck<K> {
  checkArgument("The column of inList()", column, textKind("the name of a column"), "PIPELINE_INVALID")
  checkArgument("The list of inList()", known, knownKind(), "PIPELINE_INVALID")
  const source = "keys" in known && !Array.isArray(known) ? (known as KnownKeys<unknown>) : undefined
  const named = source?.name ?? "the known values"
  return textRule({
    name: `inList.${column}`,
    column,
    dimension: "accuracy",
    parameters: source === undefined ? { values: (known as readonly AnyKey[]).map(valueText) } : { keys: named },
    async begin(context) {
      const isDecimal = context.decimals?.has(column) === true
      const keys = new KnownTexts([isDecimal])
      const texts = new Set<string>()
      for await (const key of source?.keys(context) ?? (known as readonly unknown[])) {
        keys.add([key])
        if (texts.size <= mostSuggested) texts.add(isDecimal ? decimalKey(valueText(key)) : valueText(key))
      }
      let nearest: NearestText | undefined
      return (text) => {
        if (keys.has([text])) return undefined
        nearest ??= new NearestText(texts.size > mostSuggested ? [] : texts)
        const meant = nearest.of(text)
        const suggestion = meant === undefined ? undefined : `Did you mean ${quoted(meant)}?`
        return { code: "list.unknown", message: `${quoted(text)} is not among ${named}.`, suggestion }
      }
    },
  })
}
