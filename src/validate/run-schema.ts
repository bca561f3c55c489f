import type { StandardSchemaV1 } from "@standard-schema/spec"
import { RowgateError } from "../errors/rowgate-error.ts"

type Verdict = StandardSchemaV1.Result<unknown>

/**
 * The schema's verdict on a value. A refinement that throws for an odd value fails that row, not the run; a `RowgateError` stops the run.
 * Returns a promise only if the schema is asynchronous, because awaiting a verdict that is already there would cost a microtask per cell.
 */
export function runSchema(schema: StandardSchemaV1, value: unknown): Verdict | Promise<Verdict> {
  try {
    const verdict = schema["~standard"].validate(value)
    return verdict instanceof Promise ? verdict.catch(threw) : verdict
  } catch (error) {
    return threw(error)
  }
}

function threw(error: unknown): Verdict {
  if (error instanceof RowgateError) throw error
  const issue = { code: "schema.threw", message: `The schema threw (${error instanceof Error ? error.message : String(error)}).` }
  return { issues: [issue] }
}
