import { headerKey } from "../../binding/match-headers.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { pointerText } from "./json-pointer.ts"
import { arrayOpening, closing, escapedString, type JsonTape, objectOpening, plainString } from "./json-tape.ts"
import { stringAt } from "./json-value-at.ts"

/** What a document is that is a single object: one row, or something around the only table in it, or around several. */
export type FoundTable =
  | { readonly kind: "row" }
  | { readonly kind: "keyed"; readonly pointer: readonly string[] }
  | { readonly kind: "table"; readonly pointer: readonly string[]; readonly notice: TableNotice }
  | { readonly kind: "none" | "several"; readonly pointers: readonly (readonly string[])[] }

/** The most keys beside the table that a notice names. */
const mostNamed = 10

/** An array of objects in the document. */
interface Candidate {
  readonly pointer: readonly string[]
  readonly value: number
  /** The keys of its first object. */
  readonly keys: readonly string[]
}

/**
 * Finds the table of a document that is a single object: its only array of objects, below any number of objects. If the pipeline expects columns, the
 * array whose first object names most of them is the table; if the document itself names more, it is one row. An incomplete tape, of the beginning of a
 * document, gives what is known so far.
 */
export function foundTable(tape: JsonTape, bytes: Uint8Array, headers: ReadonlySet<string> = new Set()): FoundTable {
  const expected = new Set([...headers].map(headerKey).filter((key) => key !== ""))
  const candidates: Candidate[] = []
  search(tape, bytes, 0, [], candidates)
  const matches = (keys: readonly string[]) => new Set(keys.map(headerKey).filter((key) => expected.has(key))).size
  const most = candidates.reduce((best, { keys }) => Math.max(best, matches(keys)), 0)
  const members = membersOf(tape, bytes, 0)
  if (matches(members.map(({ key }) => key)) > most) return { kind: "row" }
  const keyed = candidates.length === 0 ? keyedObject(tape, bytes) : undefined
  if (keyed !== undefined) {
    const takesPaths = [...headers].some((header) => members.some(({ key }) => header.startsWith(`${key}.`)))
    return takesPaths ? { kind: "row" } : { kind: "keyed", pointer: keyed }
  }
  const empty = candidates.length === 0 ? emptyTable(tape, bytes) : undefined
  if (empty !== undefined) return { kind: "table", pointer: [empty], notice: noticeOf(tape, bytes, [empty]) }
  const [table, ...others] = candidates.filter(({ keys }) => matches(keys) === most)
  const grids = table !== undefined && others.length === 0 && most === 0 ? gridsOf(tape, bytes, table) : []
  if (table !== undefined && grids.length > 0) return { kind: "several", pointers: [...grids, table.pointer] }
  if (table !== undefined && others.length === 0)
    return { kind: "table", pointer: table.pointer, notice: noticeOf(tape, bytes, table.pointer) }
  return { kind: table === undefined ? "none" : "several", pointers: candidates.map(({ pointer }) => pointer) }
}

/**
 * The arrays of arrays that may be the table, although there is an array of objects: it may describe their columns, as in `{"meta": {"columns": [{...}]},
 * "data": [[...], ...]}`. It has as many objects as their rows have cells, or is deeper in the document; arrays of numbers may be coordinates.
 */
function gridsOf(tape: JsonTape, bytes: Uint8Array, table: Candidate): readonly (readonly string[])[] {
  const columns = lengthOf(tape, table.value)
  const grids: (readonly string[])[] = []
  const searchGrids = (opening: number, above: readonly string[]): void => {
    for (const { key, value } of membersOf(tape, bytes, opening)) {
      const pointer = [...above, key]
      if (tape.kinds[value] === objectOpening) searchGrids(value, pointer)
      const row = value + 1
      if (
        tape.kinds[value] !== arrayOpening ||
        row >= tape.length ||
        tape.kinds[row] !== arrayOpening ||
        tape.kinds[row + 1] === arrayOpening
      )
        continue
      if (lengthOf(tape, row) === columns || (pointer.length < table.pointer.length && hasText(tape, row))) grids.push(pointer)
    }
  }
  searchGrids(0, [])
  return grids
}

/** Whether an array has a text among its elements. */
function hasText(tape: JsonTape, opening: number): boolean {
  for (let at = opening + 1; at < tape.length && tape.kinds[at] !== closing; at = Math.max(at + 1, tape.after(at)))
    if (tape.kinds[at] === plainString || tape.kinds[at] === escapedString) return true
  return false
}

/** Keys under which an answer of an API holds its rows. */
const envelopeKeys = new Set([
  "data",
  "results",
  "result",
  "items",
  "rows",
  "records",
  "value",
  "values",
  "entries",
  "hits",
  "list",
  "content",
])

