import { AnyTextTest } from "./kernels/any-text-test.ts"
import type { CellTest } from "./kernels/cell-test.ts"
import { EmailTest, emailPattern } from "./kernels/email-test.ts"
import { LayoutTest } from "./kernels/layout-test.ts"
import { LengthTest } from "./kernels/length-test.ts"
import { ListTest } from "./kernels/list-test.ts"
import { type NumberBounds, NumberTest } from "./kernels/number-test.ts"
import { PatternTest } from "./kernels/pattern-test.ts"
import { type Definition, listedValues } from "./zod-definition.ts"

/** String formats that their expression checks completely. Others, such as `url`, `ipv6`, `base64` and `jwt`, run their own code. */
const patternFormats = new Set(
  "email uuid guid regex date time datetime duration nanoid cuid cuid2 ulid e164 lowercase uppercase".split(" "),
)

const wholeRanges: { readonly [format: string]: readonly [minimum: number, maximum: number] } = {
  safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
}

/** Kernels that find the cells which surely pass a schema unchanged; undefined if it has parts without a kernel. */
export function zodTests(definition: Definition): readonly CellTest[] | undefined {
  const own = definition.check === undefined ? [] : [definition]
  const checks = [...own, ...(definition.checks ?? []).map((check) => check._zod.def)]
  switch (definition.type) {
    case "string":
      return textTests(checks)
    case "number":
      return numberTests("number", checks)
    case "date":
      return numberTests("date", checks)
    case "boolean":
      return checks.length === 0 ? [new LayoutTest("boolean")] : undefined
    case "enum":
    case "literal": {
      const values = listedValues(definition)
      const texts = values.filter((value) => typeof value === "string")
      return checks.length > 0 || texts.length < values.length ? undefined : [new ListTest(texts)]
    }
    default:
      return undefined
  }
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
