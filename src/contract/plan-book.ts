import type { JsonValue } from "../model/json-value.ts"

/**
 * What was settled before the first row of a delivery, by key: how headers were matched, which order dates have. Shared by every part
 * of a file, so that all parts read alike.
 */
export interface PlanBook {
  /** The decision that is on record, else the one that `decide` makes, which then is. */
  settle<V extends JsonValue>(key: string, decide: () => V): V
}

/** A plan that starts with the decisions given, and grows. */
export class OpenPlan implements PlanBook {
  readonly #decisions = new Map<string, JsonValue>()

  constructor(decisions: { readonly [key: string]: JsonValue } = {}) {
    for (const [key, decision] of Object.entries(decisions)) this.#decisions.set(key, decision)
  }

  settle<V extends JsonValue>(key: string, decide: () => V): V {
    const settled = this.#decisions.get(key)
    if (settled !== undefined) return settled as V
    const decision = decide()
    this.#decisions.set(key, decision)
    return decision
  }

  /** Every decision, keys in order: the same plan is the same JSON. */
  toJSON(): { readonly [key: string]: JsonValue } {
    return Object.fromEntries([...this.#decisions].sort(([one], [other]) => (one < other ? -1 : 1)))
  }
}
