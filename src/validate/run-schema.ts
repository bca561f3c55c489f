import type { StandardSchemaV1 } from "@standard-schema/spec"
import { RowgateError } from "../errors/rowgate-error.ts"

type Verdict = StandardSchemaV1.Result<unknown>

/**
 * A schema's verdict on a value. A refinement that throws at one odd value fails that row, not the run; a `RowgateError` is meant to stop it.
 * A promise only where the schema is asynchronous: awaiting a verdict that is there already would cost a turn of the microtask queue a cell.
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
  const issue = { code: "schema.threw", message: `the schema threw: ${error instanceof Error ? error.message : String(error)}` }
  return { issues: [issue] }
}
