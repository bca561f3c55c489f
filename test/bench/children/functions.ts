import { createReadStream } from "node:fs"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { createPipeline, file, type LoadPipeline, type Sink } from "rowgate"
import { orderContract } from "../../../examples/data/order-contract.ts"
import { createHandlers } from "../../../src/lambda.ts"
import type { S3ClientLike } from "../../../src/s3.ts"
import { runSteps } from "../../lambda/handlers/run-steps.ts"
import { folderStorage } from "../harness/folder-storage.ts"

const silent = () => undefined
const logger = { debug: silent, info: silent, warn: silent, error: silent }

/** A sink that drops rows, so that only the cost of the functions is left. */
const nowhere: Sink<unknown> = {
  name: "nowhere",
  // It says so, because functions need a target with a ledger.
  delivery: "once",
  async open() {
    return { async write() {}, async commit() {}, async [Symbol.asyncDispose]() {} }
  },
}

const orders = (): LoadPipeline<unknown> => orderContract(createPipeline({ name: "orders" })).into(nowhere)

/** Delivers a file in one process, and then by the functions one after another, with parts in files. */
const { file: path, partBytes }: { readonly file: string; readonly partBytes: number } = JSON.parse(process.argv[2] ?? "{}")
const folder = await mkdtemp(join(tmpdir(), "rowgate-functions-"))
try {
  const { size } = await stat(path)
  const oneMs = await timed(() => orders().run({ source: file(path), asOf: new Date("2026-01-01") }))
  const ms: { [name: string]: number } = {}
  const processing = folderStorage(folder)
  const handlers = createHandlers(orders(), {
    landing: "landing",
    processing,
    s3: { client: objectIn(path, size) },
    partBytes,
    logger,
    metrics: false,
  })
  const { output, steps } = await runSteps(
    handlers,
    { bucket: "landing", key: "orders" },
    {
      processing,
      async call(name, handler, input) {
        const began = performance.now()
        const answer = await handler(input)
        ms[name] = (ms[name] ?? 0) + performance.now() - began
        return answer
      },
    },
  )
  const functionsMs = Object.values(ms).reduce((sum, each) => sum + each, 0)
  const result = { oneMs, functionsMs, parserMs: ms["parser"] ?? 0, ms, bytes: size, calls: steps.length, read: output?.read }
  console.log(JSON.stringify({ workMs: functionsMs, maxRssMb: process.resourceUsage().maxRSS / 1024, result }))
} finally {
  await rm(folder, { recursive: true })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The part of an S3 client that reading one object needs, over a file. */
function objectIn(source: string, size: number): S3ClientLike {
  return {
    async send(command) {
      const { input } = command as { readonly input: { readonly Range?: string } }
      const facts = { ETag: '"one"', LastModified: new Date(0) }
      if (command.constructor.name.startsWith("Head")) return { ...facts, ContentLength: size }
      const [, first = "0", last = String(size - 1)] = /^bytes=(\d+)-(\d*)$/.exec(input.Range ?? "") ?? []
      const [start, end] = [Number(first), last === "" ? size - 1 : Math.min(size - 1, Number(last))]
      const Body = createReadStream(source, { start, end, highWaterMark: 1 << 18 })
      const range = input.Range === undefined ? {} : { ContentRange: `bytes ${start}-${end}/${size}` }
      return { ...facts, ...range, ContentLength: end - start + 1, Body }
    },
  }
}
