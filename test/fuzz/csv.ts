import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import type { CsvOptions } from "../../src/parsers/csv/csv-options.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readContext } from "../parsers/read-table.ts"
import { codesOf } from "./codes-of.ts"
import { difference } from "./difference.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

const words = [
  "id",
  "name",
  "Ann",
  "Smith, John",
  "1",
  "2.5",
  "3,5",
  "2024-01-01",
  "12:30",
  "n/a",
  "größe",
  "日本",
  '5" wide',
  "O'Neil",
  "",
  " ",
]
const tokens = [
  ",",
  ";",
  "\t",
  "|",
  ":",
  " ",
  '"',
  '""',
  "'",
  "\\",
  "\n",
  "\r\n",
  "\r",
  "#",
  "\ufeff",
  "\0",
  "\u0001",
  "x".repeat(70),
  "||",
]

/** Reads a generated and damaged file. The result must be the same in any chunks and batches. */
export async function tryCsv(random: Random): Promise<FuzzResult> {
  const bytes = fuzzedFile(random)
  const options = fuzzedOptions(random)
  const whole = await rowsOf(bytes, options, 1 << 20)
  const cut = await rowsOf(bytes, options, 1 + random.below(40))
  const few = await rowsOf(bytes, options, 1 << 20, 1 + random.below(5))
  const outcome = whole.split(" ", 1)[0] ?? ""
  if (whole !== cut) return { outcome, failure: `chunks make a difference: ${difference(whole, cut)}` }
  return { outcome, failure: whole === few ? undefined : `batches make a difference: ${difference(whole, few)}` }
}

/** Every row with its origin and issues as text, or the code of the error. */
async function rowsOf(bytes: Buffer, options: CsvOptions, chunkBytes: number, batchRows = 8192): Promise<string> {
  const found: string[] = ["rows"]
  try {
    for await (const batch of csv(options).parse(chunkedFile(bytes, chunkBytes), readContext({ batchRows }))) {
      for (let row = 0; row < batch.length; row++) {
        const cells = batch.names.map((name) => batch.columns[name]?.at(row))
        const issues = codesOf(batch, row)
        found.push(JSON.stringify([batch.origin(row), cells, batch.raw(row), issues.sort(), batch.selection.has(row)]))
      }
    }
    return found.join(" ")
  } catch (error) {
    if (error instanceof RowgateError) return error.code
    throw error
  }
}

function fuzzedOptions(random: Random): CsvOptions {
  return random.pick<CsvOptions>([
    {},
    {},
    { header: false },
    { header: true, delimiter: "," },
    { delimiter: "||" },
    { escape: "\\", quote: '"' },
    { quote: null },
    { comment: "#" },
    { lineEnd: "\r" },
    { ragged: "keep" },
    { encoding: "utf-8" },
    { skipLines: 1 },
    { limits: { cellBytes: 60, recordBytes: 200, columns: 5 } },
  ])
}

/** A mostly sensible table in which tokens and bytes are inserted, removed and changed. */
function fuzzedFile(random: Random): Buffer {
  const delimiter = random.pick([",", ",", ";", "\t", "|", " ", "||"])
  const lineEnd = random.pick(["\n", "\n", "\r\n", "\r"])
  const width = 1 + random.below(5)
  const lines = Array.from({ length: 1 + random.below(25) }, () => {
    const fields = Array.from({ length: random.chance(0.05) ? random.below(8) : width }, () => fuzzedField(random, delimiter))
    return fields.join(delimiter)
  })
  let text = lines.join(lineEnd) + (random.chance(0.7) ? lineEnd : "")
  for (let changes = random.below(5); changes > 0; changes--) {
    const at = random.below(text.length + 1)
    text = text.slice(0, at) + (random.chance(0.7) ? random.pick(tokens) : "") + text.slice(at + random.below(3))
  }
  const bytes = random.chance(0.1) ? Buffer.from(`\ufeff${text}`, "utf16le") : Buffer.from(text)
  for (let changes = random.chance(0.2) ? random.below(4) : 0; changes > 0 && bytes.length > 0; changes--)
    bytes[random.below(bytes.length)] = random.below(256)
  return bytes
}

function fuzzedField(random: Random, delimiter: string): string {
  const word = random.pick(words)
  const needed = word.includes(delimiter) || word.includes('"')
  return needed || random.chance(0.2) ? `"${word.replaceAll('"', '""')}"` : word
}
