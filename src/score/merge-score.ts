import { RowgateError } from "../errors/rowgate-error.ts"
import { setOwn } from "../model/set-own.ts"
import { defined } from "../options/defined.ts"
import type { ScoreOptions } from "./score-options.ts"

type AnyScore = ScoreOptions<{ readonly [column: string]: unknown }>

/** Adds the options of one more call of `score`. Throws `PIPELINE_INVALID` if they contradict earlier ones. */
export function mergeScore(before: AnyScore, added: AnyScore): AnyScore {
  const { expected, ...others } = added
  const merged = merge("", before, others)
  return expected === undefined ? merged : { ...merged, expected: [...new Set([...(before.expected ?? []), ...expected])] }
}

/** Merges objects name by name. Two different values for one name are a contradiction. */
function merge(path: string, before: object, added: object): { readonly [name: string]: unknown } {
  const merged: { [name: string]: unknown } = { ...before }
  for (const [name, value] of Object.entries(defined(added))) {
    const known = Object.hasOwn(merged, name) ? merged[name] : undefined
    if (isSettings(known) && isSettings(value)) setOwn(merged, name, merge(`${path}${name}.`, known, value))
    else if (known === undefined || known === value) setOwn(merged, name, value)
    else throw contradiction(`${path}${name}`, known, value)
  }
  return merged
}

function isSettings(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function contradiction(path: string, known: unknown, value: unknown): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `Two calls of score() contradict each other: ${path} is ${String(known)} in one and ${String(value)} in the other.`,
    remedy: `Set ${path} in one call only.`,
  })
}
