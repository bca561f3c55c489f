import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownValue } from "../../options/shown-value.ts"
import type { PinnedObject } from "./manifest.ts"
import type { UnfinishedParse } from "./steps.ts"

type Fields = { readonly [name: string]: unknown }

/** The fields of an input. Throws `EVENT_INVALID` if it is not an object. */
export function fieldsOf(event: unknown): Fields {
  if (typeof event === "object" && event !== null && !Array.isArray(event)) return event as Fields
  throw invalid(`The input must be an object; it is ${shownValue(event)}.`)
}

/** The manifest and, for a part, its number and the round. */
export function pointerOf(event: unknown): { readonly manifest: string; readonly round: number } {
  const { manifest, round = 0 } = fieldsOf(event)
  if (typeof manifest !== "string") throw invalid(`The input needs the URI of a manifest; it is ${shownValue(manifest)}.`)
  return { manifest, round: wholeNumber("round", round) }
}

export function partPointerOf(event: unknown): { readonly manifest: string; readonly round: number; readonly part: number } {
  return { ...pointerOf(event), part: wholeNumber("part", fieldsOf(event)["part"]) }
}

/** The execution of the state machine that calls, if the input names it. */
export function executionOf(event: unknown): string | undefined {
  const { execution } = fieldsOf(event)
  if (execution === undefined || typeof execution === "string") return execution
  throw invalid(`The input takes the id of an execution as execution; it is ${shownValue(execution)}.`)
}

/** Whether the input asks to load an object again that was loaded before. */
export function reloadOf(event: unknown): boolean {
  const { reload = false } = fieldsOf(event)
  if (typeof reload === "boolean") return reload
  throw invalid(`The input takes true or false as reload; it is ${shownValue(reload)}.`)
}

/** A parse that stopped in time, as the parser returned it. `object` is the object that it names, which the caller has looked at. */
export function unfinishedOf(event: unknown, object: PinnedObject): UnfinishedParse {
  const { revision, writer, parts, rows, deliveryId, asOf, reload } = fieldsOf(event)
  // It becomes a part of keys.
  if (typeof writer !== "string" || !/^[0-9a-f]{8}$/.test(writer))
    throw invalid(`The input needs the writer of an unfinished parse; it is ${shownValue(writer)}.`)
  if (typeof deliveryId !== "string") throw invalid(`The input needs the id of a delivery as deliveryId; it is ${shownValue(deliveryId)}.`)
  if (typeof asOf !== "string" || Number.isNaN(Date.parse(asOf)))
    throw invalid(`The input needs an instant in ISO 8601 as asOf; it is ${shownValue(asOf)}.`)
  return {
    status: "unfinished",
    object,
    revision: wholeNumber("revision", revision),
    writer,
    parts: wholeNumber("parts", parts),
    rows: wholeNumber("rows", rows),
    deliveryId,
    asOf,
    reload: reload === true,
  }
}

function wholeNumber(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw invalid(`The input needs a whole number as ${name}; it is ${shownValue(value)}.`)
}

function invalid(message: string): RowgateError {
  return new RowgateError({
    code: "EVENT_INVALID",
    message,
    remedy: "Pass what the function before this one returned, as the state machine of the examples does.",
  })
}
