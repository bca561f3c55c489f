import type { KeyCheck, RunCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import type { Rule } from "../contract/rule.ts"
import { beginKeys } from "./unique.ts"

/** The states that a check begins with. */
export interface BegunState {
  /** What it remembers about the rows that it gets. */
  readonly own: unknown
  /** What it remembers about all rows of the file so far, if it gets a later part of it. If undefined, `own` serves both. */
  readonly known: unknown
}

/** Creates the state of a check, and exchanges it with the other parts of the file if there are any. */
export async function beginState(check: RunCheck<never> | KeyCheck<string>, { name }: Rule, context: Context): Promise<BegunState> {
  const { states } = context
  if (states !== undefined && check.begin === beginKeys) return { own: states.beginKeys(name), known: undefined }
  const own = await check.begin(context)
  return { own, known: check.fixedState === true ? undefined : states?.beginState(name, own, check.merge !== undefined) }
}
