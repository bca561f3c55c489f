import { JsonScanner } from "../json/json-scanner.ts"
import { arrayOpening, closing, type JsonTape, objectOpening } from "../json/json-tape.ts"

/** Whether a text is JSON, and of which form; undefined where it rather is csv. `whole`: nothing follows the text. */
export function jsonKind(text: string, whole: boolean, claimsJson: boolean): "json" | "ndjson" | undefined {
  const start = text.trimStart()
  const likely = /^(\{\s*("|\}|$)|\[\s*([[{"\]\d-]|true|false|null|$))/.test(start)
  if (!likely) return claimsJson && /^[[{]/.test(start) ? "json" : undefined
  const bytes = Buffer.from(start)
  const scanner = new JsonScanner({ maxDepth: 512, maxTextBytes: bytes.length, taped: true })
  scanner.begin(0)
  const outcome = scanner.scan(bytes, bytes.length, whole)
  const value = bytes.toString("utf8", 0, scanner.position)
  if (outcome === "fault") return ofFaulty(start, scanner.tape, claimsJson)
  const isObject = start.startsWith("{")
  const isOneLine = !value.includes("\n")
  if (outcome === "more") return isObject && isOneLine && !holdsTable(scanner.tape) ? "ndjson" : "json"
  const rest = bytes.toString("utf8", scanner.position)
  if (/^[\t ]*\S/.test(rest)) return !isObject && !claimsJson && rest.trimStart().startsWith(",") ? undefined : "json"
  const next = rest.trimStart()
  if (next === "") return isObject && isOneLine && !holdsTable(scanner.tape) ? "ndjson" : "json"
  return isOneLine && /^[[{]/.test(next) ? "ndjson" : "json"
}

/** Text that stops being JSON: lines of it, if the next line begins anew; a broken document; or csv whose first cell looks like JSON. */
function ofFaulty(start: string, tape: JsonTape, claimsJson: boolean): "json" | "ndjson" | undefined {
  const [first = "", second = ""] = start.split(/\r?\n/, 2)
  if (first.startsWith("{") && /^\{\s*"/.test(second)) return "ndjson"
  return claimsJson || tape.length > 2 || first.startsWith("{") ? "json" : undefined
}

/** Whether a member of the object is an array of objects or arrays: the object then is a document around a table and no row. */
function holdsTable(tape: JsonTape): boolean {
  for (let at = 1; at + 1 < tape.length && tape.kinds[at] !== closing; ) {
    const value = at + 1
    if (tape.kinds[value] === arrayOpening && (tape.kinds[value + 1] === objectOpening || tape.kinds[value + 1] === arrayOpening))
      return true
    const after = tape.after(value)
    // A container that the head cuts off has no end yet.
    if (after <= value) return false
    at = after
  }
  return false
}
