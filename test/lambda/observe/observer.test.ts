import { Logger as Powertools } from "@aws-lambda-powertools/logger"
import { Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics"
import { bytes, createPipeline, memory, RowgateError, type Sink } from "rowgate"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { z } from "zod"
import { emfMetrics } from "../../../src/lambda/observe/emf-metrics.ts"
import { createObserver, type ObserverOptions } from "../../../src/lambda/observe/observer.ts"
import { powertoolsLogger, powertoolsMetrics } from "../../../src/lambda/observe/powertools.ts"
import { channels, isTraced } from "../../../src/pipeline/trace/channels.ts"
import { type Line, linesOf } from "./lines-of.ts"

beforeEach(() => {
  vi.stubEnv("LOG_LEVEL", undefined)
  vi.stubEnv("AWS_LAMBDA_LOG_LEVEL", undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  expect(Object.values(channels).some(isTraced)).toBe(false)
})

const call = {
  part: "pipeline",
  pipeline: "orders",
  context: { awsRequestId: "request-1", functionName: "orders-pipeline", functionVersion: "7" },
}
const Order = z.object({ id: z.number(), note: z.string() })
const csv = "id,note\n1,xyzzy-a\n2,xyzzy-b\nxyzzy-c,xyzzy-d\n"
const orders = () =>
  createPipeline({ name: "orders" })
    .from(bytes(csv, { name: "orders.csv" }))
    .validate(Order)
const isMetric = (line: Line) => "_aws" in line
const valuesOf = ({ _aws, ...values }: Line) => values
const withoutMetrics: ObserverOptions = { metrics: false }

test("each line of a call names the request, the function, its part and whether it started cold", async () => {
  const observer = createObserver(withoutMetrics)
  const work = () => observer.call(call, async ({ logger }) => logger.info({ rows: 1 }, "before"))
  const lines = [...(await linesOf(work)), ...(await linesOf(work))]
  const own = { requestId: "request-1", function: "orders-pipeline", version: "7", part: "pipeline", pipeline: "orders" }
  expect(lines).toMatchObject([
    { level: "info", message: "before", ...own, coldStart: true, rows: 1 },
    { ...own, coldStart: false },
  ])
})

test("a start that nobody waited for is not cold", async () => {
  vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")
  const lines = await linesOf(() => createObserver().call(call, async ({ logger }) => logger.info({}, "begun")))
  expect(lines).toMatchObject([{ coldStart: false }, { Duration: expect.any(Number) }])
  expect(lines[1]).not.toHaveProperty("ColdStart")
})

test("fields that are learned on the way are on all later lines and metrics", async () => {
  const lines = await linesOf(() =>
    createObserver().call({ ...call, part: "loader" }, async (observed) => {
      observed.describe({ deliveryId: "delivery-1", number: 12 })
      observed.logger.info({}, "staged")
      observed.retried(2)
    }),
  )
  expect(lines[0]).toMatchObject({ message: "staged", deliveryId: "delivery-1", number: 12 })
  expect(lines[1]).toMatchObject({ deliveryId: "delivery-1", requestId: "request-1", Retries: 2, part: "loader" })
})

test("a delivery of a run is measured, and its outcome logged", async () => {
  const lines = await linesOf(() => createObserver().call(call, () => orders().into(memory()).run()))
  const [delivery, ended, own] = lines
  expect(lines).toHaveLength(3)
  expect(delivery && valuesOf(delivery)).toEqual({
    requestId: "request-1",
    function: "orders-pipeline",
    version: "7",
    runId: expect.any(String),
    deliveryId: expect.any(String),
    uri: "orders.csv",
    pipeline: "orders",
    part: "pipeline",
    DeliveriesLoaded: 1,
    RowsRead: 3,
    RowsLoaded: 2,
    RowsRejected: 1,
    BytesRead: csv.length,
    Score: expect.any(Number),
    ScoreCompleteness: expect.any(Number),
    ScoreValidity: expect.any(Number),
  })
  expect(ended).toMatchObject({ level: "info", message: "the delivery ended: loaded", outcome: "loaded", loaded: 2, rejected: 1 })
  expect(own && valuesOf(own)).toMatchObject({ Duration: expect.any(Number), Failures: 0, Retries: 0, ColdStart: 1 })
})

test("metrics are in CloudWatch's embedded metric format", async () => {
  const [line] = await linesOf(() =>
    createObserver({ metrics: emfMetrics({ namespace: "Shop" }) }).call({ ...call, pipeline: ":Köln\n" }, async () => undefined),
  )
  expect(line).toMatchObject({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: "Shop",
          Dimensions: [["pipeline", "part"]],
          Metrics: [
            { Name: "Duration", Unit: "Milliseconds" },
            { Name: "Failures", Unit: "Count" },
            { Name: "Retries", Unit: "Count" },
            { Name: "ColdStart", Unit: "Count" },
          ],
        },
      ],
    },
    pipeline: "_K_ln_",
    part: "pipeline",
  })
  expect(line).toMatchObject({ Duration: expect.any(Number), Failures: 0, Retries: 0, ColdStart: 1 })
})

