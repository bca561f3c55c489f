import type { Parser } from "../../src/contract/parser.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { detect } from "../../src/parsers/files/detect/detect.ts"
import { type JsonOptions, json } from "../../src/parsers/json/json.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readTable } from "../parsers/read-table.ts"
import { difference } from "./difference.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

/** Reads a generated and damaged document, or JSON lines. */
export function tryJson(random: Random): Promise<FuzzResult> {
  return random.chance(0.5) ? tryDocument(random) : tryLines(random)
}

/** A document must be read if JSON.parse accepts it and refused if not, with the same result in any chunks. */
async function tryDocument(random: Random): Promise<FuzzResult> {
  const bytes = damaged(`[${random.list(8, () => element(random)).join(`${space(random)},`)}]`, random)
  const options = random.pick<JsonOptions>([{}, {}, { header: false }, { path: "/0" }, { limits: { depth: 3 } }])
  const whole = await outcomeOf(json(options), bytes, 1 << 20)
  const cut = await outcomeOf(json(options), bytes, 1 + random.below(20))
  if (whole.text !== cut.text) return { outcome: whole.code, failure: `chunks make a difference: ${difference(whole.text, cut.text)}` }
  return { outcome: whole.code, failure: contradiction(bytes, whole.code) ?? otherValues(parsedRows(bytes, options), whole.rows) }
}

/** The elements of a document by their number, as JSON.parse reads them. None if it throws, or if the options choose other rows. */
function parsedRows(bytes: Buffer, { path, header }: JsonOptions): ReadonlyMap<number, unknown> {
  if (path !== undefined || header !== undefined || !Buffer.from(bytes.toString()).equals(bytes)) return new Map()
  const value = parsed(bytes.toString().replace(/^\ufeff/, ""))
  return new Map(Array.isArray(value) ? value.map((element, at) => [at + 1, element]) : [])
}

/** Compares the objects that were read with those of JSON.parse. Returns the first difference. */
function otherValues(wanted: ReadonlyMap<number, unknown>, rows: Outcome["rows"]): string | undefined {
  for (const [at, values] of rows) {
    const object = wanted.get(at)
    if (typeof object !== "object" || object === null || Array.isArray(object)) continue
    const [expected, read] = [leavesOf(object), leavesOf(values)].map((leaves) => leaves.sort().join(" "))
    if (expected !== read) return `row ${at} holds ${read}, not ${expected}`
  }
  return undefined
}

/** The leaf values of an object. An array is one value. Numbers and numeric texts are equal, since long numbers are read as text. Nulls are left out. */
function leavesOf(value: unknown): string[] {
  if (value === null) return []
  if (typeof value !== "object" || Array.isArray(value)) return [JSON.stringify(plain(value))]
  return Object.values(value).flatMap(leavesOf)
}

function plain(value: unknown): unknown {
  if (typeof value === "number" || (typeof value === "string" && /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(value)))
    return `${Number(value)}`
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.entries(value).map(([key, each]) => [key, plain(each)])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Checks that exactly the documents that JSON.parse refuses are refused. Bytes that are not UTF-8 are skipped, because JSON.parse cannot judge them. */
function contradiction(bytes: Buffer, code: string): string | undefined {
  const isText = Buffer.from(bytes.toString()).equals(bytes) && bytes.every((byte) => byte !== 0)
  if (!isText) return undefined
  const isBroken = code === "FILE_CORRUPT" || code === "FILE_TRUNCATED"
  try {
    JSON.parse(bytes.toString().replace(/^\ufeff/, ""))
    return isBroken ? `JSON was refused as ${code}: ${bytes}` : undefined
  } catch {
    return code === "rows" && !isSequence(bytes.toString()) ? `text that is not JSON was read: ${bytes}` : undefined
  }
}

/** Whether a text may be objects one after another, which are read although they are not one JSON document. */
const isSequence = (text: string) => /^\ufeff?\s*\{/.test(text)

/** Each line that JSON.parse reads as an object must give its row, and each other line a rejected row. */
async function tryLines(random: Random): Promise<FuzzResult> {
  const lines = random.list(12, () => damaged(element(random), random, 0.2).toString().replaceAll("\n", " "))
  const text = lines.join(random.pick(["\n", "\r\n", "\n\n"]))
  const whole = await outcomeOf(ndjson(), Buffer.from(text), 1 << 20)
  const cut = await outcomeOf(ndjson(), Buffer.from(text), 1 + random.below(20))
  if (whole.text !== cut.text) return { outcome: whole.code, failure: `chunks make a difference: ${difference(whole.text, cut.text)}` }
  const records = linesOf(text.replace(/^\ufeff/, ""))
  const objects = records.filter((line) => typeof parsed(line) === "object" && parsed(line) !== null).length
  const isHeaded = whole.text.includes("column_")
  if (whole.code === "rows" && whole.passed > objects && !isHeaded)
    return { outcome: whole.code, failure: `${whole.passed} rows of ${objects} objects: ${text}` }
  const wanted = new Map(records.filter((line) => !blank.test(line)).map((line, at) => [at + 1, parsed(line)]))
  return { outcome: whole.code, failure: otherValues(wanted, whole.rows) }
}

/** Only the white space of JSON. A line with a byte order mark or a form feed is a row, which is rejected. */
const blank = /^[ \t\r\n]*$/

/** All lines end like the first one: in CR, or in LF. */
function linesOf(text: string): string[] {
  const [first] = /\r(?!\n)|\n/.exec(text) ?? []
  return text.split(first === "\r" ? "\r" : "\n")
}

interface Outcome {
  readonly code: string
  readonly text: string
  readonly passed: number
  /** The rows that passed, by their number. */
  readonly rows: ReadonlyMap<number, unknown>
}

async function outcomeOf(parser: Parser, bytes: Buffer, chunkBytes: number): Promise<Outcome> {
  try {
    detect(bytes.length === 0 ? Buffer.from(" ") : bytes, "orders.json")
  } catch (error) {
    if (!(error instanceof RowgateError)) throw error
  }
  try {
    const { header, rows, issues, notices, batches } = await readTable(parser, chunkedFile(bytes, chunkBytes))
    const raws = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => [batch.raw(row), batch.origin(row)]))
    const passed = batches.reduce((sum, batch) => sum + batch.selection.size, 0)
    const read = new Map(
      batches.flatMap((batch) => [...batch.selection].map((row) => [batch.origin(row).row ?? 0, batch.raw(row)] as const)),
    )
    return { code: "rows", text: JSON.stringify({ header, rows, issues, notices, raws }), passed, rows: read }
  } catch (error) {
    if (error instanceof RowgateError) return { code: error.code, text: `${error.code} ${error.message}`, passed: 0, rows: new Map() }
    throw error
  }
}

