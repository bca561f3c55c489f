import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { formatAddress } from "../../src/parsers/xlsx/a1.ts"
import { Workbook } from "../../src/parsers/xlsx/workbook.ts"
import { xlsx } from "../../src/parsers/xlsx/xlsx.ts"
import type { XlsxOptions } from "../../src/parsers/xlsx/xlsx-options.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { type ZipPart, zipBytes } from "../parsers/files/zip/zip-bytes.ts"
import { readContext } from "../parsers/read-table.ts"
import { workbookParts } from "../parsers/xlsx/workbook-bytes.ts"
import { codesOf } from "./codes-of.ts"
import { difference } from "./difference.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

/** Reads a generated and damaged workbook. The result must be the same in any chunks and batches. */
export async function tryXlsx(random: Random): Promise<FuzzResult> {
  const bytes = fuzzedWorkbook(random)
  const options = fuzzedOptions(random)
  const whole = await cellsOf(bytes, 1 << 20)
  const cut = await cellsOf(bytes, 1 + random.below(40))
  const rows = await rowsOf(bytes, options, 1 << 20)
  const few = await rowsOf(bytes, options, 100, 1 + random.below(5))
  const outcome = whole.split(" ", 1)[0] ?? ""
  // In a file with two errors, either may be found first.
  if (whole !== cut && (whole.startsWith("cells") || cut.startsWith("cells")))
    return { outcome, failure: `chunks make a difference: ${difference(whole, cut)}` }
  const same = rows === few || rows.startsWith("FILE_CORRUPT") || few.startsWith("FILE_CORRUPT")
  return { outcome, failure: same ? undefined : `batches make a difference: ${difference(rows, few)}` }
}

/** Every cell of every sheet as text, or the code of the error. */
async function cellsOf(bytes: Buffer, chunkBytes: number): Promise<string> {
  const found: string[] = ["cells"]
  try {
    await using workbook = await Workbook.open(chunkedFile(bytes, chunkBytes), { sharedStringMemory: 200 })
    const strings = await workbook.sharedStrings()
    for (const sheet of workbook.sheets) {
      for await (const block of workbook.cells(sheet)) {
        for (let cell = 0; cell < block.length; cell++) {
          const value = block.value(cell, strings)
          found.push(`${sheet.name}!${formatAddress(block.rows[cell] ?? 0, block.columns[cell] ?? 0)}=${typeof value}:${String(value)}`)
        }
      }
    }
    return found.join(" ")
  } catch (error) {
    if (error instanceof RowgateError) return `${error.code} ${error.message}`
    throw error
  }
}

/** Every row as text, or the code of the error. */
async function rowsOf(bytes: Buffer, options: XlsxOptions, chunkBytes: number, batchRows = 8192): Promise<string> {
  const found: string[] = []
  try {
    for await (const batch of xlsx(options).parse(chunkedFile(bytes, chunkBytes), readContext({ batchRows }))) {
      if (found.length === 0) found.push(batch.names.join())
      for (let row = 0; row < batch.length; row++) {
        const cells = batch.names.map((name) => String(batch.columns[name]?.at(row)))
        const issues = codesOf(batch, row)
        found.push(`${batch.table.name} ${batch.origin(row).row}: ${cells.join()} ${issues.join()}`)
      }
    }
    return found.join("\n")
  } catch (error) {
    if (error instanceof RowgateError) return `${error.code} ${error.message}`
    throw error
  }
}

function fuzzedOptions(random: Random): XlsxOptions {
  return random.pick<XlsxOptions>([
    {},
    { sheet: /(?:)/ },
    { sheet: 1, header: false },
    { header: 1 + random.below(3) },
    { range: "B2:D5" },
    { range: "A:C" },
    { merged: "fill", hiddenRows: "skip" },
  ])
}

