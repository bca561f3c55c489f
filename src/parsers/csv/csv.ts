import type { Parser } from "../../contract/parser.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { tableName } from "../table-name.ts"
import { limitExceeded } from "../zip/limit-exceeded.ts"
import { type CsvOptions, type CsvSettings, csvSettings } from "./csv-options.ts"
import { type CsvPlan, planCsv } from "./csv-plan.ts"
import { CsvReader } from "./csv-reader.ts"
import { TextFeed } from "./text-feed.ts"

const sampleBytes = 256 * 1024

/**
 * Reads delimited text: csv, tsv and their kin. Encoding, delimiter, quotes, line ends, comments and the header are detected from the first
 * 256 KiB of the file and stand in the table's facts, each with its evidence and confidence; an option declares them instead.
 *
 * Fields are text, byte for byte; an empty field is an empty text. A record with too few or too many fields is a rejected row with its text
 * (`row.ragged`), unless the kinds of the columns prove where its fields belong (`csv.unquoted_delimiter`, `csv.other_delimiter`,
 * `csv.trailing_delimiter`, `csv.line_end`, warnings). So is one whose quote is never closed (`csv.unclosed_quote`), that repeats the header
 * (`csv.repeated_header`), or that holds bytes of another encoding (`text.invalid_utf8`, `text.undecodable`). Blank lines, and rows of
 * nothing but delimiters at the end of the file, are no rows.
 *
 * Fails with `SOURCE_EMPTY`, `HEADER_NOT_FOUND` where the declared line holds none, `ENCODING_INVALID`, `LIMIT_EXCEEDED`, `CONFIG_INVALID`.
 */
export function csv(options: CsvOptions = {}): Parser {
  return delimited("csv", csvSettings(options))
}

/** Reads text with tabs between fields. As `csv({ delimiter: "\t" })`. */
export function tsv(options: Omit<CsvOptions, "delimiter"> = {}): Parser {
  return delimited("tsv", csvSettings({ ...options, delimiter: "\t" }))
}

/** Reads text with pipes between fields. As `csv({ delimiter: "|" })`. */
export function psv(options: Omit<CsvOptions, "delimiter"> = {}): Parser {
  return delimited("psv", csvSettings({ ...options, delimiter: "|" }))
}

function delimited(name: string, settings: CsvSettings): Parser {
  return {
    name,
    async *parse(file, context) {
      const feed = await TextFeed.open(file, sampleBytes, settings.encoding)
      try {
        const plan = planCsv(await sampleOf(feed, settings, file), settings)
        feed.skip(plan.start.at)
        yield* new CsvReader(feed, plan, settings, file, factsOf(file, feed, plan), context).batches()
      } finally {
        await feed.close()
      }
    },
  }
}

/** The first part of the text: more of it where not even one record ends within. */
async function sampleOf(feed: TextFeed, settings: CsvSettings, file: SourceFile) {
  const { recordBytes } = settings.limits
  for (let size = sampleBytes; ; size = Math.min(4 * size, recordBytes + 1)) {
    const { bytes, complete } = await feed.peek(size)
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")
    if (complete && view.trim() === "") throw emptyFile(file.uri)
    if (complete || /[\r\n]/.test(view)) return { view, complete, uri: file.uri }
    if (size > recordBytes) {
      const unit = "bytes or more"
      throw limitExceeded({
        subject: "The first record",
        unit,
        seen: size,
        limit: recordBytes,
        option: "limits.recordBytes",
        origin: { uri: file.uri },
      })
    }
  }
}

function emptyFile(uri: string): RowgateError {
  return new RowgateError({
    code: "SOURCE_EMPTY",
    message: `${uri} holds no text.`,
    remedy: "Check what wrote the file.",
    origin: { uri },
  })
}

function factsOf(file: SourceFile, feed: TextFeed, plan: CsvPlan): TableFacts {
  const { encoding, confidence, evidence } = feed.encoding
  const facts = Object.fromEntries(Object.entries(plan.facts).map(([fact, found]) => [fact, { ...found }]))
  return {
    name: tableName(file.uri),
    header: plan.names,
    notices: plan.notices,
    facts: { format: "csv", encoding: { value: encoding, confidence, evidence }, ...facts },
  }
}