/** The key of the table in a document whose table has no rows: its only array, under a usual key. */
export function emptyTable(tape: JsonTape, bytes: Uint8Array): string | undefined {
  const arrays = membersOf(tape, bytes, 0).filter(({ value }) => tape.kinds[value] === arrayOpening)
  const [only, ...others] = arrays
  const isEmpty = only !== undefined && others.length === 0 && tape.kinds[only.value + 1] === closing
  return isEmpty && envelopeKeys.has(only.key.toLowerCase()) ? only.key : undefined
}

/** Whether a document is an object of several arrays of the same length, and nothing else: the columns of a table. */
export function isColumns(tape: JsonTape, bytes: Uint8Array): boolean {
  const members = membersOf(tape, bytes, 0)
  const lengths = members.map(({ value }) => lengthOf(tape, value))
  return members.length > 1 && (lengths[0] ?? 0) > 1 && lengths.every((length) => length === lengths[0])
}

/** How many times as many keys as different ones the objects of a document have if they are rows, or columns. */
const leastRepeats = 1.5

/**
 * Whether an object holds several objects with the same keys, and nothing else: rows by their keys, `{"a1": {"x": 1}, "a2": {"x": 2}}`, or
 * columns, `{"x": {"0": 1}, "y": {"0": 2}}`.
 */
function isKeyed(tape: JsonTape, bytes: Uint8Array, opening: number): boolean {
  const members = membersOf(tape, bytes, opening)
  if (members.length < 2 || members.some(({ value }) => tape.kinds[value] !== objectOpening)) return false
  const keys = members.flatMap(({ value }) => membersOf(tape, bytes, value).map(({ key }) => key))
  return keys.length > 0 && keys.length >= new Set(keys).size * leastRepeats
}

/**
 * The path of the object of a document that holds rows or columns by their keys: the document itself, or an object in it whose keys begin with a digit,
 * such as dates or ids, as in `{"rates": {"2025-01-30": {...}, "2025-01-31": {...}}}`. Undefined if there is none.
 */
export function keyedObject(tape: JsonTape, bytes: Uint8Array): readonly string[] | undefined {
  return isKeyed(tape, bytes, 0) ? [] : keyedBelow(tape, bytes, 0, [])
}

function keyedBelow(tape: JsonTape, bytes: Uint8Array, opening: number, above: readonly string[]): readonly string[] | undefined {
  for (const { key, value } of membersOf(tape, bytes, opening)) {
    if (tape.kinds[value] !== objectOpening) continue
    const pointer = [...above, key]
    const areNumbered = membersOf(tape, bytes, value).every((member) => member.key >= "0" && member.key < ":")
    const found = areNumbered && isKeyed(tape, bytes, value) ? pointer : keyedBelow(tape, bytes, value, pointer)
    if (found !== undefined) return found
  }
  return undefined
}

/** The number of elements of an array; undefined for another value. */
function lengthOf(tape: JsonTape, value: number): number | undefined {
  if (tape.kinds[value] !== arrayOpening) return undefined
  let length = 0
  for (let at = value + 1; at < tape.length && tape.kinds[at] !== closing; at = Math.max(at + 1, tape.after(at))) length++
  return length
}

function search(tape: JsonTape, bytes: Uint8Array, opening: number, above: readonly string[], candidates: Candidate[]): void {
  for (const { key, value } of membersOf(tape, bytes, opening)) {
    if (tape.kinds[value] === objectOpening) search(tape, bytes, value, [...above, key], candidates)
    else if (isTable(tape, value))
      candidates.push({ pointer: [...above, key], value, keys: membersOf(tape, bytes, value + 1).map((member) => member.key) })
  }
}

function isTable(tape: JsonTape, value: number): boolean {
  return tape.kinds[value] === arrayOpening && value + 1 < tape.length && tape.kinds[value + 1] === objectOpening
}

/** The keys of an object, and the tape indexes of their values. */
function membersOf(tape: JsonTape, bytes: Uint8Array, opening: number): { readonly key: string; readonly value: number }[] {
  const members: { readonly key: string; readonly value: number }[] = []
  for (let at = opening + 1; at + 1 < tape.length && tape.kinds[at] !== closing; ) {
    members.push({ key: stringAt(tape, at, bytes, () => {}), value: at + 1 })
    // A container that is still open has no end.
    const after = tape.after(at + 1)
    at = after > at + 1 ? after : tape.length
  }
  return members
}

function noticeOf(tape: JsonTape, bytes: Uint8Array, pointer: readonly string[]): TableNotice {
  const beside: string[] = []
  let others = 0
  let opening = 0
  pointer.forEach((step, depth) => {
    for (const { key, value } of membersOf(tape, bytes, opening)) {
      if (key === step) opening = value
      else if (others++ < mostNamed) beside.push(shownText(pointerText([...pointer.slice(0, depth), key])))
    }
  })
  const more = others > mostNamed ? ` and ${others - mostNamed} more` : ""
  const rest = others === 0 ? "" : ` The document's other values are not read: ${beside.join(", ")}${more}.`
  return { code: "json.path", message: `The rows are the array of objects at "${shownText(pointerText(pointer))}".${rest}` }
}
