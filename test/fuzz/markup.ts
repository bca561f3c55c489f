import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { detect } from "../../src/parsers/files/detect/detect.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

/** Most processor time for detecting a format, which reads 64 KiB. */
const slowMs = 300

const names = ["html", "table", "script", "meta", "x:y", "gnm:workbook", "a", "!doctype", "!DOCTYPE html", "?xml", "office:document", "_"]
const attributes = [' a="b"', " xmlns='urn:schemas-microsoft-com:office:spreadsheet'", ' progid="Excel.Sheet"', " a", ' a="', " =", "\n"]
const words = [
  "a,b\n1,2\n",
  "x",
  " ",
  "\n",
  '"',
  "ID;PWXL\n",
  "MIME-Version: 1.0\n",
  "TABLE\n0,1\n",
  "{",
  "[",
  "]]>",
  "&lt;",
  "\0",
  "é",
  "\ufeff",
  "%PDF-",
]

/** Detects the format of a generated page, XML document, or table that looks like markup, with pieces of markup repeated many times. */
export async function tryMarkup(random: Random): Promise<FuzzResult> {
  const text = Array.from({ length: 1 + random.below(5) }, () => {
    const block = Array.from({ length: 1 + random.below(3) }, () => part(random)).join("")
    return random.chance(0.5) ? block.repeat(1 + random.below(random.pick([3, 100, 30_000]))) : block
  }).join("")
  const encoding = random.pick<BufferEncoding>(["utf8", "utf8", "utf8", "utf16le", "latin1"])
  const head = Buffer.from(text, encoding).subarray(0, 64 * 1024)
  const begun = process.cpuUsage()
  const outcome = formatOf(head, random.pick(["no extension", "a.csv", "a.xls", "a.json", "a.xlsx"]))
  const { user, system } = process.cpuUsage(begun)
  const ms = (user + system) / 1000
  if (ms > slowMs) return { outcome, failure: `took ${Math.round(ms)} ms: ${JSON.stringify(text.slice(0, 200))}` }
  return { outcome, failure: outcome.startsWith("escaped") ? outcome : undefined }
}

function formatOf(head: Buffer, name: string | undefined): string {
  try {
    return detect(head, name).format
  } catch (error) {
    return error instanceof RowgateError ? error.code : `escaped ${error instanceof Error ? error.stack : String(error)}`
  }
}

function part(random: Random): string {
  const comment = random.pick(["<!---->", "<!-- x -->", "<!-- -", "<!--", "-->", "<!-->", "<!-- --> "])
  const tag = `<${random.pick(["", "/"])}${random.pick(names)}${random.list(3, () => random.pick(attributes)).join("")}${random.pick([">", "/>", "", "?>"])}`
  return random.pick([comment, tag, tag, random.pick(words)])
}
