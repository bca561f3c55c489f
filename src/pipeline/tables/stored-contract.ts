import type { ProposedColumn } from "../../profile/proposal.ts"
import type { InferredContract } from "./infer.ts"
import { inferredNormalizer } from "./inferred-normalizer.ts"

/** What a plan keeps of a proposal. */
type StoredColumn = Pick<ProposedColumn, "kind" | "reading" | "nulls" | "nullTexts" | "evidence" | "odd"> & {
  readonly column: string
  readonly doubt?: string
}

/** The contract that a delivery was read by, from its plan in the ledger. Undefined if it was not inferred. */
export function storedContract(plan: { readonly dialects?: unknown }): Pick<InferredContract, "columns" | "expected"> | undefined {
  const columns = Object.values(Object(plan.dialects)).flatMap((facts): readonly StoredColumn[] => {
    const { inferred } = Object(facts)
    // Only `inferContract` writes these facts.
    return Array.isArray(inferred) ? inferred : []
  })
  if (columns.length === 0) return undefined
  return {
    columns: Object.fromEntries(columns.map((stored) => [stored.column, inferredNormalizer(proposedOf(stored))])),
    expected: columns.filter(({ nulls }) => nulls === 0).map(({ column }) => column),
  }
}

function proposedOf({ column, doubt, odd, nulls, ...kept }: StoredColumn): ProposedColumn {
  const open = doubt === undefined ? {} : { doubt: { reason: doubt, isOpen: true, examples: [] } }
  return { ...kept, name: column, nulls, filled: nulls === 0, odd: { ...odd, examples: [] }, ...open }
}
