import type { StandardSchemaV1 } from "@standard-schema/spec"
import { AnyTextTest } from "./kernels/any-text-test.ts"
import type { CellTest } from "./kernels/cell-test.ts"
import { EmailTest, emailPattern } from "./kernels/email-test.ts"
import { LayoutTest } from "./kernels/layout-test.ts"
import { LengthTest } from "./kernels/length-test.ts"
import { ListTest } from "./kernels/list-test.ts"
import { type NumberBounds, NumberTest } from "./kernels/number-test.ts"
import { PatternTest } from "./kernels/pattern-test.ts"
import type { DeclaredKind, SchemaColumn, SchemaStructure, WhenMissing } from "./schema-column.ts"
import { schemaParameters } from "./schema-parameters.ts"

/**
 * The part of zod 4's definitions that is read here. zod is recognised by this structure and never imported, because the user's schema may come
 * from another copy or from `zod/mini`.
 */
interface Definition {
  readonly type?: string
  readonly checks?: readonly Defined[]
  readonly check?: string
  readonly coerce?: boolean
  readonly innerType?: Defined
  readonly in?: Defined
  readonly shape?: { readonly [name: string]: Defined }
  readonly getter?: () => Defined
  readonly left?: Defined
  readonly right?: Defined
  readonly catchall?: Defined
  readonly entries?: { readonly [name: string]: string | number }
  readonly values?: readonly unknown[]
  readonly format?: string
  readonly pattern?: RegExp
  readonly minimum?: number
  readonly maximum?: number
  readonly length?: number
  readonly value?: unknown
  readonly inclusive?: boolean
}
interface Defined {
  readonly _zod: { readonly def: Definition }
}

/** String formats that their expression checks completely. Others, such as `url`, `ipv6`, `base64` and `jwt`, run their own code. */
const patternFormats = new Set(
  "email uuid guid regex date time datetime duration nanoid cuid cuid2 ulid e164 lowercase uppercase".split(" "),
)

const wholeRanges: { readonly [format: string]: readonly [minimum: number, maximum: number] } = {
  safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
}

/** The structure of a zod 4 object schema; undefined for any other schema. */
export function zodStructure(schema: StandardSchemaV1): SchemaStructure | undefined {
  if (!isDefined(schema)) return undefined
  const structure = structureOf(schema._zod.def) ?? { columns: undefined, others: "schema", whole: true, reshapes: false }
  return structure.whole ? { ...structure, parameters: schemaParameters(schema) } : structure
}

/** Finds the object inside wrappers, transforms and intersections. Its columns are then known, and rows go through the schema as a whole. */
function structureOf(definition: Definition): SchemaStructure | undefined {
  const { type, shape, checks = [], catchall, left, right } = definition
  if (type === "object" && shape !== undefined) {
    const columns = Object.entries(shape).map(([name, property]) => columnOfProperty(name, property))
    const others = othersOf(catchall?._zod.def.type)
    return { columns, others: others ?? "keep", whole: checks.length > 0 || others === undefined, reshapes: false }
  }
  if (left !== undefined && right !== undefined) {
    const [one, other] = [structureOf(left._zod.def), structureOf(right._zod.def)]
    if (one?.columns === undefined || other?.columns === undefined) return undefined
    const names = new Set(one.columns.map(({ name }) => name))
    const columns = [...one.columns, ...other.columns.filter(({ name }) => !names.has(name))]
    return { columns, others: "schema", whole: true, reshapes: one.reshapes || other.reshapes }
  }
  const inner = innerOf(definition)
  const structure = inner && structureOf(inner)
  return structure && { ...structure, whole: true, reshapes: structure.reshapes || !transparent.has(type ?? "") }
}

/** The definition inside a wrapper. */
function innerOf({ type, innerType, in: input, getter }: Definition): Definition | undefined {
  const inner = innerType ?? (type === "pipe" ? input : type === "lazy" ? getter?.() : undefined)
  return inner?._zod.def
}

/** Undefined if the catch-all is a schema, which must see the whole row. */
function othersOf(catchall: string | undefined): SchemaStructure["others"] | undefined {
  if (catchall === undefined) return "drop"
  if (catchall === "never") return "refuse"
  return catchall === "unknown" || catchall === "any" ? "keep" : undefined
}

function isDefined(schema: object): schema is Defined {
  return "_zod" in schema && typeof schema._zod === "object" && schema._zod !== null && "def" in schema._zod
}

function columnOfProperty(name: string, property: Defined): SchemaColumn {
  let whenMissing: WhenMissing = "required"
  let identity = true
  let neverAbsent = false
  let catches = false
  let definition = property._zod.def
  for (;;) {
    const inner = innerOf(definition)
    if (inner === undefined) break
    if (definition.type === "nonoptional") neverAbsent = true
    if (definition.type === "catch") catches = true
    if (definition.type === "optional" && whenMissing === "required" && !neverAbsent) whenMissing = "absent"
    else if (definition.type === "nullable" && whenMissing !== "schema") whenMissing = "null"
    else if (definition.type === "default" || definition.type === "prefault" || definition.type === "catch") whenMissing = "schema"
    if (!transparent.has(definition.type ?? "") || (definition.checks ?? []).length > 0) identity = false
    definition = inner
  }
  const leaf = compileLeaf(definition)
  return {
    name,
    kind: leaf.kind,
    whenMissing,
    tests: identity ? leaf.tests : undefined,
    schema: property as Defined & StandardSchemaV1,
    coerces: definition.coerce === true,
    catches,
    parameters: schemaParameters(property),
    spec: leaf.spec,
  }
}

