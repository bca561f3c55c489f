import type { AnyCheck } from "../contract/check.ts"
import type { DeclaredState } from "../contract/check-states.ts"
import type { Rule } from "../contract/rule.ts"
import { beginKeys } from "./unique.ts"

/** What a stage declares about the state of its check. */
export function declaredStates<T>(check: AnyCheck<T>, { name }: Rule): readonly DeclaredState[] {
  if (typeof check === "function" || check.kind === "column" || check.fixedState === true || check.begin === beginKeys) return []
  return [{ rule: name, merge: check.merge && ((one, other) => check.merge?.(one, other)) }]
}
