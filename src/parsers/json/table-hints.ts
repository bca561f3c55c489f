import type { Context } from "../../contract/context.ts"
import { planKey } from "../plan-key.ts"

/** What is known about the columns of a table before it is read. */
export interface TableHints {
  /** The keys that an earlier reading found, in the order of their columns, each with the keys that lead to it. */
  readonly known: readonly (readonly string[])[]
  /** Columns that the pipeline takes as objects. */
  readonly nested: ReadonlySet<string>
  /** Headers that the pipeline expects. */
  readonly headers: ReadonlySet<string>
}

/** What an earlier reading and the pipeline say about the records of a file. */
export function tableHints({ plan, nested = new Set(), headers = new Set() }: Context, uri: string): TableHints {
  const keys = plan?.dialect(planKey(uri))?.["keys"]
  return { known: Array.isArray(keys) ? keys.filter(isPath) : [], nested, headers }
}

function isPath(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((key) => typeof key === "string")
}
