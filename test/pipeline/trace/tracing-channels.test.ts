import { AsyncLocalStorage } from "node:async_hooks"
import { tracingChannel } from "node:diagnostics_channel"
import { setTimeout as wait } from "node:timers/promises"
import { bytes, createPipeline, memory, RowgateError, type Sink } from "rowgate"
import { afterEach, expect, test } from "vitest"
import { z } from "zod"
import { channels, isTraced } from "../../../src/pipeline/trace/channels.ts"

const names = ["run", "delivery", "stage", "sink"] as const

const undo: (() => unknown)[] = []
afterEach(() => {
  for (const each of undo.splice(0)) each()
  expect(Object.values(channels).some(isTraced)).toBe(false)
})

/** Records the messages of all channels: `begin` and `end` of each operation. */
function record() {
  const events: { readonly channel: string; readonly event: string; readonly message: { readonly [name: string]: unknown } }[] = []
  for (const name of names) {
    const channel = tracingChannel<object>(`rowgate:${name}`)
    const on = (event: string) => (message: object) => void events.push({ channel: name, event, message: { ...message } })
    const subscribers = { start: on("begin"), end() {}, asyncStart() {}, asyncEnd: on("end"), error: on("error") }
    channel.subscribe(subscribers)
    undo.push(() => channel.unsubscribe(subscribers))
  }
  return events
}

const Line = z.object({ id: z.number(), secret: z.string() })
const csv = "id,secret\n1,xyzzy-one\n2,xyzzy-two\nxyzzy-three,xyzzy-four\n3,xyzzy-five\n"
const lines = () =>
  createPipeline({ name: "lines", batchRows: 2 })
    .from(bytes(csv, { name: "lines.csv" }))
    .validate(Line)
    .filter(({ id }) => id !== 2)

test("a run tells about itself, its delivery, its stages and its sinks, in order", async () => {
  const events = record()
  const { runId, deliveries } = await lines().into(memory()).run()
  const told = events.map(({ channel, event, message }) => [channel, event, message["stage"] ?? message["operation"] ?? ""].join(" "))
  // The parser begins while the sink opens.
  const [reading] = told.splice(told.indexOf("stage begin auto"), 1)
  expect(reading).toBe("stage begin auto")
  expect(told).toEqual([
    "run begin ",
    "delivery begin ",
    "stage begin filter",
    "stage begin validate",
    "sink begin open",
    "sink end open",
    "sink begin write",
    "sink end write",
    "sink begin write",
    "sink end write",
    "stage end auto",
    "stage end validate",
    "stage end filter",
    "sink begin settle",
    "sink end settle",
    "sink begin commit",
    "sink end commit",
    "delivery end ",
    "run end ",
  ])
  const last = (channel: string) => events.findLast((each) => each.channel === channel && each.event === "end")?.message
  const counts = { read: 4, loaded: 2, rejected: 1, filtered: 1, superseded: 0, skipped: 0, withheld: 0 }
  expect(last("run")).toEqual({ runId, pipeline: "lines", dryRun: false, counts, deliveries: 1, result: undefined })
  const { deliveryId, uri, score } = deliveries[0] ?? {}
  expect(last("delivery")).toEqual({
    runId,
    pipeline: "lines",
    deliveryId,
    uri,
    size: csv.length,
    attempt: 1,
    outcome: "loaded",
    counts,
    score: { overall: score?.overall, dimensions: score?.dimensions },
    result: undefined,
  })
  expect(last("sink")).toMatchObject({ runId, pipeline: "lines", deliveryId, uri, sink: "memory", operation: "commit" })
  const stages = events.filter(({ channel, event }) => channel === "stage" && event === "end").map(({ message }) => message)
  expect(stages).toMatchObject([
    { runId, pipeline: "lines", uri, stage: "auto", position: 0, batches: 2, rows: 4, passed: 4 },
    { stage: "validate", position: 1, batches: 2, rows: 4, passed: 3 },
    { stage: "filter", position: 2, batches: 2, rows: 4, passed: 2 },
  ])
})

