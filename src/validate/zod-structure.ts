import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { DeclaredKind, SchemaColumn, SchemaStructure, SchemaVariant } from "./schema-column.ts"
import { schemaParameters } from "./schema-parameters.ts"
import { isUnseen, nullFate, takesUndefined } from "./zod-blank.ts"
import { type Defined, type Definition, innerOf, isDefined, listedValues } from "./zod-definition.ts"

/** Formats of whole numbers. */
const wholeFormats = new Set(["safeint", "int32", "uint32"])

/** The structure of a zod 4 object schema; undefined for any other schema. */
export function zodStructure(schema: StandardSchemaV1): SchemaStructure | undefined {
  if (!isDefined(schema)) return undefined
  const structure = structureOf(schema._zod.def) ?? { columns: undefined, others: "schema", whole: true, reshapes: false }
  const hasRule = structure.whole || (structure.checks ?? []).length > 0
  return hasRule ? { ...structure, parameters: schemaParameters(schema) } : structure
}

/** Finds the object inside wrappers, transforms and intersections, or the objects of a union. */
function structureOf(definition: Definition): SchemaStructure | undefined {
  const { type, shape, checks = [], catchall, left, right, options } = definition
  if (type === "object" && shape !== undefined) {
    // zod drops the key `__proto__`, whatever its schema says.
    const properties = Object.entries(shape).filter(([name]) => name !== "__proto__")
    const columns = properties.map(([name, property]) => columnOfProperty(name, property))
    const others = othersOf(catchall?._zod.def.type)
    const whole = others === undefined || checks.some((check) => check._zod.def.check === "overwrite")
    return { columns, others: others ?? "keep", whole, checks: checks.map(({ _zod }) => _zod), reshapes: false }
  }
  if (left !== undefined && right !== undefined) {
    const [one, other] = [structureOf(left._zod.def), structureOf(right._zod.def)]
    // A record takes any columns, so the other side knows the most about them.
    const known = one === undefined && isOpen(left) ? other : other === undefined && isOpen(right) ? one : undefined
    if (known !== undefined) return { ...known, others: "schema", checks: undefined, union: undefined, whole: true, reshapes: true }
    if (one?.columns === undefined || other?.columns === undefined) return undefined
    const names = new Set(one.columns.map(({ name }) => name))
    const columns = [...one.columns, ...other.columns.filter(({ name }) => !names.has(name))]
    return { columns, others: "schema", whole: true, reshapes: one.reshapes || other.reshapes }
  }
  if (type === "union" && options !== undefined) return structureOfUnion(definition, options)
  const inner = innerOf(definition)
  const structure = inner && structureOf(inner)
  if (structure === undefined) return undefined
  if (transparent.has(type ?? "") && checks.length === 0) return structure
  const catches = type === "catch"
  return {
    ...structure,
    columns: catches ? structure.columns?.map((column) => ({ ...column, catches })) : structure.columns,
    union: structure.union && { ...structure.union, checks: undefined, catches: structure.union.catches || catches },
    whole: true,
    reshapes: structure.reshapes || !(catches || transparent.has(type ?? "")),
  }
}

function isOpen({ _zod: { def } }: Defined): boolean {
  return def.type === "record" || def.type === "any" || def.type === "unknown"
}

/** The columns of all objects of a union. Each row is read as one of the objects requires. */
function structureOfUnion({ discriminator, checks = [] }: Definition, options: readonly Defined[]): SchemaStructure | undefined {
  const variants: SchemaVariant[] = []
  let isFlat = true
  let reshapes = false
  // A row is never null.
  for (const option of options.filter(({ _zod }) => !nothing.has(_zod.def.type ?? ""))) {
    const structure = structureOf(option._zod.def)
    if (structure?.columns === undefined) return undefined
    reshapes ||= structure.reshapes
    if (structure.union !== undefined) {
      isFlat &&= structure.union.checks?.length === 0
      variants.push(...structure.union.variants)
      continue
    }
    const { columns, others } = structure
    const values = discriminator === undefined ? undefined : option._zod.propValues?.[discriminator]
    const chosenBy = discriminator === undefined || values === undefined ? undefined : { column: discriminator, values }
    variants.push({ schema: option as Defined & StandardSchemaV1, columns, others, chosenBy })
  }
  const own = isFlat ? checks.map(({ _zod }) => _zod) : undefined
  const names = new Set(variants.flatMap(({ columns }) => columns.map(({ name }) => name)))
  const columns = [...names].map((name) =>
    mergedColumn(
      name,
      variants.map(({ columns }) => columns.find((column) => column.name === name)),
    ),
  )
  return { columns, others: "schema", union: { variants, checks: own, catches: false }, whole: true, reshapes }
}

/** A column of a union. It is read for each object that names it, and missing only if no object can do without it. */
function mergedColumn(name: string, given: readonly (SchemaColumn | undefined)[]): SchemaColumn {
  const own = given.filter((column) => column !== undefined)
  const [first] = own as [SchemaColumn, ...SchemaColumn[]]
  const specs = new Set(own.map(({ spec }) => spec))
  const isRequired = own.length === given.length && own.every(({ whenMissing }) => whenMissing === "required")
  return {
    ...first,
    name,
    kind: "any",
    leaf: undefined,
    parameters: own.map(({ parameters }) => parameters),
    whenMissing: isRequired ? "required" : own.some(({ whenMissing }) => whenMissing === "null") ? "null" : "absent",
    spec: specs.size === 1 ? first.spec : "json",
  }
}

