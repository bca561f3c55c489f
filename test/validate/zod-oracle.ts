import { z } from "zod"
import type { Issue } from "../../src/model/issue.ts"
import { readCell, unreadable } from "./read-cell.ts"
import { type ObjectForm, refinement } from "./zod-forms.ts"
import type { Property } from "./zod-properties.ts"

/** The result of a row: its values, or the messages of its failure. */
export type Verdict = object | readonly string[]

/** The properties of an object by name, and how they are written. */
export interface Sketch {
  readonly form: ObjectForm
  readonly properties: { readonly [name: string]: Property }
}

/** The schema of a sketch. */
export function schemaOf({ form, properties }: Sketch): z.ZodType {
  return form.make(Object.fromEntries(Object.entries(properties).map(([name, { schema }]) => [name, schema])))
}

/**
 * What a loop over typed rows with `safeParse` says about a row. It is slow and simple, and the library has to agree with it. `others` are the values of
 * columns that the sketch does not name.
 */
export async function expectedVerdict(sketch: Sketch, cells: { readonly [name: string]: unknown }, others: object): Promise<Verdict> {
  const { form } = sketch
  const messages: string[] = []
  const explained = new Set<unknown>()
  const shape: { [name: string]: z.ZodType } = {}
  const typed: { [name: string]: unknown } = Object.create(null)
  let replaced = false
  for (const [name, property] of Object.entries(sketch.properties)) {
    shape[name] = property.schema
    const value = readCell(Object.hasOwn(cells, name) ? cells[name] : null, property.kind)
    const isReported = value === unreadable && !property.catches && !form.catches
    if (isReported) {
      messages.push(`${name}: unreadable`)
      explained.add(name)
    }
    if (value !== null && value !== unreadable) typed[name] = value
    else {
      const fate = fateOf(property, form)
      if (fate === "null" || fate === "kept") typed[name] = null
      if (fate === "undefined") typed[name] = undefined
      if (fate === "kept") {
        shape[name] = z.null()
        replaced = true
      }
      if (fate === "refused" && !form.catches) {
        if (!isReported) messages.push(`${name}: The column ${name} is empty, but requires a value.`)
        explained.add(name)
      }
    }
  }
  if (form.takesOthers) Object.assign(typed, others)
  const result = await parse(form.make(shape), typed)
  for (const { path, message } of result.issues) if (!explained.has(path[0])) messages.push(`${path.map(String).join("/")}: ${message}`)
  if (messages.length === 0) return result.data ?? {}
  // A refinement that runs beside other issues may not see an empty cell that only a coercion could pass on.
  const more = messages.filter((message) => !message.endsWith(refinement))
  return (replaced && more.length > 0 ? more : messages).sort()
}

/** What a union of objects says about a row: it is the first object that accepts it, or the one that the discriminator names. */
export async function expectedOfUnion(
  variants: readonly Sketch[],
  cells: { readonly [name: string]: unknown },
  discriminated: boolean,
): Promise<Verdict> {
  const possible = discriminated ? variants.filter((_variant, at) => cells["kind"] === `kind ${at}`) : variants
  const verdicts: Verdict[] = []
  for (const variant of possible) {
    const others = Object.entries(cells).filter(([name, cell]) => cell !== null && !Object.hasOwn(variant.properties, name))
    const verdict = await expectedVerdict(variant, cells, Object.fromEntries(others))
    if (!Array.isArray(verdict)) return verdict
    verdicts.push(verdict)
  }
  const [only] = verdicts
  return only !== undefined && verdicts.length === 1 ? only : []
}

/** Without empty values if a column may be null in some rows and missing in others, which columns cannot tell apart. */
export function comparable(verdict: Verdict, { form }: Sketch): Verdict {
  if (!form.catches || Array.isArray(verdict)) return verdict
  return Object.fromEntries(Object.entries(verdict).filter(([, value]) => value !== null && value !== undefined))
}

/** The messages of a row's issues in the same form. */
export function messagesOf(issues: readonly Issue[]): readonly string[] {
  const place = ({ column, path = [] }: Issue) => (column === undefined ? [] : [column, ...path]).join("/")
  return issues.map((issue) => `${place(issue)}: ${issue.code.endsWith(".unreadable") ? "unreadable" : issue.message}`).sort()
}

/** What an empty cell is to the schema of the whole row. */
function fateOf({ schema, blank, needed }: Property, { whole }: ObjectForm): "null" | "absent" | "undefined" | "refused" | "kept" {
  if (blank === "kept") return kept(schema, whole)
  if (blank !== "asked" && blank !== "asked or null") return blank
  const asked = schema.safeParse(undefined)
  const isNothing = asked.success && Number.isNaN(asked.data instanceof Date ? asked.data.getTime() : asked.data)
  if ((isNothing || !asked.success) && blank === "asked or null") return kept(schema, whole)
  return isNothing ? "refused" : needed ? "undefined" : "absent"
}

/** Null goes through the schema if it stays null on the way. */
function kept(schema: z.ZodType, whole: boolean): "null" | "refused" | "kept" {
  const { data, success } = schema.safeParse(null)
  if (success && data === null) return "null"
  return whole ? "refused" : "kept"
}

/** An error that a refinement throws is a reason of the row like any other. */
async function parse(schema: z.ZodType, row: object) {
  try {
    const { data, error } = await schema.safeParseAsync(row)
    return { data: data as object | undefined, issues: error?.issues ?? [] }
  } catch (error) {
    return { data: undefined, issues: [{ path: [], message: `The schema threw (${error instanceof Error ? error.message : ""}).` }] }
  }
}
