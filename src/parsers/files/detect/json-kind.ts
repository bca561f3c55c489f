import { JsonScanner } from "../../json/json-scanner.ts"
import { arrayOpening, type JsonTape, objectOpening } from "../../json/json-tape.ts"

/** Whether a text is JSON, and of which form; undefined where it rather is csv. `whole`: nothing follows the text. `extension`: what the name promises. */
export function jsonKind(text: string, whole: boolean, extension: string): "json" | "ndjson" | undefined {
  const start = text.trimStart()
  const claimsJson = extension === "json" || extension === "ndjson"
  const likely = /^(\{\s*("|\}|$)|\[\s*([[{"\]\d-]|true|false|null|$))/.test(start)
  if (!likely) return claimsJson && /^[[{]/.test(start) ? "json" : undefined
  const bytes = Buffer.from(start)
  const scanner = new JsonScanner({ maxDepth: 512, maxTextBytes: bytes.length, taped: true })
  scanner.begin(0)
  const outcome = scanner.scan(bytes, bytes.length, whole)
  if (outcome === "fault") return ofFaulty(start, scanner.tape, claimsJson)
  const isObject = start.startsWith("{")
  const isOneLine = !bytes.subarray(0, scanner.position).includes(0x0a)
  const isRow = isObject && isOneLine && (extension === "ndjson" || !holdsTable(scanner.tape))
  if (outcome === "more") return isRow ? "ndjson" : "json"
  const rest = bytes.toString("utf8", scanner.position)
  if (/^[\t ]*\S/.test(rest)) return !isObject && !claimsJson && rest.trimStart().startsWith(",") ? undefined : "json"
  const next = rest.trimStart()
  if (next === "") return isRow ? "ndjson" : "json"
  return isOneLine && (isObject || next.startsWith("[")) ? "ndjson" : "json"
}

/** Text that stops being JSON: lines of it, if the next line begins anew; a broken document; or csv whose first cell looks like JSON. */
function ofFaulty(start: string, tape: JsonTape, claimsJson: boolean): "json" | "ndjson" | undefined {
  const [first = "", second = ""] = start.split(/\r?\n/, 2)
  if (first.startsWith("{") && /^\{\s*"/.test(second)) return "ndjson"
  return claimsJson || tape.length > 2 || first.startsWith("{") ? "json" : undefined
}

/** Whether there is an array of objects or arrays anywhere in the object: it then is a document around a table rather than a row. */
function holdsTable(tape: JsonTape): boolean {
  for (let at = 1; at + 1 < tape.length; at++)
    if (tape.kinds[at] === arrayOpening && (tape.kinds[at + 1] === objectOpening || tape.kinds[at + 1] === arrayOpening)) return true
  return false
}
