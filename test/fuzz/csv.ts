/** Fuzzes the csv reader: `tsx test/fuzz/csv.ts --seconds 60 --seed 1`. A fault prints the seed that shows it again. */
import { argv, exit } from "node:process"
import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import type { CsvOptions } from "../../src/parsers/csv/csv-options.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readContext } from "../parsers/read-table.ts"
import { Random } from "./random.ts"

/** What a fuzz run came to. */
export interface FuzzRun {
  readonly files: number
  /** Files that gave rows, and files by the code that they were refused with. */
  readonly outcomes: { readonly [outcome: string]: number }
  readonly faults: readonly { readonly seed: number; readonly fault: string }[]
}

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
const slowMs = 5000

/** Reads made-up and damaged files until the time is over. Each has a seed of its own, counted up from the first. */
export async function fuzzCsv(seconds: number, seed: number): Promise<FuzzRun> {
  const until = performance.now() + seconds * 1000
  const outcomes: { [outcome: string]: number } = {}
  const faults: { seed: number; fault: string }[] = []
  let files = 0
  for (; performance.now() < until; files++) {
    const own = seed + files
    const { outcome, fault } = await tryFile(own)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    if (fault !== undefined) faults.push({ seed: own, fault })
  }
  return { files, outcomes, faults }
}

async function tryFile(seed: number): Promise<{ outcome: string; fault: string | undefined }> {
  const random = new Random(seed)
  const bytes = fuzzedFile(random)
  const options = fuzzedOptions(random)
  const begun = performance.now()
  const whole = await rowsOf(bytes, options, 1 << 20)
  const cut = await rowsOf(bytes, options, 1 + random.below(40))
  const few = await rowsOf(bytes, options, 1 << 20, 1 + random.below(5))
  const outcome = whole.split(" ", 1)[0] ?? ""
  const escaped = [whole, cut, few].find((read) => read.startsWith("escaped"))
  if (escaped !== undefined) return { outcome, fault: escaped }
  if (whole !== cut) return { outcome, fault: `chunks make a difference: ${whole.slice(0, 400)} / ${cut.slice(0, 400)}` }
  if (whole !== few) return { outcome, fault: `batches make a difference: ${whole.slice(0, 400)} / ${few.slice(0, 400)}` }
  const ms = performance.now() - begun
  return { outcome, fault: ms > slowMs ? `took ${Math.round(ms)} ms` : undefined }
}

/** Every row with its origin and issues as text, or the code of the error. */
async function rowsOf(bytes: Buffer, options: CsvOptions, chunkBytes: number, batchRows = 8192): Promise<string> {
  const found: string[] = ["rows"]
  try {
    for await (const batch of csv(options).parse(chunkedFile(bytes, chunkBytes), readContext({ batchRows }))) {
      for (let row = 0; row < batch.length; row++) {
        const cells = batch.names.map((name) => batch.columns[name]?.at(row))
        const issues = batch.issues.of(row).map(({ code }) => code)
        found.push(JSON.stringify([batch.origin(row), cells, batch.raw(row), issues.sort(), batch.selection.has(row)]))
      }
    }
    return found.join(" ")
  } catch (error) {
    return error instanceof RowgateError ? error.code : `escaped ${error instanceof Error ? error.stack : String(error)}`
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

/** A table that mostly makes sense, with tokens and bytes put in, taken out and changed. */
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

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" }, seed: { type: "string", default: "1" } } })
  const run = await fuzzCsv(Number(values.seconds), Number(values.seed))
  console.log(JSON.stringify(run, undefined, 2))
  exit(run.faults.length === 0 ? 0 : 1)
}
