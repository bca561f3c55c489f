import { setImmediate as nextTurn } from "node:timers/promises"
import { headerKey } from "../../binding/match-headers.ts"
import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { type SkippedPart, secondTableNotice } from "../layout/skipped-part.ts"
import { tableName } from "../table-name.ts"
import type { CsvSettings } from "./csv-options.ts"
import { type CsvPlan, type PlanSample, planCsv, reshaped } from "./csv-plan.ts"
import { CsvReader } from "./csv-reader.ts"
import { knownShape, learnShape } from "./csv-shape.ts"
import { EncodingDoubt, encodingNotice } from "./encoding-doubt.ts"
import { countLines } from "./layout/count-lines.ts"
import { skippedLines } from "./layout/skipped-lines.ts"
import { TextFeed } from "./scan/text-feed.ts"

const sampleBytes = 256 * 1024

/** Decides from the first part of the text how to read it, and then reads it: its first table, or one after another. */
export async function* readCsv(file: SourceFile, settings: CsvSettings, context: Context): Batches<Row> {
  const doubt = new EncodingDoubt(file, settings, context)
  const feed = await TextFeed.open(file, sampleBytes, doubt.known)
  try {
    let from: PlanSample["from"]
    const headers = new Set([...(context.headers ?? [])].map(headerKey).filter((key) => key !== ""))
    for (let number = 1; ; number++) {
      const sample = await sampleOf(feed, settings, file, from, headers)
      // With a very long first record, both steps take long; other tasks get a turn between them.
      await nextTurn()
      const sampled = planCsv(sample, settings)
      const known = number === 1 ? knownShape(context, file.uri) : undefined
      const plan = known === undefined ? sampled : reshaped(sampled, known)
      const name = number === 1 ? tableName(file.uri) : `${tableName(file.uri)} (${number})`
      const rest = plan.end === undefined || settings.allTables ? undefined : await linesBehind(file, feed, sample, plan.end)
      const begin = from?.at ?? 0
      if (plan.end !== undefined) feed.pause(plan.end.at - begin)
      feed.skip(plan.start.at - begin)
      const reader = new CsvReader(feed, plan, settings, file, factsOf(name, feed, plan, rest), context)
      for await (const batch of reader.batches()) {
        if (reader.sawDamage || feed.sawControl) await doubt.resolve(feed.encoding)
        if (number === 1 && reader.shape.columns > plan.names.length && reader.shape.width === plan.width)
          learnShape(context, file.uri, reader.shape)
        yield batch
      }
      // A header decides how wide its table is, however many records do not fit.
      const isOpen = number === 1 && plan.facts["header"]?.value === null
      if (isOpen && reader.shape.width !== plan.width) learnShape(context, file.uri, reader.shape)
      if (plan.end === undefined || !settings.allTables) return
      feed.resume()
      from = plan.end
    }
  } finally {
    await feed.close()
  }
}

/** The lines of the tables below the first one. If the sample does not have them all, they are counted in the file. */
async function linesBehind(
  file: SourceFile,
  { encoding }: TextFeed,
  { view, complete }: PlanSample,
  { at, line }: NonNullable<CsvPlan["end"]>,
): Promise<SkippedPart | undefined> {
  const seen = skippedLines(view.slice(at), line, "\n")
  if (complete || seen === undefined) return seen
  const feed = await TextFeed.open(file, sampleBytes, encoding)
  try {
    await feed.peek(at)
    feed.skip(at)
    return { ...seen, count: await countLines(feed) }
  } finally {
    await feed.close()
  }
}

/** The first part of the text, extended until it contains at least one whole record. */
async function sampleOf(
  feed: TextFeed,
  settings: CsvSettings,
  file: SourceFile,
  from: PlanSample["from"],
  headers: PlanSample["headers"],
): Promise<PlanSample> {
  const { recordBytes } = settings.limits
  for (let size = sampleBytes; ; size = Math.min(4 * size, recordBytes + 1)) {
    const { bytes, complete } = await feed.peek(size)
    // Create the text only when there are enough bytes, because the first record may be as long as the limit allows.
    if (complete || bytes.includes(10) || bytes.includes(13)) {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")
      if (complete && view.trim() === "") throw emptyFile(file.uri)
      return { view, complete, uri: file.uri, from, headers }
    }
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
    message: `The file ${uri} contains no text.`,
    remedy: "Check the program that writes the file.",
    origin: { uri },
  })
}

function factsOf(name: string, feed: TextFeed, plan: CsvPlan, rest: SkippedPart | undefined): TableFacts {
  const { encoding, confidence, evidence } = feed.encoding
  const doubt = encodingNotice(feed.encoding)
  const facts = Object.fromEntries(Object.entries(plan.facts).map(([fact, found]) => [fact, { ...found }]))
  return {
    name,
    header: plan.names,
    skippedAbove: plan.skippedAbove + (rest?.count ?? 0),
    notices: [...(doubt === undefined ? [] : [doubt]), ...plan.notices, ...(rest === undefined ? [] : [secondTableNotice("line", rest)])],
    facts: { format: "csv", encoding: { value: encoding, confidence, evidence }, ...facts },
  }
}
