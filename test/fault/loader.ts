import { createPipeline, csv, decimal, file, RowgateError } from "rowgate"
import { postgres } from "rowgate/postgres"
import { z } from "zod"

/** What a loader is told, as JSON in its only argument. */
export interface LoaderInput {
  readonly url: string
  readonly path: string
  readonly table: string
  readonly pipeline: string
  readonly heartbeatMs?: number
  readonly staleMs?: number
}

/** What it prints before it ends by itself. */
export interface LoaderOutput {
  readonly outcome?: string
  readonly loaded?: number
  readonly code?: string
  readonly message?: string
}

const Row = z.object({ id: z.number().int(), name: z.string(), amount: z.string(), day: z.date() })
const input: LoaderInput = JSON.parse(process.argv[2] ?? "{}")
const stop = new AbortController()
process.on("SIGTERM", () => stop.abort())

const say = (output: LoaderOutput) => process.stdout.write(`${JSON.stringify(output)}\n`)
const { heartbeatMs, staleMs } = input
try {
  const report = await createPipeline({ name: input.pipeline, batchSize: 1024 })
    .from(file(input.path))
    .parse(csv({ delimiter: ",", header: 1 }))
    .normalize({ columns: { amount: decimal() } })
    .validate(Row)
    .into(postgres({ url: input.url, table: input.table, heartbeatMs, staleMs }))
    .run({ signal: stop.signal, onProgress: ({ read }) => process.send?.({ read }) })
  say({ outcome: report.deliveries[0]?.outcome ?? "none", loaded: report.loaded })
} catch (error) {
  say(error instanceof RowgateError ? { code: error.code, message: error.message } : { code: "UNEXPECTED", message: String(error) })
  process.exitCode = 1
}
