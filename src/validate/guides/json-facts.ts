import type { JsonValue } from "../../model/json-value.ts"
import { formatFacts } from "./format-facts.ts"
import { type GuideFacts, merged } from "./zod-facts.ts"

/** What the JSON schema of a column says about its cells. */
export function jsonFacts(parameters: JsonValue): GuideFacts {
  const schema: { readonly [name: string]: unknown } = Object(parameters)
  const forms = [schema["anyOf"], schema["oneOf"]].find((each) => Array.isArray(each)) as readonly JsonValue[] | undefined
  const filled = forms?.filter((form) => Object(form).type !== "null")
  const [only] = filled ?? []
  return merged(filled?.length === 1 && only !== undefined ? jsonFacts(only) : {}, ownFacts(schema))
}

function ownFacts(schema: { readonly [name: string]: unknown }): GuideFacts {
  const number = (name: string) => (typeof schema[name] === "number" ? schema[name] : undefined)
  const text = (name: string) => (typeof schema[name] === "string" && schema[name] !== "" ? schema[name] : undefined)
  const given = Array.isArray(schema["enum"]) ? schema["enum"] : "const" in schema ? [schema["const"]] : []
  const values = given.filter((value) => typeof value === "string" || typeof value === "number")
  const [example] = Array.isArray(schema["examples"]) ? schema["examples"] : []
  const bound = (name: string, exclusive: string) => {
    const open = number(exclusive)
    const value = open ?? number(name)
    return value === undefined ? undefined : { value, ...(open === undefined ? {} : { exclusive: true }) }
  }
  const facts: GuideFacts = {
    values: values.length > 0 ? values : undefined,
    minimum: bound("minimum", "exclusiveMinimum"),
    maximum: bound("maximum", "exclusiveMaximum"),
    minLength: number("minLength"),
    maxLength: number("maxLength"),
    example: typeof example === "string" || typeof example === "number" ? String(example) : undefined,
  }
  const known: GuideFacts = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
  const described: GuideFacts = text("description") === undefined ? {} : { notes: [text("description") ?? ""] }
  return [formatFacts(text("format"), text("pattern")), known, described].reduce(merged)
}
