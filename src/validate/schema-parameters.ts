import type { JsonValue } from "../model/json-value.ts"

/** Schemas may contain themselves, and JSON may not. */
const mostDepth = 24

/**
 * What a zod schema requires, as plain JSON: its types, bounds, patterns and values. Two schemas that require different things differ in it, as far as
 * rowgate can see: of a function, only that there is one.
 */
export function schemaParameters(schema: unknown): JsonValue {
  return parametersOf(schema, new Set())
}

function parametersOf(value: unknown, within: ReadonlySet<unknown>): JsonValue {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value
    case "number":
      return Number.isFinite(value) ? value : String(value)
    case "object":
      return value === null ? null : parametersOfObject(value, within)
    case "function":
      return "function"
    default:
      return String(value)
  }
}

function parametersOfObject(value: object, within: ReadonlySet<unknown>): JsonValue {
  if (within.has(value) || within.size > mostDepth) return "recursive"
  const inner = new Set(within).add(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()
  if (value instanceof RegExp) return String(value)
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, (each) => parametersOf(each, inner))
  if (value instanceof Map) return Array.from(value, (entry) => parametersOf(entry, inner))
  const definition = definitionOf(value)
  if (definition === undefined && !isPlain(value)) return "object"
  return parametersOfFields(definition ?? value, inner)
}

function parametersOfFields(fields: object, within: ReadonlySet<unknown>): JsonValue {
  const json: { [name: string]: JsonValue } = Object.create(null)
  for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(fields))) {
    // An error only words the issue. Getters other than the shape of an object call functions of the user.
    if (name === "error" || (get !== undefined && name !== "shape")) continue
    const field: unknown = name === "getter" && typeof value === "function" ? value() : get === undefined ? value : get.call(fields)
    if (field !== undefined) json[name] = parametersOf(field, within)
  }
  return json
}

function definitionOf(value: object): object | undefined {
  if (!("_zod" in value) || typeof value._zod !== "object" || value._zod === null || !("def" in value._zod)) return undefined
  const { def } = value._zod
  return typeof def === "object" && def !== null ? def : undefined
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
