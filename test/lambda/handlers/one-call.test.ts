import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { json } from "node:stream/consumers"
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../../src/contract/logger.ts"
import { createPipeline } from "../../../src/index.ts"
import { createHandlers, type HandlerOptions, type Handlers } from "../../../src/lambda.ts"
import { postgres } from "../../../src/postgres.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { type MemoryS3, startMemoryS3 } from "../../sources/s3/memory-s3.ts"
import { bucket, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"

const { pool, clear } = await ledgerDatabase()
let server: S3Server
let versioned: MemoryS3
beforeAll(async () => {
  ;[server, versioned] = await Promise.all([startS3Server(), startMemoryS3({ versions: true })])
  await server.client.send(new CreateBucketCommand({ Bucket: "archive" }))
})
afterAll(async () => {
  await Promise.all([server[Symbol.asyncDispose](), versioned[Symbol.asyncDispose]()])
})
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS orders")
  vi.stubEnv("LANDING_BUCKET", bucket)
  vi.stubEnv("ARCHIVE_BUCKET", "archive")
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const Order = z.object({ id: z.number().int(), email: z.email() })

function handlers(options: HandlerOptions = {}): Handlers {
  const orders = createPipeline({ name: "orders" })
    .validate(Order)
    .into(postgres({ pool, table: "orders", createTable: true, lineage: true }))
  return createHandlers(orders, { s3: { client: server.client }, database: pool, logger: silentLogger, metrics: false, ...options })
}

const csv = "id,email\n1,ann@example.com\n2,nobody\n3,\n"

async function scoreWith(options: HandlerOptions = {}): Promise<unknown> {
  const key = `in/${crypto.randomUUID()}.csv`
  await server.put(key, csv.replace("nobody", crypto.randomUUID()))
  const { objects } = (await handlers(options).pipeline({ bucket, key })) as { objects: readonly { score: number }[] }
  return objects[0]?.score
}

test("a delivery in one call needs no processing bucket", async () => {
  vi.stubEnv("PROCESSING_BUCKET", "")
  await server.put("in/orders.csv", csv)
  expect(await handlers().pipeline({ bucket, key: "in/orders.csv" })).toMatchObject({
    objects: [{ status: "loaded", loaded: 1, rejected: 2 }],
  })
  await server.put("in/orders.csv", csv)
  await expect(handlers().parser({ bucket, key: "in/orders.csv" })).rejects.toMatchObject({
    message: expect.stringContaining("processing bucket"),
  })
})

test("weights come from the environment, unless the options have some", async () => {
  const usual = await scoreWith()
  vi.stubEnv("QUALITY_WEIGHT_VALIDITY", "1000")
  const heavy = await scoreWith()
  expect(heavy).not.toBe(usual)
  expect(await scoreWith({ weights: {} })).toBe(usual)
  expect(await scoreWith({ weights: { validity: 1000 } })).toBe(heavy)
})

test("a wrong weight in the environment is refused by name before anything is read", async () => {
  vi.stubEnv("QUALITY_WEIGHT_VALIDITY", "ten")
  const failure = { name: "Rowgate.CONFIG_INVALID", message: expect.stringContaining('QUALITY_WEIGHT_VALIDITY is "ten"') }
  await expect(handlers().pipeline({ bucket, key: "in/none.csv" })).rejects.toMatchObject(failure)
  await expect(handlers().scorer({ manifest: "s3://processing/orders/1/r0/manifest.json", part: 0 })).rejects.toMatchObject(failure)
})

test("a file that was loaded before is a duplicate, and is loaded again if the event asks for it", async () => {
  const deliver = async (event: object) => {
    await server.put("in/orders.csv", csv)
    const { objects } = (await handlers().pipeline({ bucket, key: "in/orders.csv", ...event })) as { objects: readonly object[] }
    return objects[0]
  }
  expect(await deliver({})).toMatchObject({ status: "loaded" })
  expect(await deliver({})).toMatchObject({ status: "duplicate" })
  expect(await deliver({ reload: true })).toMatchObject({ status: "loaded", loaded: 1 })
  const { rows } = await pool.query("SELECT count(*)::int AS rows FROM orders")
  expect(rows).toEqual([{ rows: 1 }])
})

test("an object of a bucket with versions is archived, although the event names no version", async () => {
  const { client, current } = versioned
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: "in/orders.csv", Body: csv }))
  await handlers({ s3: { client } }).pipeline({ bucket, key: "in/orders.csv" })
  expect(current(`${bucket}/in/orders.csv`)).toBeUndefined()
  const archived = [...versioned.objects.keys()].filter((path) => path.startsWith("archive/") && path.endsWith("orders.csv"))
  expect(archived).toHaveLength(1)
})

