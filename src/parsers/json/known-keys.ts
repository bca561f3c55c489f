import type { Context } from "../../contract/context.ts"
import { planKey } from "../plan-key.ts"

/** The keys that an earlier reading found in the records of a file, each with the keys that lead to it. */
export function knownKeys({ plan }: Context, uri: string): readonly (readonly string[])[] {
  const keys = plan?.dialect(planKey(uri))?.["keys"]
  return Array.isArray(keys) ? keys.filter(isPath) : []
}

function isPath(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((key) => typeof key === "string")
}
