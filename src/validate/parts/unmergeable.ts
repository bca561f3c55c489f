import { declarationOf } from "../../contract/rule.ts"
import type { Stage } from "../../contract/stage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

/** The names of the checks that need all rows of a file in one part: they remember rows, and have neither `merge` nor `fixedState`. */
export function unmergeable(stages: readonly Stage<never, unknown>[]): readonly string[] {
  const states = stages.flatMap((stage) => declarationOf(stage)?.states ?? [])
  return [...new Set(states.filter(({ merge }) => merge === undefined).map(({ rule }) => rule))]
}

/** The error for a file that is cut into parts although a check needs all of its rows. */
export function unmergeableError(rules: readonly string[]): RowgateError {
  const names = rules.length === 1 ? `The check ${rules[0]} needs` : `The checks ${rules.join(", ")} need`
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `${names} all rows of a file in one part, but the file has several.`,
    remedy: "Give the check a function merge, or set fixedState: true if its test never changes the state.",
  })
}