test("a service that ignores the condition of a removal needs the consent of its user", async () => {
  await using careless = await startS3Server()
  careless.ignoresConditionalDeletes = true
  await careless.client.send(new CreateBucketCommand({ Bucket: "archive" }))
  const deliver = (options: HandlerOptions) =>
    handlers({ s3: { client: careless.client }, ...options }).pipeline({ bucket, key: "in/orders.csv" })
  await careless.put("in/orders.csv", csv)
  await expect(deliver({})).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("unconditionalDelete") })
  await careless.put("in/orders.csv", csv.replace("1,", "7,"))
  expect(await deliver({ unconditionalDelete: true })).toMatchObject({ objects: [{ status: "loaded" }] })
  expect(await deliver({ unconditionalDelete: true })).toMatchObject({ objects: [{ status: "ignored" }] })
})

test.each([
  [
    "the pipeline handler",
    async (steps: Handlers, event: object) => ((await steps.pipeline(event)) as { objects: readonly object[] }).objects[0],
  ],
  [
    "the parser and the loader",
    async (steps: Handlers, event: object) => {
      const { status, object } = (await steps.parser(event)) as { status: string; object: object }
      expect(status).toBe("correction")
      return steps.loader({ step: "replay", object })
    },
  ],
])("corrected rejects are replayed by %s, and archived", async (_who, deliver) => {
  const steps = handlers({ processing: "archive" })
  await server.put("in/orders.csv", csv)
  const first = ((await steps.pipeline({ bucket, key: "in/orders.csv" })) as { objects: readonly { deliveryId: string }[] }).objects[0]
  const key = `corrections/${first?.deliveryId}/corrected.csv`
  await server.put(key, "_reject,id,email\n1,2,bob@example.com\n2,3,cho@example.com\n")
  expect(await deliver(steps, { bucket, key })).toMatchObject({ status: "loaded", loaded: 2, rejected: 0 })
  const { rows } = await pool.query("SELECT id FROM orders ORDER BY id")
  expect(rows).toEqual([{ id: "1" }, { id: "2" }, { id: "3" }])
  expect(await deliver(steps, { bucket, key })).toMatchObject({ status: "ignored" })
})

test("a file that cannot be delivered is in the ledger with its reason, also for a logger, metrics and a context that fail", async () => {
  await server.put("in/wrong.csv", "number,name\n1,Ann\n")
  const fail = () => {
    throw new Error("the logger is broken")
  }
  const broken = handlers({ logger: { debug: fail, info: fail, warn: fail, error: fail }, metrics: { write: fail } })
  const context = { getRemainingTimeInMillis: "soon" } as never
  await expect(broken.pipeline({ bucket, key: "in/wrong.csv" }, context)).rejects.toMatchObject({ name: "Rowgate.COLUMN_MISSING" })
  const { rows } = await pool.query("SELECT status, reason FROM rowgate.run WHERE uri LIKE '%wrong.csv'")
  expect(rows).toEqual([{ status: "failed", reason: expect.stringMatching(/^COLUMN_MISSING: The table .* lacks columns/) }])
  await expect(handlers().pipeline({ bucket, key: "in/wrong.csv", reload: "yes" }, null as never)).rejects.toMatchObject({
    name: "Rowgate.EVENT_INVALID",
  })
})

test("the sweeper sets a file aside that fails in its own calls, but not one that its state machine could not start", async () => {
  await using storage = await startMemoryS3({ versions: true })
  vi.stubEnv("PROCESSING_BUCKET", "processing")
  await storage.client.send(new PutObjectCommand({ Bucket: bucket, Key: "in/empty.csv", Body: "" }))
  const { sweeper } = handlers({ s3: { client: storage.client }, sweep: { graceMs: 0, retryMs: 0, maxTries: 2 } })
  await using refusing = await startRefusingServer()
  vi.stubEnv("STATE_MACHINE_ARN", "arn:aws:states:us-east-1:123456789012:stateMachine:deliveries")
  for (const [name, value] of Object.entries(refusing.environment)) vi.stubEnv(name, value)
  for (let sweeps = 0; sweeps < 4; sweeps++)
    expect(await sweeper({})).toMatchObject({
      found: 1,
      started: 0,
      poisoned: 0,
      failures: { count: 1, first: [{ message: expect.stringContaining("not authorized") }] },
    })
  expect(refusing.names.size).toBe(4)
  vi.stubEnv("STATE_MACHINE_ARN", "")
  for (const poisoned of [0, 0, 1]) expect(await sweeper({})).toMatchObject({ poisoned, failures: { count: poisoned === 0 ? 1 : 0 } })
  expect(storage.current(`${bucket}/in/empty.csv`)).toBeUndefined()
})

interface RefusingServer extends AsyncDisposable {
  readonly environment: { readonly [name: string]: string }
  /** The names of the executions that clients wanted to start. */
  readonly names: Set<string>
}

/** Step Functions for a role that may not start executions. */
async function startRefusingServer(): Promise<RefusingServer> {
  const names = new Set<string>()
  const server = createServer(async (request, response) => {
    names.add(((await json(request)) as { readonly name: string }).name)
    response.writeHead(400, { "content-type": "application/x-amz-json-1.0" })
    response.end(
      JSON.stringify({ __type: "AccessDeniedException", message: "This role is not authorized to perform states:StartExecution." }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    names,
    environment: {
      AWS_ENDPOINT_URL_SFN: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