test("no message has a value of a row", async () => {
  const events = record()
  await lines().into(memory()).rejectsInto(memory()).run()
  const text = JSON.stringify(events)
  expect(events.length).toBeGreaterThan(20)
  expect(text).toContain("lines.csv")
  expect(text).not.toContain("xyzzy")
})

test("the time of a stage is its own, without the stages before and after it", async () => {
  const events = record()
  const slow = async function* <T>(batches: AsyncIterable<T>) {
    for await (const batch of batches) {
      await wait(30)
      yield batch
    }
  }
  const patient: Sink<unknown> = {
    name: "patient",
    delivery: "at-least-once",
    open: async () => ({ write: () => wait(60), commit: async () => {}, [Symbol.asyncDispose]: async () => {} }),
  }
  await lines()
    .pipe(slow as never)
    .filter(() => true)
    .into(patient)
    .run()
  const ms = Object.fromEntries(
    events
      .filter(({ channel, event }) => channel === "stage" && event === "end")
      .map(({ message }) => [message["position"], Number(message["ms"])]),
  )
  expect(ms[3]).toBeGreaterThan(55)
  // The stages around the slow one do not wait for it, nor for the sink.
  expect(ms[4]).toBeLessThan(30)
  expect(ms[2]).toBeLessThan(30)
})

test("each attempt is a delivery of its own, and says why it failed", async () => {
  const events = record()
  const target = memory<z.infer<typeof Line>>()
  let failures = 1
  const flaky: Sink<z.infer<typeof Line>> = {
    ...target,
    open: async (context, delivery) => {
      if (failures-- > 0) throw new RowgateError({ code: "LEASE_LOST", message: "Another run took over.", retryable: true })
      return target.open(context, delivery)
    },
  }
  await lines()
    .into(flaky)
    .run({ retry: { delayMs: 1 } })
  const deliveries = events.filter(({ channel }) => channel === "delivery")
  expect(
    deliveries.map(({ event, message }) => [event, message["attempt"], (message["error"] as { code?: string } | undefined)?.code]),
  ).toEqual([
    ["begin", 1, undefined],
    ["error", 1, "LEASE_LOST"],
    ["end", 1, "LEASE_LOST"],
    ["begin", 2, undefined],
    ["end", 2, undefined],
  ])
  expect(new Set(deliveries.map(({ message }) => message["deliveryId"])).size).toBe(2)
})

test("a stage that fails or is left early ends too", async () => {
  const events = record()
  const broken = lines().map((row) => {
    throw new Error(`no ${row.id}`)
  })
  await expect(broken.into(memory()).run()).rejects.toThrow("no 1")
  const stages = events.filter(({ channel, event }) => channel === "stage" && event !== "begin")
  expect(stages.map(({ event, message }) => [event, message["stage"], message["error"] !== undefined])).toEqual([
    ["end", "auto", false],
    ["end", "validate", false],
    ["end", "filter", false],
    ["error", "map", true],
    ["end", "map", true],
  ])
  events.length = 0
  for await (const _ of lines().rows()) break
  expect(events.filter(({ event }) => event === "end").map(({ message }) => message["stage"])).toEqual(["auto", "validate", "filter"])
})

test("the operations of a run see the store that a subscriber binds to it", async () => {
  const store = new AsyncLocalStorage<object>()
  const { start } = tracingChannel<object>("rowgate:run")
  start.bindStore(store, (message) => message)
  undo.push(() => start.unbindStore(store))
  const seen: (object | undefined)[] = []
  const sink: Sink<unknown> = {
    name: "seeing",
    delivery: "at-least-once",
    open: async () => ({
      write: async () => void seen.push(store.getStore()),
      commit: async () => void seen.push(store.getStore()),
      [Symbol.asyncDispose]: async () => {},
    }),
  }
  const { runId } = await lines().into(sink).run()
  expect(seen).toMatchObject([{ runId }, { runId }, { runId }])
  expect(store.getStore()).toBeUndefined()
})

test("subscribers change no result, and without them no message is made", async () => {
  const plain = memory<unknown>()
  await lines().into(plain).run()
  const events = record()
  const traced = memory<unknown>()
  await lines().into(traced).run()
  expect(events.length).toBeGreaterThan(0)
  expect(traced.rows).toEqual(plain.rows)
})