test("attempts that fail are counted, and the failure of the call is logged and thrown", async () => {
  const busy: Sink<unknown> = {
    name: "busy",
    delivery: "once",
    open: async () => {
      throw new RowgateError({ code: "LEASE_LOST", message: "Another run took over.", retryable: true })
    },
  }
  const run = () =>
    orders()
      .into(busy)
      .run({ retry: { attempts: 3, delayMs: 1 } })
  let failure: unknown
  const lines = await linesOf(() =>
    createObserver()
      .call(call, run)
      .catch((error: unknown) => {
        failure = error
      }),
  )
  expect(failure).toMatchObject({ code: "LEASE_LOST" })
  expect(lines.filter(isMetric).map(({ DeliveriesFailed, Failures, Retries }) => [DeliveriesFailed, Failures, Retries])).toEqual([
    [1, undefined, undefined],
    [1, undefined, undefined],
    [1, undefined, undefined],
    [undefined, 1, 2],
  ])
  expect(lines.find(({ level }) => level === "error")).toMatchObject({
    message: "the call failed",
    requestId: "request-1",
    error: { code: "LEASE_LOST", message: "Another run took over.", retryable: true },
  })
})

test("LOG_LEVEL=debug logs each step", async () => {
  vi.stubEnv("LOG_LEVEL", "debug")
  const lines = await linesOf(() => createObserver(withoutMetrics).call(call, () => orders().into(memory()).run()))
  const messages = lines.map(({ message }) => message)
  // The parser begins while the sink opens.
  const [reading] = messages.splice(messages.indexOf("the stage auto begins"), 1)
  expect(reading).toBe("the stage auto begins")
  expect(messages).toEqual([
    "the call begins",
    "the stage validate begins",
    "open of memory ended",
    "write of memory ended",
    "the stage auto ended",
    "the stage validate ended",
    "settle of memory ended",
    "commit of memory ended",
    "the delivery ended: loaded",
    "the run ended",
    "the call ended",
  ])
  expect(lines.find(({ message }) => message === "the stage validate ended")).toMatchObject({ rows: 3, passed: 2, ms: expect.any(Number) })
  for (const line of lines.slice(1)) expect(line["runId"]).toEqual(expect.any(String))
})

test("calls at the same time hear only of their own runs", async () => {
  const observer = createObserver({ logger: { debug() {}, info() {}, warn() {}, error() {} } })
  const run = (name: string, rows: number) =>
    observer.call({ part: "pipeline", pipeline: name }, () =>
      createPipeline({ name })
        .fromRows(Array.from({ length: rows }, (_, id) => ({ id })))
        .into(memory())
        .run(),
    )
  const lines = await linesOf(() => Promise.all([run("a", 1), run("b", 2), run("c", 3)]))
  const loaded = lines.filter(({ RowsLoaded }) => RowsLoaded !== undefined).map(({ pipeline, RowsLoaded }) => [pipeline, RowsLoaded])
  expect(loaded.sort()).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ])
})

test("no value of a row gets into a log or a metric, even if a check throws it", async () => {
  vi.stubEnv("LOG_LEVEL", "debug")
  const throwing = () =>
    orders()
      .map((row) => {
        throw new Error(`cannot map ${row.note}`)
      })
      .into(memory())
      .run()
  const refusing: Sink<unknown> = {
    name: "refusing",
    delivery: "once",
    open: async () => ({
      write: async (batch) => {
        for (const row of batch.rows)
          throw Object.assign(new Error(`${JSON.stringify(row)} is wrong`), { code: "22P02", detail: JSON.stringify(row) })
      },
      commit: async () => {},
      [Symbol.asyncDispose]: async () => {},
    }),
  }
  const observer = createObserver()
  const lines = await linesOf(async () => {
    await observer.call(call, () => orders().into(memory()).rejectsInto(memory()).run())
    await expect(observer.call(call, throwing)).rejects.toThrow("xyzzy")
    await expect(observer.call(call, () => orders().into(refusing).run())).rejects.toThrow("xyzzy")
  })
  expect(lines.filter(({ level }) => level === "error")).toHaveLength(2)
  expect(lines.length).toBeGreaterThan(30)
  expect(JSON.stringify(lines)).not.toContain("xyzzy")
})

describe("Powertools", () => {
  test("its logger takes the lines and decides about the level", async () => {
    const logger = new Powertools({ serviceName: "shop", logLevel: "INFO" })
    const lines = await linesOf(() =>
      createObserver({ logger: powertoolsLogger(logger), metrics: false }).call(call, async (observed) => {
        observed.logger.debug({}, "hidden")
        observed.logger.warn({ message: "the reason", error: new Error("xyzzy") }, "tried again")
      }),
    )
    expect(lines).toMatchObject([
      { level: "WARN", service: "shop", message: "tried again", requestId: "request-1", cause: "the reason", error: { name: "Error" } },
    ])
    expect(JSON.stringify(lines)).not.toContain("xyzzy")
  })

  test("its debug level shows each step", async () => {
    const logger = powertoolsLogger(new Powertools({ logLevel: "DEBUG" }))
    const lines = await linesOf(() => createObserver({ logger, metrics: false }).call(call, () => orders().into(memory()).run()))
    expect(lines.map(({ message }) => message)).toContain("commit of memory ended")
  })

  test("its metrics keep their namespace, and their own values stay without rowgate's dimensions", async () => {
    const metrics = new PowertoolsMetrics({ namespace: "Shop", serviceName: "shop" })
    const logger = { debug() {}, info() {}, warn() {}, error() {} }
    const lines = await linesOf(() => {
      metrics.addMetric("Mine", "Count", 1)
      return createObserver({ logger, metrics: powertoolsMetrics(metrics) }).call(call, () => orders().into(memory()).run())
    })
    expect(lines).toMatchObject([
      { Mine: 1, service: "shop" },
      { RowsLoaded: 2, pipeline: "orders", part: "pipeline", deliveryId: expect.any(String) },
      { Duration: expect.any(Number), pipeline: "orders" },
    ])
    expect(lines[0]).not.toHaveProperty("pipeline")
    expect(JSON.stringify(lines[1])).toContain('"Namespace":"Shop"')
  })
})