/** Undefined if the catch-all is a schema, which must see the whole row. */
function othersOf(catchall: string | undefined): SchemaStructure["others"] | undefined {
  if (catchall === undefined) return "drop"
  if (catchall === "never") return "refuse"
  return catchall === "unknown" || catchall === "any" ? "keep" : undefined
}

function columnOfProperty(name: string, property: Defined): SchemaColumn {
  let identity = true
  let fills = false
  let catches = false
  let definition = property._zod.def
  for (;;) {
    const inner = innerOf(definition)
    if (inner === undefined) break
    if (definition.type === "catch") catches = true
    if (definition.type === "default" || definition.type === "prefault" || definition.type === "catch") fills = true
    if (!transparent.has(definition.type ?? "") || (definition.checks ?? []).length > 0) identity = false
    definition = inner
  }
  const leaf = leafOf(definition)
  const kind = kindOf(property)
  return {
    name,
    kind,
    ...blankOf(property, fills),
    leaf: identity ? definition : undefined,
    schema: property as Defined & StandardSchemaV1,
    catches,
    parameters: schemaParameters(property),
    spec: kind === leaf.kind ? leaf.spec : specs[kind],
  }
}

/** What becomes of an empty cell, which is no value: a schema may accept it, replace it or reject it, but never make 0 or 1970 of it. */
function blankOf(property: Defined, fills: boolean): BlankRules {
  const { takesNull, converts, asksFunction } = nullFate(property)
  const { optin, optout } = property._zod
  const given = {
    blank: optin === undefined ? "undefined" : "absent",
    leavesOut: false,
    hidesNull: false,
    asksFunction,
    orNull: asksFunction && takesNull,
  } as const
  const absent = { ...given, whenMissing: "absent", leavesOut: optin === "optional" && optout === "optional" } as const
  if (optin !== undefined && (fills || asksFunction))
    return absent.leavesOut ? { ...absent, asksFunction: false, orNull: false } : { ...given, whenMissing: "schema" }
  if (asksFunction) return { ...given, whenMissing: "required" }
  if (takesNull) return { ...given, whenMissing: "null", blank: "null", hidesNull: converts }
  if (optin !== undefined || takesUndefined(property)) return absent
  return { ...given, whenMissing: "required", blank: converts ? "absent" : "null", hidesNull: converts }
}

type BlankRules = Pick<SchemaColumn, "whenMissing" | "blank" | "leavesOut" | "hidesNull" | "asksFunction" | "orNull">

/** The kind that all forms of a property share, if cells can be read as it. */
function kindOf({ _zod: { def } }: Defined): DeclaredKind {
  const { type, options, left, right, in: input, out } = def
  if (type === "union") return commonKind(options ?? [])
  if (type === "intersection") return commonKind([left, right].filter((side) => side !== undefined))
  // `z.any()` and `z.unknown()` pass the cell on, so the schema after them says how to read it.
  const passes = type === "pipe" && input !== undefined && isUnseen(input._zod.def)
  const inner = passes ? out : (def.innerType ?? input ?? (type === "lazy" ? def.getter?.() : undefined))
  return inner === undefined ? leafOf(def).kind : kindOf(inner)
}

function commonKind(forms: readonly Defined[]): DeclaredKind {
  const [kind = "any", ...more] = new Set(forms.filter(({ _zod }) => !nothing.has(_zod.def.type ?? "")).map(kindOf))
  return more.length === 0 ? kind : "any"
}

/** Forms that say nothing about a cell with a value. */
const nothing = new Set(["null", "undefined", "void", "never"])

const specs = { text: "text", number: "number", date: "timestamp", boolean: "boolean", any: "json" } as const

/** Wrappers that do not change an existing value. */
const transparent = new Set(["optional", "nullable", "default", "prefault", "readonly", "nonoptional", "lazy"])

interface Leaf {
  readonly kind: DeclaredKind
  readonly spec: SchemaColumn["spec"]
}

function leafOf(definition: Definition): Leaf {
  switch (definition.type) {
    case "string":
    case "template_literal":
      return { kind: "text", spec: "text" }
    case "number": {
      const formats = [definition, ...(definition.checks ?? []).map((check) => check._zod.def)].map(({ format }) => format ?? "")
      return { kind: "number", spec: formats.some((format) => wholeFormats.has(format)) ? "integer" : "number" }
    }
    case "date":
      return { kind: "date", spec: "timestamp" }
    case "boolean":
      return { kind: "boolean", spec: "boolean" }
    case "enum":
    case "literal":
      return leafOfList(listedValues(definition).filter((value) => value !== null && value !== undefined))
    default:
      return { kind: "any", spec: "json" }
  }
}

function leafOfList(values: readonly unknown[]): Leaf {
  if (values.every((value) => typeof value === "string")) return { kind: "text", spec: "text" }
  if (values.every((value) => typeof value === "number")) return { kind: "number", spec: "number" }
  return values.every((value) => typeof value === "boolean") ? { kind: "boolean", spec: "boolean" } : { kind: "any", spec: "json" }
}
