import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { DeclaredKind, SchemaColumn, SchemaStructure } from "./schema-column.ts"
import { schemaParameters } from "./schema-parameters.ts"

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

/** The structure of a Standard Schema that provides its JSON schema. The values themselves always go through the schema. */
export function jsonStructure(schema: StandardSchemaV1): SchemaStructure {
  const json = inputSchema(schema)
  if (json?.properties === undefined) return { columns: undefined, others: "schema", whole: true, reshapes: false }
  const columns = Object.entries(json.properties).map(([name, property]): SchemaColumn => {
    const { kind, nullable } = kindOf(property)
    const whenMissing = nullable ? "null" : json.required?.includes(name) === true ? "required" : "absent"
    const parameters = schemaParameters(property)
    const blank = whenMissing === "absent" ? "absent" : "null"
    const unlike = { leavesOut: false, hidesNull: false, asksFunction: false, orNull: false, catches: false }
    return { name, kind, whenMissing, leaf: undefined, schema, blank, ...unlike, parameters, spec: specs[kind] }
  })
  return { columns, others: "schema", whole: true, reshapes: false }
}

const specs = { text: "text", number: "number", date: "timestamp", boolean: "boolean", any: "json" } as const

/** Undefined if the schema provides none, or has parts that JSON schema cannot express. */
function inputSchema(schema: StandardSchemaV1): JsonSchema | undefined {
  const standard: object = schema["~standard"]
  if (!isConverter(standard)) return undefined
  try {
    const json = standard.jsonSchema.input({ target: "draft-2020-12" })
    return typeof json === "object" && json !== null ? json : undefined
  } catch {
    return undefined
  }
}

/** The Standard JSON Schema part of a schema, if it has one. */
interface Converter {
  readonly jsonSchema: { input(options: { readonly target: string }): unknown }
}

function isConverter(standard: object): standard is Converter {
  if (!("jsonSchema" in standard) || typeof standard.jsonSchema !== "object" || standard.jsonSchema === null) return false
  return "input" in standard.jsonSchema && typeof standard.jsonSchema.input === "function"
}

function kindOf(property: JsonSchema): { readonly kind: DeclaredKind; readonly nullable: boolean } {
  const forms = property.anyOf ?? property.oneOf
  if (forms !== undefined) {
    const kinds = forms.map(kindOf)
    const stated = new Set(forms.filter((form) => form.type !== "null").map((form) => kindOf(form).kind))
    const [only = "any"] = stated
    return { kind: stated.size === 1 ? only : "any", nullable: kinds.some(({ nullable }) => nullable) }
  }
  const values = property.enum ?? ("const" in property ? [property.const] : undefined)
  const types = values?.map((value) => (value === null ? "null" : typeof value)) ?? [property.type ?? []].flat()
  const stated = new Set(types.filter((type) => type !== "null"))
  const [only] = stated
  return { kind: stated.size === 1 ? (kinds[only ?? ""] ?? "any") : "any", nullable: types.includes("null") }
}

const kinds: { readonly [type: string]: DeclaredKind } = { string: "text", number: "number", integer: "number", boolean: "boolean" }