/** Wrappers that do not change an existing value. */
const transparent = new Set(["optional", "nullable", "default", "prefault", "readonly", "nonoptional", "lazy"])

interface Leaf {
  readonly kind: DeclaredKind
  readonly tests: readonly CellTest[] | undefined
  readonly spec: SchemaColumn["spec"]
}

function compileLeaf(definition: Definition): Leaf {
  const own = definition.check === undefined ? [] : [definition]
  const checks = [...own, ...(definition.checks ?? []).map((check) => check._zod.def)]
  switch (definition.type) {
    case "string":
      return { kind: "text", tests: textTests(checks), spec: "text" }
    case "number": {
      const whole = checks.some((check) => wholeRanges[check.format ?? ""] !== undefined)
      return { kind: "number", tests: numberTests("number", checks), spec: whole ? "integer" : "number" }
    }
    case "date":
      return { kind: "date", tests: numberTests("date", checks), spec: "timestamp" }
    case "boolean":
      return { kind: "boolean", tests: checks.length === 0 ? [new LayoutTest("boolean")] : undefined, spec: "boolean" }
    case "enum":
    case "literal":
      return listLeaf(definition.values ?? entryValues(definition.entries ?? {}), checks.length > 0)
    default:
      return { kind: "any", tests: undefined, spec: "json" }
  }
}

/** The values of an enum. TypeScript's numeric enums also map from number to name. */
function entryValues(entries: { readonly [name: string]: string | number }): readonly (string | number)[] {
  const numbers = Object.values(entries).filter((value) => typeof value === "number")
  return Object.entries(entries).flatMap(([key, value]) => (numbers.includes(Number(key)) ? [] : [value]))
}

function listLeaf(values: readonly unknown[], checked: boolean): Leaf {
  const texts = values.filter((value) => typeof value === "string")
  if (texts.length === values.length) return { kind: "text", tests: checked ? undefined : [new ListTest(texts)], spec: "text" }
  if (values.every((value) => typeof value === "number")) return { kind: "number", tests: undefined, spec: "number" }
  return { kind: values.every((value) => typeof value === "boolean") ? "boolean" : "any", tests: undefined, spec: "json" }
}

/** Undefined if a check has no kernel. */
function textTests(checks: readonly Definition[]): readonly CellTest[] | undefined {
  const tests = checks.map((check): CellTest | undefined => {
    switch (check.check) {
      case "min_length":
        return check.minimum === undefined ? undefined : new LengthTest(check.minimum, Number.POSITIVE_INFINITY)
      case "max_length":
        return check.maximum === undefined ? undefined : new LengthTest(0, check.maximum)
      case "length_equals":
        return check.length === undefined ? undefined : new LengthTest(check.length, check.length)
      case "string_format":
        if (check.pattern === undefined || !patternFormats.has(check.format ?? "")) return undefined
        return check.pattern.source === emailPattern && check.pattern.flags === "" ? new EmailTest() : new PatternTest(check.pattern)
      default:
        return undefined
    }
  })
  return complete([new AnyTextTest(), ...tests])
}

/** All bounds in one pass. Undefined if a check has no kernel. */
function numberTests(kind: "number" | "date", checks: readonly Definition[]): readonly CellTest[] | undefined {
  // The largest finite values: zod's number rejects infinity, and a date column holds no invalid date.
  let bounds: NumberBounds = { minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE, whole: false }
  for (const check of checks) {
    const narrowed = narrow(bounds, check)
    if (narrowed === undefined) return undefined
    bounds = narrowed
  }
  return [new NumberTest(kind, bounds)]
}

function narrow(bounds: NumberBounds, check: Definition): NumberBounds | undefined {
  if (check.check === "number_format") {
    const range = wholeRanges[check.format ?? ""]
    return range && { minimum: Math.max(bounds.minimum, range[0]), maximum: Math.min(bounds.maximum, range[1]), whole: true }
  }
  const limit = check.value instanceof Date ? check.value.getTime() : check.value
  if (typeof limit !== "number") return undefined
  if (check.check === "greater_than") return { ...bounds, minimum: Math.max(bounds.minimum, check.inclusive ? limit : nextUp(limit)) }
  if (check.check === "less_than") return { ...bounds, maximum: Math.min(bounds.maximum, check.inclusive ? limit : -nextUp(-limit)) }
  return undefined
}

const word = new DataView(new ArrayBuffer(8))

/** The next greater double (IEEE 754 nextUp), which turns an exclusive bound into an inclusive one. */
function nextUp(value: number): number {
  if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return value
  if (value === 0) return Number.MIN_VALUE
  word.setFloat64(0, value)
  word.setBigInt64(0, word.getBigInt64(0) + (value > 0 ? 1n : -1n))
  return word.getFloat64(0)
}

function complete(tests: readonly (CellTest | undefined)[]): readonly CellTest[] | undefined {
  const known = tests.filter((test) => test !== undefined)
  return known.length === tests.length ? known : undefined
}
