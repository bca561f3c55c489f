import { shownText } from "../../errors/shown-text.ts"
import { shownValue } from "../../options/shown-value.ts"
import { invalidEvent } from "./event-error.ts"

/** An object of an event. `place` is its path in messages, such as `Records[0].s3`. */
export interface EventFields {
  readonly fields: object
  readonly place: string
}

/** The event must be an object here. */
export function eventFields(value: unknown, place: string): EventFields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalidEvent(`${place || "The event"} must be an object; it is ${shownValue(value)}.`)
  return { fields: value, place }
}

/** The value of a field. Only the event's own fields count, because a prototype may come from whoever sent the event. */
export function field({ fields }: EventFields, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields as { readonly [name: string]: unknown })[name] : undefined
}

/** Whether the field is there, with any value but undefined. */
export function has(from: EventFields, name: string): boolean {
  return field(from, name) !== undefined
}

/** The path of a field in messages. */
export function placeOf({ place }: EventFields, name: string): string {
  return place === "" ? name : `${place}.${name}`
}

export function objectField(from: EventFields, name: string): EventFields {
  return eventFields(field(from, name), placeOf(from, name))
}

/** A text that must be there. It may be empty. */
export function textField(from: EventFields, name: string): string {
  const value = field(from, name)
  if (typeof value === "string") return value
  const found = value === undefined ? "is missing" : `must be a string; it is ${shownValue(value)}`
  throw invalidEvent(`${placeOf(from, name)} of the event ${found}.`)
}

/** A text that may be missing; null and an empty text count as missing. */
export function optionalText(from: EventFields, name: string): string | undefined {
  const value = field(from, name) ?? undefined
  if (value === undefined || value === "") return undefined
  if (typeof value === "string") return value
  throw invalidEvent(`${placeOf(from, name)} of the event must be a string; it is ${shownValue(value)}.`)
}

/** A number of bytes that may be missing. */
export function optionalSize(from: EventFields, name: string): number | undefined {
  const value = field(from, name) ?? undefined
  if (value === undefined) return undefined
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value
  throw invalidEvent(`${placeOf(from, name)} of the event must be a number of bytes; it is ${shownValue(value)}.`)
}

/** A list of objects, which must not be empty. */
export function objectList(from: EventFields, name: string): readonly EventFields[] {
  const value = field(from, name)
  const place = placeOf(from, name)
  if (!Array.isArray(value)) throw invalidEvent(`${place} of the event must be a list; it is ${shownValue(value)}.`)
  if (value.length === 0) throw invalidEvent(`${place} of the event is an empty list.`)
  return Array.from(value, (each: unknown, at) => eventFields(each, `${place}[${at}]`))
}

/** The JSON object in a text field. */
export function jsonField(from: EventFields, name: string): EventFields {
  const text = textField(from, name)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The engine's own message may quote a long part of the text.
    throw invalidEvent(`${placeOf(from, name)} of the event is not JSON; it is "${shownText(text)}".`)
  }
  return eventFields(value, placeOf(from, name))
}
