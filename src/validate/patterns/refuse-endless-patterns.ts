import { RowgateError } from "../../errors/rowgate-error.ts"
import { isEndless } from "./is-endless.ts"

/** Schemas may contain themselves. */
const mostParts = 20_000
/** The properties of a schema that name columns: those of zod, and of valibot. */
const shapes: ReadonlySet<string> = new Set(["shape", "entries"])

/** Schemas that were looked at before. */
const sound = new WeakSet<object>()

/** Throws `PIPELINE_INVALID` if a regular expression of a schema takes practically for ever for some texts. It looks into definitions, not into functions. */
export function refuseEndlessPatterns(schema: object): void {
  if (sound.has(schema)) return
  for (const [pattern, column] of patternsOf(schema)) if (isEndless(pattern)) throw endless(pattern, column)
  sound.add(schema)
}

function patternsOf(schema: object): ReadonlyMap<RegExp, string | undefined> {
  const patterns = new Map<RegExp, string | undefined>()
  const seen = new Set<object>()
  const parts: (readonly [part: unknown, name: string, column: string | undefined])[] = [[schema, "", undefined]]
  for (const [part, name, column] of parts) {
    if (typeof part !== "object" || part === null || seen.has(part) || parts.length > mostParts) continue
    seen.add(part)
    if (part instanceof RegExp) patterns.set(part, column)
    else for (const [key, value] of partsOf(part)) parts.push([value, key, column ?? (shapes.has(name) ? key : undefined)])
  }
  return patterns
}

function partsOf(part: object): readonly (readonly [name: string, value: unknown])[] {
  if (part instanceof Map) return [...part.values()].map((value) => ["", value])
  const fields = "_zod" in part && typeof part._zod === "object" && part._zod !== null && "def" in part._zod ? Object(part._zod.def) : part
  if (fields === part && !Array.isArray(part) && !isPlain(part)) return []
  return Object.entries(Object.getOwnPropertyDescriptors(fields)).flatMap(([name, { value, get }]) => {
    if (get !== undefined) return name === "shape" ? [[name, get.call(fields)]] : []
    return [[name, name === "getter" && typeof value === "function" ? value() : value]]
  })
}

function isPlain(part: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(part)
  return prototype === Object.prototype || prototype === null
}

function endless(pattern: RegExp, column: string | undefined): RowgateError {
  const place = column === undefined ? "The schema" : `The column "${column}" of the schema`
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `${place} has the pattern ${String(pattern).slice(0, 200)}, which takes years for some short texts.`,
    remedy: "Write the pattern without a repetition inside another one, such as (a+)+.",
    origin: { column },
  })
}
