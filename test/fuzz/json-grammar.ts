import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { json } from "../../src/parsers/json/json.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readContext } from "../parsers/read-table.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

/** Most processor time for reading a file of this size. */
const slowMs = 2000
const mostBytes = 400_000

/**
 * Reads JSON from the grammar of RFC 8259, with rules repeated many times and sometimes broken. It must be read or refused with a code, in time.
 * A document that JSON.parse accepts may be refused only for a limit or because it holds no table.
 */
export async function tryJsonGrammar(random: Random): Promise<FuzzResult> {
  const isLines = random.chance(0.4)
  const rows = Array.from({ length: 1 + random.below(4) }, () => repeated(row(random), isLines ? "\n" : ",", random))
  const text = isLines ? rows.join("\n") : `[${rows.join(",")}]`
  const begun = process.cpuUsage()
  const code = await codeOf(text, isLines, random)
  const { user, system } = process.cpuUsage(begun)
  const ms = (user + system) / 1000
  if (ms > slowMs) return { outcome: code, failure: `took ${Math.round(ms)} ms: ${text.slice(0, 200)}` }
  if (code.startsWith("escaped")) return { outcome: "escaped", failure: code }
  const isRefused = !["rows", "LIMIT_EXCEEDED", "TABLE_NOT_FOUND"].includes(code)
  return {
    outcome: code,
    failure: !isLines && isRefused && isJson(text) ? `JSON was refused as ${code}: ${text.slice(0, 200)}` : undefined,
  }
}

async function codeOf(text: string, isLines: boolean, random: Random): Promise<string> {
  try {
    const file = chunkedFile(Buffer.from(text), 1 + random.below(random.pick([100, 100_000])) + text.length / 500)
    for await (const _ of (isLines ? ndjson() : json()).parse(file, readContext()));
    return "rows"
  } catch (error) {
    return error instanceof RowgateError ? error.code : `escaped ${error instanceof Error ? error.stack : String(error)}`
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The text once, or repeated up to the size of a file. */
function repeated(text: string, separator: string, random: Random): string {
  if (random.chance(0.6)) return text
  const most = Math.max(1, Math.floor(mostBytes / 4 / (text.length + separator.length)))
  return Array.from({ length: 1 + random.below(Math.min(most, random.pick([4, 1000, 100_000]))) }, () => text).join(separator)
}

function row(random: Random): string {
  const made = random.chance(0.8) ? object(random, 1) : random.chance(0.8) ? array(random, 1) : value(random, 0)
  if (random.chance(0.95)) return made
  const at = random.below(made.length + 1)
  return made.slice(0, at) + random.pick(["", ",", "}", "]", '"', "\\", "\0", "nul", " "]) + made.slice(at + random.below(2))
}

function value(random: Random, depth: number): string {
  const rule = random.below(depth > 4 ? 4 : 7)
  if (rule === 0) return random.pick(["true", "false", "null"])
  if (rule === 1) return number(random)
  if (rule <= 3) return text(random)
  if (rule === 4) return nested(random)
  return rule === 5 ? object(random, depth + 1) : array(random, depth + 1)
}

function object(random: Random, depth: number): string {
  const member = () => `${text(random)}${space(random)}:${space(random)}${value(random, depth)}`
  return `{${random.list(4, () => repeated(member(), ",", random)).join(",")}}`
}

function array(random: Random, depth: number): string {
  return `[${random.list(4, () => repeated(value(random, depth), ",", random)).join(",")}]`
}

function nested(random: Random): string {
  const levels = random.below(random.pick([5, 62, 2000]))
  return random.chance(0.5) ? `${"[".repeat(levels)}1${"]".repeat(levels)}` : `${'{"k":'.repeat(levels)}1${"}".repeat(levels)}`
}

function number(random: Random): string {
  const digits = (most: number) => `${1 + random.below(9)}${random.pick(["0", "9", "37"]).repeat(random.below(most))}`
  const long = random.pick([2, 20, 5000])
  const fraction = random.chance(0.4) ? `.${digits(long)}` : ""
  const exponent = random.chance(0.3) ? `${random.pick(["e", "E"])}${random.pick(["", "+", "-"])}${digits(random.pick([1, 3, 3000]))}` : ""
  return `${random.pick(["", "-"])}${random.chance(0.2) ? "0" : digits(long)}${fraction}${exponent}`
}

function text(random: Random): string {
  const piece = random.pick(["a", "k", "\\n", "\\u0041", "\\ud83d\\ude00", "é", "😀", "__proto__", " ", "\\\\", ".", ""])
  return `"${piece.repeat(random.below(random.pick([3, 50, 3000])))}${random.below(10)}"`
}

function space(random: Random): string {
  return random.chance(0.9) ? "" : random.pick([" ", "\t", "\r", " "]).repeat(random.below(1000))
}
