import type { StandardSchemaV1 } from "@standard-schema/spec"
import { RowgateError } from "../errors/rowgate-error.ts"
import { type Defined, isDefined, type Payload } from "./zod-definition.ts"

type Verdict = StandardSchemaV1.Result<unknown>

/** Whether schemas of zod may be asynchronous. */
const asynchronous = new WeakMap<object, boolean>()

/**
 * The schema's verdict on a value. A refinement that throws for an odd value fails that row, not the run; a `RowgateError` stops the run.
 * Returns a promise only if the schema is asynchronous, because awaiting a verdict that is already there would cost a microtask per cell.
 */
export function runSchema(schema: StandardSchemaV1, value: unknown): Verdict | Promise<Verdict> {
  try {
    const verdict = isDefined(schema) && mayWait(schema) ? runZod(schema, value) : validated(schema, value)
    return verdict instanceof Promise ? verdict.catch(threw) : verdict
  } catch (error) {
    return threw(error)
  }
}

/** Whether a schema of zod may be asynchronous, as far as its definition and its values so far show. */
function mayWait(schema: Defined): boolean {
  let known = asynchronous.get(schema)
  if (known === undefined) {
    known = !isImmediate(schema, 0)
    asynchronous.set(schema, known)
  }
  return known
}

/** The types whose only functions are those of custom checks. */
const plainTypes: ReadonlySet<string> = new Set("string number int boolean bigint date enum literal null any unknown never".split(" "))
const wrappers: ReadonlySet<string> = new Set(["optional", "nullable", "nonoptional", "default", "prefault", "readonly", "catch"])
/** Definitions may refer to themselves. */
const deepest = 4

/** Whether a definition shows that the schema has nothing to wait for. */
function isImmediate({ _zod: { def } }: Defined, depth: number): boolean {
  const { type = "", checks = [], innerType, shape, catchall } = def
  if (depth > deepest || checks.some(({ _zod }) => _zod.def.check === undefined || _zod.def.check === "custom")) return false
  const isInner = (schema: Defined) => isImmediate(schema, depth + 1)
  if (type === "object") return Object.values(shape ?? {}).every(isInner) && (catchall === undefined || isInner(catchall))
  return plainTypes.has(type) || (innerType !== undefined && wrappers.has(type) && isInner(innerType))
}

/**
 * Standard Schema of zod tries each value without waiting, and drops the promises of its refinements. They would run twice, and one that rejects would end the
 * process. So zod waits for them here, until it shows that it does not need to.
 */
function runZod(schema: Defined & StandardSchemaV1, value: unknown): Verdict | Promise<Verdict> {
  const { run } = schema._zod
  if (run === undefined) return validated(schema, value)
  const wordless = ({ issues, value: made }: Payload): Verdict | Promise<Verdict> =>
    issues.length === 0 ? { value: made } : validated(schema, value)
  const result = run({ value, issues: [] }, { async: true })
  if (result instanceof Promise) return result.then(wordless)
  // In a value with issues, a later refinement may not have run.
  if (result.issues.length === 0) asynchronous.set(schema, false)
  return wordless(result)
}

function validated(schema: StandardSchemaV1, value: unknown): Verdict | Promise<Verdict> {
  return schema["~standard"].validate(value)
}

function threw(error: unknown): Verdict {
  if (error instanceof RowgateError) throw error
  const issue = { code: "schema.threw", message: `The schema threw (${error instanceof Error ? error.message : String(error)}).` }
  return { issues: [issue] }
}
