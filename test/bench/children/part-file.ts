import { createReadStream, createWriteStream } from "node:fs"
import { readFile, rm, stat } from "node:fs/promises"
import { performance } from "node:perf_hooks"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"
import { type Context, csv, file } from "rowgate"
import { TableBatch } from "../../../src/model/table-batch.ts"
import { readPart } from "../../../src/parts/read-part.ts"
import { writePart } from "../../../src/parts/write-part.ts"

const silent = () => undefined
const context: Context = {
  runId: "bench",
  signal: new AbortController().signal,
  logger: { debug: silent, info: silent, warn: silent, error: silent },
  asOf: new Date(0),
}

/** Writes the batches of a csv file to a part file and reads it, and compresses and decompresses the csv file itself. */
const { file: path }: { readonly file: string } = JSON.parse(process.argv[2] ?? "{}")
const [part, zipped] = [`${path}.part-file`, `${path}.gz`]
try {
  const batches: TableBatch<unknown>[] = []
  for await (const source of file(path).files(context))
    for await (const batch of csv().parse(source, context)) batches.push(TableBatch.from(batch))
  const rows = batches.reduce((sum, { length }) => sum + length, 0)
  const text = await readFile(path)
  const result = {
    writeMs: await timed(() => pipeline(Readable.from(writePart(streamed(batches))), createWriteStream(part))),
    readMs: await timed(async () => {
      let read = 0
      for await (const { length } of readPart(createReadStream(part, { highWaterMark: 1 << 18 }))) read += length
      if (read !== rows) throw new Error(`the part has ${read} rows instead of ${rows}`)
    }),
    zipMs: await timed(() => pipeline(Readable.from([text]), createGzip(), createWriteStream(zipped))),
    unzipMs: await timed(() => pipeline(createReadStream(zipped), createGunzip(), discarded)),
    bytes: text.length,
    partBytes: (await stat(part)).size,
    zippedBytes: (await stat(zipped)).size,
  }
  console.log(JSON.stringify({ workMs: result.writeMs + result.readMs, maxRssMb: process.resourceUsage().maxRSS / 1024, result }))
} finally {
  await Promise.all([part, zipped].map((each) => rm(each, { force: true })))
}

async function* streamed(batches: readonly TableBatch<unknown>[]) {
  yield* batches
}

async function discarded(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}