const texts = [
  "",
  "a",
  "text",
  " x ",
  "&amp;",
  "&#65;",
  "&#x1F600;",
  "_x0041_",
  "_x000D_",
  "_x0000_",
  "é",
  "日本",
  "\r\n",
  "&bogus;",
  "1",
  "TRUE",
  "#N/A",
  "<![CDATA[<&]]>",
  "_xD83D_",
  "2024-01-31",
]
const numbers = [
  "0",
  "1",
  "-1",
  "45000.5",
  "60",
  "0.25",
  "1e3",
  "1.7976931348623157E308",
  "",
  "x",
  ".5",
  "12345678901234567",
  "99999999999",
  " 3 ",
]
const formats = ["General", "0.00", "yyyy-mm-dd", "hh:mm", "[h]:mm", "[<1]hh:mm;yyyy", 14, 46, "mmm", '"d"0', "@"]
const tokens = [
  "<",
  ">",
  "/",
  '"',
  "'",
  "&",
  ";",
  "</c>",
  "</row>",
  "<c>",
  "<row>",
  "<v>",
  "</v>",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<?",
  "?>",
  "</sheetData>",
  " r=",
  "<!DOCTYPE",
  "\0",
  "\u00ff",
  "<x:c>",
  't="s"',
  "1e",
  "xmlns:p=",
  "\ufeff",
]

/** A mostly sensible workbook with some damage in its parts or bytes. */
function fuzzedWorkbook(random: Random): Buffer {
  const sheets = [sheet(random), ...random.list(2, () => sheet(random))]
  const strings = Array.from({ length: random.chance(0.05) ? 3 : 7 }, () =>
    random.chance(0.2) ? "<r><t>a</t></r><rPh><t>b</t></rPh><r><t>c</t></r>" : random.pick(texts),
  )
  const parts = workbookParts({ sheets, strings, formats: random.list(5, () => random.pick(formats)), date1904: random.chance(0.1) })
  const damaged = random.chance(0.5) ? parts.map((part) => (random.chance(0.15) ? damage(part, random) : part)) : parts
  const bytes = zipBytes(damaged.map((part) => ({ ...part, method: random.chance(0.3) ? 0 : 8 })))
  if (random.chance(0.03)) return bytes.subarray(0, random.below(bytes.length))
  if (random.chance(0.05)) for (let times = random.below(4); times >= 0; times--) bytes[random.below(bytes.length)] = random.below(256)
  return bytes
}

function sheet(random: Random) {
  const row = () => {
    const at = random.chance(0.8) ? ` r="${1 + random.below(8)}"` : ""
    const hidden = random.chance(0.1) ? ' hidden="1"' : ""
    return `<row${at}${hidden}>${random.list(5, () => cell(random)).join("")}</row>`
  }
  const rows = random.list(8, row).join(random.chance(0.2) ? "\n<!-- c -->" : "")
  const merged = random.chance(0.3) ? `<mergeCells><mergeCell ref="A1:B${1 + random.below(5)}"/></mergeCells>` : ""
  return { rows, after: merged, ...(random.chance(0.2) ? { state: "hidden" as const } : {}) }
}

function cell(random: Random): string {
  const place = random.chance(0.7) ? ` r="${"ABCDEF".charAt(random.below(6))}${1 + random.below(8)}"` : ""
  const style = random.chance(0.5) ? ` s="${random.below(6)}"` : ""
  const text = random.pick(texts)
  const content = random.pick([
    `><v>${random.pick(numbers)}</v></c>`,
    ` t="s"><v>${random.below(7)}</v></c>`,
    ` t="str"><f>A1</f><v>${text}</v></c>`,
    ` t="inlineStr"><is><t>${text}</t></is></c>`,
    ` t="b"><v>${random.pick(["0", "1", "x"])}</v></c>`,
    ` t="e"><v>#REF!</v></c>`,
    ` t="d"><v>${random.pick(["2024-02-29", "2024-02-30", "12:00:00", "x"])}</v></c>`,
    "/>",
    "><f>1+1</f></c>",
  ])
  return `<c${place}${style}${content}`
}

/** Cuts, doubles, replaces and inserts text in a part. The zip around it stays valid, so that the parser sees the damage. */
function damage(part: ZipPart, random: Random): ZipPart {
  let content = String(part.content)
  for (let times = random.below(4); times >= 0; times--) {
    const at = random.below(content.length + 1)
    const length = random.below(30)
    const piece = content.slice(at, at + length)
    if (random.chance(0.03)) content = content.slice(0, at)
    else if (random.chance(0.3)) content = content.slice(0, at) + piece + content.slice(at)
    else {
      const token = random.chance(0.7) ? random.pick(tokens) : ""
      content = content.slice(0, at) + token + content.slice(at + (random.chance(0.5) ? 0 : length))
    }
  }
  return { ...part, content: random.chance(0.05) ? Buffer.from(`\ufeff${content}`, "utf16le") : content }
}