/** Mostly objects with few keys, so that rows share columns. */
function element(random: Random): string {
  return random.chance(0.9) ? object(random, 2) : value(random, 3)
}

function object(random: Random, depth: number): string {
  const members = random.list(4, () => `${space(random)}${key(random)}${space(random)}:${value(random, depth)}`)
  return `{${members.join(",")}${space(random)}}`
}

function value(random: Random, depth: number): string {
  const inner = depth === 0 ? scalar(random) : random.pick([scalar, scalar, scalar, array, object])(random, depth - 1)
  return space(random) + inner + space(random)
}

const array = (random: Random, depth: number) => `[${random.list(3, () => value(random, depth)).join(",")}]`

const scalar = (random: Random) =>
  random.pick([
    text,
    text,
    number,
    number,
    () => "true",
    () => "false",
    () => "null",
    () => random.pick(["NaN", "'x'", "tru", "01", "+1", ".5"]),
  ])(random)

const key = (random: Random) =>
  random.pick(['"a"', '"b"', '"c"', '"a"', '"b"', '"\\u0061"', '"__proto__"', '"a.b"', '""', '"\u00e9"', text(random)])

function text(random: Random): string {
  const pieces = [
    "x",
    "\u00e9",
    "\u20ac",
    "\ud83d\ude00",
    "\\n",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\u0000",
    '\\"',
    "\\\\",
    " ",
    "\t",
    "\\x",
    "\u2028",
  ]
  return `"${random.list(6, () => random.pick(random.chance(0.9) ? pieces.slice(0, 12) : pieces)).join("")}"`
}

function number(random: Random): string {
  const digits = (most: number) => random.list(most, () => String(random.below(10))).join("")
  const sign = random.pick(["", "", "-"])
  const whole = random.pick(["0", `${1 + random.below(9)}${digits(random.pick([3, 25]))}`])
  const fraction = random.chance(0.4) ? `.${random.below(10)}${digits(20)}` : ""
  const exponent = random.chance(0.2) ? random.pick(["e", "E"]) + random.pick(["", "+", "-"]) + String(random.below(400)) : ""
  return sign + whole + fraction + exponent
}

const space = (random: Random) => random.pick(["", "", "", "", " ", "\n", "\t ", "\r\n"])

/** The bytes of a text, some of them changed, removed, doubled or inserted. */
function damaged(content: string, random: Random, probability = 0.5): Buffer {
  let bytes = Buffer.from(random.chance(0.05) ? `\ufeff${content}` : content)
  if (!random.chance(probability)) return bytes
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length + 1)
    const rest = bytes.subarray(Math.min(bytes.length, at + random.below(4)))
    const put = random.pick([
      Buffer.alloc(0),
      Buffer.from([random.below(256)]),
      Buffer.from(random.pick(["[", "]", "{", "}", ",", ":", '"', "\\", "1", "e", "\n", " "])),
      bytes.subarray(at, at + random.below(10)),
    ])
    bytes = Buffer.concat([bytes.subarray(0, at), put, random.chance(0.1) ? Buffer.alloc(0) : rest])
  }
  return bytes
}
