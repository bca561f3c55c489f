import { setImmediate as nextTurn } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { tableName } from "../table-name.ts"
import type { CsvSettings } from "./csv-options.ts"
import { type CsvPlan, planCsv, reshaped } from "./csv-plan.ts"
import { CsvReader } from "./csv-reader.ts"
import { knownShape, learnShape } from "./csv-shape.ts"
import { EncodingDoubt } from "./encoding-doubt.ts"
import { TextFeed } from "./scan/text-feed.ts"

const sampleBytes = 256 * 1024

/** Decides from the first part of the text how to read it, and then reads it. */
export async function* readCsv(file: SourceFile, settings: CsvSettings, context: Context): Batches<Row> {
  const doubt = new EncodingDoubt(file, settings, context)
  const feed = await TextFeed.open(file, sampleBytes, doubt.known)
  try {
    const sample = await sampleOf(feed, settings, file)
    // With a very long first record, both steps take long; other tasks get a turn between them.
    await nextTurn()
    const sampled = planCsv(sample, settings)
    const known = knownShape(context, file.uri)
    const plan = known === undefined ? sampled : reshaped(sampled, known)
    feed.skip(plan.start.at)
    const reader = new CsvReader(feed, plan, settings, file, factsOf(file, feed, plan), context)
    for await (const batch of reader.batches()) {
      if (reader.sawDamage) await doubt.resolve(feed.encoding)
      if (reader.shape.columns > plan.names.length && reader.shape.width === plan.width) learnShape(context, file.uri, reader.shape)
      yield batch
    }
    // A header decides how wide its table is, however many records do not fit.
    if (plan.facts["header"]?.value === null && reader.shape.width !== plan.width) learnShape(context, file.uri, reader.shape)
  } finally {
    await feed.close()
  }
}

/** The first part of the text, extended until it contains at least one whole record. */
async function sampleOf(feed: TextFeed, settings: CsvSettings, file: SourceFile) {
  const { recordBytes } = settings.limits
  for (let size = sampleBytes; ; size = Math.min(4 * size, recordBytes + 1)) {
    const { bytes, complete } = await feed.peek(size)
    // Create the text only when there are enough bytes, because the first record may be as long as the limit allows.
    if (complete || bytes.includes(10) || bytes.includes(13)) {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")
      if (complete && view.trim() === "") throw emptyFile(file.uri)
      return { view, complete, uri: file.uri }
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
