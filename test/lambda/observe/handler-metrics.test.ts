import { beforeAll, expect, test } from "vitest"
import { ledgerDatabase } from "../../ledger-database.ts"
import type { Line } from "./lines-of.ts"
import { type ObservedDeliveries, observeDeliveries } from "./observed-deliveries.ts"

const database = await ledgerDatabase()
let observed: ObservedDeliveries
beforeAll(async () => {
  observed = await observeDeliveries(database)
})

const withMetric = (name: string) => observed.metrics.filter((line) => name in line)

test("a sweep publishes what it started, gave up, and could not do, even if that is nothing", () => {
  const counts = ({ SweepStarted, SweepPoisoned, SweepFollowUpsFailed, SweepFailures }: Line) => ({
    ...{ SweepStarted, SweepPoisoned, SweepFollowUpsFailed, SweepFailures },
  })
  expect(withMetric("SweepStarted").map(counts)).toEqual([
    { SweepStarted: 1, SweepPoisoned: 0, SweepFollowUpsFailed: 0, SweepFailures: 0 },
    { SweepStarted: 0, SweepPoisoned: 1, SweepFollowUpsFailed: 0, SweepFailures: 0 },
    { SweepStarted: 0, SweepPoisoned: 0, SweepFollowUpsFailed: 0, SweepFailures: 1 },
  ])
  for (const line of withMetric("SweepStarted")) expect(line).toMatchObject({ pipeline: "orders", part: "sweeper" })
})

test.each(["DeliveriesLoaded", "DeliveriesDuplicate", "DeliveriesRefused", "DeliveriesFailed"])(
  "the loader counts each delivery of a state machine by its outcome: %s",
  (name) => {
    expect(withMetric(name)).toMatchObject([{ [name]: 1, part: "loader", pipeline: "orders", uri: expect.stringMatching(/^s3:/) }])
  },
)

test("each line of a call that works on a file names the file and its delivery, in the log and in the metrics", () => {
  const calls = observed.metrics.filter((line) => "Duration" in line && line["part"] !== "sweeper")
  expect(new Set(calls.map(({ part }) => part))).toEqual(new Set(["parser", "normalizer", "validator", "scorer", "loader"]))
  const lines = [...calls, ...observed.log.filter(({ message }) => message === "the call failed")]
  for (const line of lines) expect(line["uri"], JSON.stringify(line)).toMatch(/^s3:\/\/landing\/in\/\w+\.csv$/)
  const named = lines.filter(({ uri }) => uri === "s3://landing/in/orders.csv")
  expect(named.length).toBeGreaterThan(10)
  expect(new Set(named.map(({ deliveryId }) => deliveryId)).size).toBe(1)
})

test("the line of a call on a part has the number of the part", () => {
  const normalized = observed.metrics.filter(({ part, uri }) => part === "normalizer" && uri === "s3://landing/in/orders.csv")
  expect(normalized.map(({ number }) => Number(number)).sort((one, other) => one - other)).toEqual([...normalized.keys()])
  expect(normalized.length).toBeGreaterThan(2)
})
