import type { ColumnGuide } from "../../model/column-guide.ts"
import { type Defined, type Definition, innerOf, listedValues } from "../zod-definition.ts"
import { formatFacts } from "./format-facts.ts"

/** What a guide says besides the name and the kind. */
export type GuideFacts = Omit<ColumnGuide, "name" | "kind" | "required">

/** What a schema of zod says about the cells of one column. Of a function, nothing is known. */
export function zodFacts(property: Defined): GuideFacts {
  const { type, options, checks = [] } = property._zod.def
  const own = metadataOf(property)
  if (type === "union") {
    const facts = (options ?? []).filter(({ _zod }) => !nothing.has(_zod.def.type ?? "")).map(zodFacts)
    const [only] = facts
    if (facts.length === 1 && only !== undefined) return merged(only, own)
    const isListed = facts.length > 0 && facts.every(({ values }) => values !== undefined)
    return isListed ? merged({ values: facts.flatMap(({ values }) => values ?? []) }, own) : own
  }
  const { innerType, in: input, getter } = property._zod.def
  const inner = innerOf(property._zod.def) === undefined ? undefined : (innerType ?? input ?? getter?.())
  const base = inner === undefined ? leafFacts(property._zod.def) : zodFacts(inner)
  return merged(checks.map(({ _zod }) => checkFacts(_zod.def)).reduce(merged, base), own)
}

const nothing = new Set(["null", "undefined", "void", "never"])

function leafFacts(definition: Definition): GuideFacts {
  if (definition.type === "enum" || definition.type === "literal") {
    const values = listedValues(definition).filter((value) => typeof value === "string" || typeof value === "number")
    return values.length > 0 ? { values } : {}
  }
  return definition.check === undefined ? {} : checkFacts(definition)
}

function checkFacts({ check, format, pattern, minimum, maximum, length, value, inclusive }: Definition): GuideFacts {
  const limit =
    typeof value === "number" || value instanceof Date ? { value, ...(inclusive === false ? { exclusive: true } : {}) } : undefined
  switch (check) {
    case "greater_than":
      return limit === undefined ? {} : { minimum: limit }
    case "less_than":
      return limit === undefined ? {} : { maximum: limit }
    case "min_length":
      return { minLength: minimum }
    case "max_length":
      return { maxLength: maximum }
    case "length_equals":
      return { minLength: length, maxLength: length }
    case "multiple_of":
      return typeof value === "number" ? { notes: [`A multiple of ${value}.`] } : {}
    case "number_format":
      return wholeBounds[format ?? ""] ?? {}
    case "string_format":
      return formatFacts(format, pattern?.source)
    default:
      return {}
  }
}

const wholeBounds: { readonly [format: string]: GuideFacts } = {
  int32: { minimum: { value: -(2 ** 31) }, maximum: { value: 2 ** 31 - 1 } },
  uint32: { minimum: { value: 0 }, maximum: { value: 2 ** 32 - 1 } },
}

/** The description and the first example that `describe` and `meta` have given the schema. */
function metadataOf(schema: object): GuideFacts {
  const meta: unknown = "meta" in schema && typeof schema.meta === "function" ? schema.meta() : undefined
  const { description, examples } = Object(meta) as { readonly description?: unknown; readonly examples?: unknown }
  const [example] = Array.isArray(examples) ? examples : []
  return {
    ...(typeof description === "string" && description !== "" ? { notes: [description] } : {}),
    ...(typeof example === "string" || typeof example === "number" ? { example: String(example) } : {}),
  }
}

/** Both at once: the narrower bounds, the later example, all notes. */
export function merged(one: GuideFacts, other: GuideFacts): GuideFacts {
  const notes = [...new Set([...(other.notes ?? []), ...(one.notes ?? [])])]
  const narrower = {
    minimum: pick(one.minimum, other.minimum, (a, b) => a.value >= b.value),
    maximum: pick(one.maximum, other.maximum, (a, b) => a.value <= b.value),
    minLength: pick(one.minLength, other.minLength, (a, b) => a >= b),
    maxLength: pick(one.maxLength, other.maxLength, (a, b) => a <= b),
  }
  const known = Object.fromEntries(Object.entries(narrower).filter(([, value]) => value !== undefined))
  return { ...one, ...other, ...known, ...(notes.length === 0 ? {} : { notes }) }
}

function pick<V>(one: V | undefined, other: V | undefined, isNarrower: (one: V, other: V) => boolean): V | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return isNarrower(one, other) ? one : other
}
