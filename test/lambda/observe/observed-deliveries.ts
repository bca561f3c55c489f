import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { z } from "zod"
import { check, createPipeline } from "../../../src/index.ts"
import { createHandlers, emfMetrics, type HandlerOptions, type Handlers, jsonLogger } from "../../../src/lambda.ts"
import { postgres } from "../../../src/postgres.ts"
import { s3Storage } from "../../../src/s3.ts"
import type { LedgerDatabase } from "../../ledger-database.ts"
import { bucket, startS3Server } from "../../sources/s3/s3-server.ts"
import { runSteps } from "../handlers/run-steps.ts"
import type { Line } from "./lines-of.ts"

/** The lines that the functions of the pipeline `orders` write. */
export interface ObservedDeliveries {
  /** Lines of the log. */
  readonly log: readonly Line[]
  /** Lines with metrics, in CloudWatch's embedded metric format. */
  readonly metrics: readonly Line[]
}

const Order = z.object({ id: z.number().int(), email: z.email(), total: z.number() })

const header = "id,email,total\n"
const good = (from: number, rows: number) =>
  Array.from({ length: rows }, (_, row) => `${from + row},p${from + row}@example.com,${row}\n`).join("")

/** Lets the functions load a file with two rejects, refuse one, meet one again, fail with one, and sweep three times. */
export async function observeDeliveries({ pool, clear }: LedgerDatabase): Promise<ObservedDeliveries> {
  const log: Line[] = []
  const metrics: Line[] = []
  await clear()
  await pool.query("DROP TABLE IF EXISTS orders")
  await using server = await startS3Server()
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
  const handlers = (name: keyof Handlers, more: HandlerOptions = {}) => {
    const orders = createPipeline({ name: "orders" })
      .validate(Order)
      .check(check.unique("id"))
      .check(() => undefined, { name: "accurate", dimension: "accuracy" })
      .check(() => undefined, { name: "consistent", dimension: "consistency" })
      .check(() => undefined, { name: "timely", dimension: "timeliness" })
      .score({ minimum: { validity: 50 } })
      .into(postgres({ pool, table: "orders", createTable: true }))
    const { [name]: handler } = createHandlers(orders, {
      ...{ landing: bucket, processing: "processing", archive: "archive", s3: { client: server.client }, database: pool },
      ...{ partBytes: 40_000, directParts: 1 },
      logger: jsonLogger({ level: "info", write: (line) => log.push(JSON.parse(line)) }),
      metrics: emfMetrics({ write: (line) => metrics.push(JSON.parse(line)) }),
      ...more,
    })
    return (event: unknown) => handler(event, { awsRequestId: crypto.randomUUID(), functionName: `rowgate-${name}`, functionVersion: "1" })
  }
  const functions = Object.fromEntries(
    (["parser", "normalizer", "validator", "scorer", "loader", "sweeper", "pipeline"] as const).map((name) => [name, handlers(name)]),
  ) as unknown as Handlers
  const processing = s3Storage({ bucket: "processing", client: server.client })

  async function deliver(key: string, body: string): Promise<unknown> {
    await server.put(key, body)
    const { output } = await runSteps(functions, { bucket, key }, { processing })
    await functions.loader({ step: "archive", manifest: output?.manifest })
    return output?.status
  }

  const loaded = `${header}${good(1, 9_000)}9001,nobody,1\n9002,,1\n`
  const input = { bucket, key: "in/empty.csv" }
  const statuses = [
    await deliver("in/orders.csv", loaded),
    await deliver("in/again.csv", loaded),
    await deliver("in/bad.csv", `${header}${"?,nobody,?\n".repeat(20)}`),
  ]
  if (statuses.join() !== "loaded,duplicate,refused") throw new Error(`The deliveries ended as ${statuses.join()}.`)
  await server.put(input.key, "")
  const error = await functions.parser(input).then(
    () => undefined,
    ({ name, message }: Error) => ({ Error: name, Cause: JSON.stringify({ errorMessage: message }) }),
  )
  await functions.loader({ step: "fail", input, error, execution: "arn:aws:states:us-east-1:111122223333:execution:rowgate:1" })
  // The object without rows still waits: the first sweep starts it again, the second gives it up. The third cannot start another one.
  const sweep = { graceMs: 0, retryMs: 0, maxTries: 1 }
  const sweeper = handlers("sweeper", { sweep, start: async () => "started" })
  await sweeper({})
  await sweeper({})
  await server.put("in/lost.csv", loaded)
  await handlers("sweeper", { sweep, start: () => Promise.reject(new Error("The state machine does not exist.")) })({})
  return { log, metrics }
}
