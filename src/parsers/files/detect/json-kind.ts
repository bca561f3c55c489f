import { emptyTable, isColumns, keyedObject } from "../../json/found-table.ts"
import { JsonScanner } from "../../json/json-scanner.ts"
import { arrayOpening, type JsonTape, objectOpening } from "../../json/json-tape.ts"

/**
 * Whether a text is one JSON document or JSON lines; undefined if it is more likely csv. `isComplete` is true if the text is the whole file, and
 * `namedFormat` is the format that the file's extension belongs to.
 */
export function jsonKind(text: string, isComplete: boolean, namedFormat: string): "json" | "ndjson" | undefined {
  const start = text.trimStart()
  const claimsJson = namedFormat === "json" || namedFormat === "ndjson"
  const likely = /^(\{\s*("|\}|$)|\[\s*([[{"\]\d-]|true|false|null|$))/.test(start)
  if (!likely) return claimsJson && /^[[{]/.test(start) ? "json" : undefined
  const bytes = Buffer.from(start)
  const scanner = new JsonScanner({ maxDepth: 512, maxTextBytes: bytes.length, taped: true })
  scanner.begin(0)
  const outcome = scanner.scan(bytes, bytes.length, isComplete)
  if (outcome === "fault") return kindOfBroken(start, scanner.tape, claimsJson)
  const isObject = start.startsWith("{")
  const isOneLine = !bytes.subarray(0, scanner.position).includes(0x0a)
  const isRow = isObject && isOneLine && (namedFormat === "ndjson" || !isTableItself(scanner.tape, bytes, outcome === "done"))
  if (outcome === "more") return isRow ? "ndjson" : "json"
  const rest = bytes.toString("utf8", scanner.position)
  if (/^[\t ]*\S/.test(rest)) return !isObject && !claimsJson && rest.trimStart().startsWith(",") ? undefined : "json"
  const next = rest.trimStart()
  if (next === "") return isRow ? "ndjson" : "json"
  return isOneLine && (isObject || next.startsWith("[")) ? "ndjson" : "json"
}

/** Text that breaks JSON somewhere is JSON lines if the next line begins another object, else a broken document, or csv whose first cell looks like JSON. */
function kindOfBroken(start: string, tape: JsonTape, claimsJson: boolean): "json" | "ndjson" | undefined {
  const [first = "", second = ""] = start.split(/\r?\n/, 2)
  if (first.startsWith("{") && /^\{\s*"/.test(second)) return "ndjson"
  return claimsJson || tape.length > 2 || first.startsWith("{") ? "json" : undefined
}

/** Whether an object is no row: it holds a table, one without rows, or the columns of one. */
function isTableItself(tape: JsonTape, bytes: Uint8Array, isWhole: boolean): boolean {
  return (
    holdsTable(tape) ||
    keyedObject(tape, bytes) !== undefined ||
    (isWhole && (emptyTable(tape, bytes) !== undefined || isColumns(tape, bytes)))
  )
}

/** Whether an object holds an array of objects or arrays at any level. It is then a document around a table, not a row. */
function holdsTable(tape: JsonTape): boolean {
  for (let at = 1; at + 1 < tape.length; at++)
    if (tape.kinds[at] === arrayOpening && (tape.kinds[at + 1] === objectOpening || tape.kinds[at + 1] === arrayOpening)) return true
  return false
}
