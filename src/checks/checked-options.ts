import type { StandardSchemaV1 } from "@standard-schema/spec"
import { RowgateError } from "../errors/rowgate-error.ts"
import { nearestName } from "../options/nearest-name.ts"
import { jsonStructure } from "../validate/json-structure.ts"
import { zodStructure } from "../validate/zod-structure.ts"

/** The options of a check as its schema returns them. Throws `CONFIG_INVALID` if they do not fit. */
export function checkedOptions(call: string, schema: StandardSchemaV1 | undefined, given: unknown): unknown {
  if (schema === undefined) {
    if (given === undefined) return undefined
    throw misuse(`${call} takes no options.`, "Leave them out.")
  }
  refuseUnknown(call, schema, given)
  const verdict = schema["~standard"].validate(given ?? {})
  if (verdict instanceof Promise) {
    verdict.catch(() => undefined)
    throw misuse(`The schema for the options of ${call} is asynchronous.`, "Use a schema that answers at once.")
  }
  if (verdict.issues === undefined) return verdict.value
  const [first] = verdict.issues
  const path = (first?.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".")
  throw misuse(
    path === ""
      ? `The options of ${call} do not fit: ${sentence(first?.message)}`
      : `The option ${path} of ${call} does not fit: ${sentence(first?.message)}`,
    "Pass options that fit the schema of the check.",
  )
}

/** Most schemas ignore names that they do not know, so a misspelt option would be the same as none. */
function refuseUnknown(call: string, schema: StandardSchemaV1, given: unknown): void {
  const { columns, others } = zodStructure(schema) ?? jsonStructure(schema)
  if (columns === undefined || others === "keep" || typeof given !== "object" || given === null) return
  const known = columns.map(({ name }) => name)
  const unknown = Object.entries(given).find(([name, value]) => value !== undefined && !known.includes(name))?.[0]
  if (unknown === undefined) return
  const near = nearestName(unknown, known)
  throw misuse(`${call} has no option ${unknown}${near === undefined ? "." : `; did you mean ${near}?`}`, `Use only ${known.join(", ")}.`)
}

function sentence(message = "the value is invalid"): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}

function misuse(message: string, remedy: string): RowgateError {
  return new RowgateError({ code: "CONFIG_INVALID", message, remedy })
}
