import type { Defined, Definition } from "./zod-definition.ts"

/** What a schema does with null, as its definition states it. Nothing is run: a function of the user may have effects. */
export interface NullFate {
  /** Whether it accepts null on purpose, and not because a coercion turns null into something else. */
  readonly takesNull: boolean
  /** Whether it may turn null into a value that nobody has written: a coercion makes it 0 or 1970. */
  readonly converts: boolean
  /** Whether a function of the user would be the first to see null, such as that of `z.preprocess`. */
  readonly asksFunction: boolean
}

const refused: NullFate = { takesNull: false, converts: false, asksFunction: false }
const kept: NullFate = { takesNull: true, converts: false, asksFunction: false }
const coerced: NullFate = { takesNull: false, converts: true, asksFunction: false }
const unknowable: NullFate = { takesNull: false, converts: true, asksFunction: true }

/** What a schema does with null. */
export function nullFate({ _zod: { def } }: Defined): NullFate {
  const { type, coerce, values, options, left, right } = def
  if (coerce === true) return coerced
  switch (type) {
    case "null":
    case "any":
    case "unknown":
    case "nullable":
      return kept
    case "literal":
      return values?.includes(null) === true ? kept : refused
    case "transform":
      return unknowable
    case "union":
      return fateOfUnion((options ?? []).map(nullFate))
    case "intersection":
      return left === undefined || right === undefined ? refused : fateOfBoth(nullFate(left), nullFate(right))
    case "pipe":
      return fateOfPipe(def)
    default: {
      const inner = def.innerType ?? (type === "lazy" ? def.getter?.() : undefined)
      return inner === undefined ? refused : nullFate(inner)
    }
  }
}

/** The first option that does not refuse null decides. */
function fateOfUnion(fates: readonly NullFate[]): NullFate {
  const keeper = fates.findIndex(({ takesNull, converts }) => takesNull && !converts)
  const tried = keeper < 0 ? fates : fates.slice(0, keeper)
  return {
    takesNull: fates.some(({ takesNull }) => takesNull),
    converts: tried.some(({ converts }) => converts),
    asksFunction: tried.some(({ asksFunction }) => asksFunction),
  }
}

function fateOfBoth(one: NullFate, other: NullFate): NullFate {
  return {
    takesNull: one.takesNull && other.takesNull,
    converts: one.converts || other.converts,
    asksFunction: one.asksFunction || other.asksFunction,
  }
}

function fateOfPipe({ in: input, out }: Definition): NullFate {
  if (input === undefined || out === undefined) return refused
  const first = nullFate(input)
  if (first.asksFunction) return { ...unknowable, takesNull: nullFate(out).takesNull }
  if (!first.takesNull) return first
  // `z.any()` and `z.unknown()` pass null on unseen. With `nullable`, the function is written for null.
  if (out._zod.def.type === "transform") return isUnseen(input._zod.def) ? unknowable : first
  return nullFate(out)
}

/** Whether a schema passes anything on, so that the next one is the first to look at it. */
export function isUnseen({ type, innerType, getter, in: input, out }: Definition): boolean {
  if (type === "any" || type === "unknown") return true
  if (type === "nullable") return false
  if (type === "pipe") return input !== undefined && out !== undefined && isUnseen(input._zod.def) && isUnseen(out._zod.def)
  const inner = innerType ?? (type === "lazy" ? getter?.() : undefined)
  return inner !== undefined && isUnseen(inner._zod.def)
}

/** Whether a schema accepts `undefined` on purpose although its key must be there, such as `z.union([z.string(), z.undefined()])`. */
export function takesUndefined({ _zod: { def } }: Defined): boolean {
  const { type, values, options, left, right, in: input, out } = def
  if (type === "undefined" || type === "void" || type === "optional") return true
  if (type === "literal") return values?.includes(undefined) === true
  if (type === "union") return (options ?? []).some(takesUndefined)
  if (type === "intersection") return left !== undefined && right !== undefined && takesUndefined(left) && takesUndefined(right)
  if (type === "nonoptional") return false
  if (type === "pipe") return input !== undefined && out !== undefined && takesUndefined(input) && (isCode(out) || takesUndefined(out))
  const inner = def.innerType ?? (type === "lazy" ? def.getter?.() : undefined)
  return inner !== undefined && takesUndefined(inner)
}

function isCode({ _zod: { def } }: Defined): boolean {
  return def.type === "transform"
}
