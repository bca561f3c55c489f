import { createHash } from "node:crypto"
import type { PlanJson } from "../../contract/plan.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import type { PinnedObject } from "./manifest.ts"
import type { Workshop } from "./workshop.ts"

/** The plan that a revision begins with, and what has led to it. */
export interface KnownPlan {
  readonly object: PinnedObject
  readonly plan: PlanJson
  readonly notices: readonly TableNotice[]
}

/** The key of the plan of a revision, which is known before its parts are. */
export function planKey(root: string, revision: number): string {
  return `${root}r${revision}/plan.json`
}

/** The folder of a version of an object. */
export function rootFor(
  { definition }: Workshop,
  { uri, version = "" }: Pick<SourceFile, "uri"> & { readonly version?: string | undefined },
): string {
  const id = createHash("sha256")
    .update(JSON.stringify([uri, version]))
    .digest("hex")
    .slice(0, 32)
  return `${encodeURIComponent(definition.options.name)}/${id}/`
}
