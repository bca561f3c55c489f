import type { JsonValue } from "../../model/json-value.ts"
import { exactNumber } from "./exact-number.ts"
import {
  arrayOpening,
  closing,
  escapedString,
  exponentNumber,
  falseLiteral,
  type JsonTape,
  nullLiteral,
  objectOpening,
  plainNumber,
  plainString,
  trueLiteral,
} from "./json-tape.ts"
import { unescaped, unescapeString } from "./unescape-string.ts"

/** Called for flaws inside a value that its row should report: a repeated key, a lone surrogate, a NUL. */
export type OnFlaw = (flaw: "duplicate" | "surrogate" | "nul", key: string) => void

/** The value that begins at a tape index, as plain JSON. A number that a double would change is returned as text. */
export function jsonValueAt(tape: JsonTape, index: number, bytes: Uint8Array, onFlaw: OnFlaw): JsonValue {
  const start = tape.starts[index] ?? 0
  const end = tape.ends[index] ?? 0
  switch (tape.kinds[index]) {
    case objectOpening:
      return objectAt(tape, index, bytes, onFlaw)
    case arrayOpening: {
      // Counted first: a list that grows takes room for seventeen items with its first one.
      let length = 0
      for (let at = index + 1; tape.kinds[at] !== closing; at = tape.after(at)) length++
      const items = new Array<JsonValue>(length)
      let item = 0
      for (let at = index + 1; tape.kinds[at] !== closing; at = tape.after(at)) items[item++] = jsonValueAt(tape, at, bytes, onFlaw)
      return items
    }
    case plainString:
    case escapedString:
      return stringAt(tape, index, bytes, onFlaw)
    case plainNumber:
    case exponentNumber: {
      const value = exactNumber(bytes, start, end, tape.kinds[index] === exponentNumber)
      return Number.isNaN(value) ? textOf(bytes, start, end) : value
    }
    case trueLiteral:
      return true
    case falseLiteral:
      return false
    case nullLiteral:
      return null
    default:
      throw new Error(`no value begins at tape index ${index}`)
  }
}

/** The text of a string token. The bytes do not change. */
export function stringAt(tape: JsonTape, index: number, bytes: Uint8Array, onFlaw: OnFlaw): string {
  const start = tape.starts[index] ?? 0
  const end = tape.ends[index] ?? 0
  if (tape.kinds[index] === plainString) return textOf(bytes, start, end)
  const copy = bytes.slice(start, end)
  unescapeString(copy, 0, copy.length)
  const text = textOf(copy, 0, unescaped.end)
  if (unescaped.loneSurrogate) onFlaw("surrogate", "")
  if (text.includes("\0")) onFlaw("nul", "")
  return text
}

function objectAt(tape: JsonTape, index: number, bytes: Uint8Array, onFlaw: OnFlaw): JsonValue {
  const object: { [key: string]: JsonValue } = {}
  for (let at = index + 1; tape.kinds[at] !== closing; at = tape.after(at + 1)) {
    const key = stringAt(tape, at, bytes, onFlaw)
    if (Object.hasOwn(object, key)) onFlaw("duplicate", key)
    const value = jsonValueAt(tape, at + 1, bytes, onFlaw)
    // Assigning to "__proto__" would set the prototype.
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
}
