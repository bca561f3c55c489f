import { CellError } from "../model/cell-error.ts"
import { Duration } from "../model/duration.ts"
import { instantOf, toDate } from "../model/fine-instant.ts"
import type { JsonValue } from "../model/json-value.ts"
import { setOwn } from "../model/set-own.ts"
import { TimeOfDay } from "../model/time-of-day.ts"

/** Deeper values would exhaust the stack, here or in `JSON.stringify`. */
const mostDepth = 500

/** A value as JSON: itself if JSON has it, otherwise a list of a tag and its content. Undefined if the part format has no form for the value. */
export function jsonOfCell(value: unknown, depth = 0): JsonValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : ["number", numberName(value)]
  if (value === undefined) return ["undefined"]
  if (typeof value === "bigint") return ["bigint", String(value)]
  if (typeof value !== "object" || depth > mostDepth) return undefined
  if (value instanceof Date) return ["date", Number.isNaN(value.getTime()) ? null : instantOf(value)]
  if (value instanceof CellError) return ["error", value.error]
  if (value instanceof TimeOfDay) return tagged("time", jsonOfCell(value.ms))
  if (value instanceof Duration) return tagged("duration", jsonOfCell(value.ms))
  if (value instanceof Uint8Array) return ["bytes", Buffer.from(value.buffer, value.byteOffset, value.length).toString("base64")]
  if (Array.isArray(value)) return jsonOfList(value, depth)
  return isPlain(value) ? jsonOfObject(value, depth) : undefined
}

/** The value that `jsonOfCell` wrote. Throws a `TypeError` for JSON that it does not write. */
export function cellOfJson(json: JsonValue): unknown {
  if (json === null || typeof json !== "object") return json
  if (!Array.isArray(json)) throw new TypeError("a value is an object without a tag")
  const [tag, content] = json as readonly JsonValue[]
  switch (tag) {
    case "number":
      return Number(content)
    case "undefined":
      return undefined
    case "bigint":
      return BigInt(String(content))
    case "date":
      return toDate(content === null ? Number.NaN : Number(content))
    case "error":
      return new CellError(String(content))
    case "time":
      return new TimeOfDay(cellOfJson(content ?? null) as number)
    case "duration":
      return new Duration(cellOfJson(content ?? null) as number)
    case "bytes":
      return Buffer.from(String(content), "base64")
    case "list":
      return (content as readonly JsonValue[]).map(cellOfJson)
    case "object":
      return objectOf(content as { readonly [name: string]: JsonValue })
    default:
      throw new TypeError("a value has an unknown tag")
  }
}

function numberName(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value)
}

function jsonOfList(list: readonly unknown[], depth: number): JsonValue | undefined {
  const items: JsonValue[] = []
  // A loop by index visits the holes of the list too.
  for (let at = 0; at < list.length; at++) {
    const item = jsonOfCell(list[at], depth + 1)
    if (item === undefined) return undefined
    items.push(item)
  }
  return ["list", items]
}

function jsonOfObject(object: object, depth: number): JsonValue | undefined {
  const properties: { [name: string]: JsonValue } = {}
  for (const [name, value] of Object.entries(object)) {
    const json = jsonOfCell(value, depth + 1)
    if (json === undefined) return undefined
    setOwn(properties, name, json)
  }
  return ["object", properties]
}

function objectOf(properties: { readonly [name: string]: JsonValue }): object {
  const object: { [name: string]: unknown } = {}
  for (const [name, json] of Object.entries(properties)) setOwn(object, name, cellOfJson(json))
  return object
}

function tagged(tag: string, content: JsonValue | undefined): JsonValue {
  return [tag, content ?? null]
}

/** Whether it is an object of no class. Objects of another realm, such as a vm's, are plain too. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
