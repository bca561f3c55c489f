import { rm } from "node:fs/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import type { ClientMessage } from "./fault-proxy.ts"
import {
  answerLost,
  backendsEnded,
  blackHole,
  cutOff,
  killedAfter,
  killedBefore,
  manyAtOnce,
  recordMessages,
  slowAndSliced,
  terminated,
  zombie,
} from "./faults.ts"
import { faultHome } from "./loader-process.ts"
import { makeOracle } from "./oracle.ts"
import { randomNumbers } from "./random-numbers.ts"
import { prepareDatabase } from "./target.ts"
import { type Fault, type TrialGround, trial } from "./trial.ts"

/** `ROWGATE_FAULT_SCALE=0.1 npm run test:fault` runs a tenth of all trials; `ROWGATE_FAULT_SEED` repeats a run. */
const scale = Number(process.env["ROWGATE_FAULT_SCALE"] ?? 1)
const seed = Number(process.env["ROWGATE_FAULT_SEED"] ?? 20_261_122)
const lanes = 3
const oracle = makeOracle(20_000, 7)
const databases: PostgresDatabase[] = []
const grounds: TrialGround[] = []
let points: readonly ClientMessage[] = []
let cleanMs = 0

beforeAll(async () => {
  const home = await faultHome()
  for (let lane = 0; lane < lanes; lane++) {
    const database = await postgresDatabase()
    databases.push(database)
    await prepareDatabase(database.url)
    grounds.push({ url: database.url, home, oracle })
  }
  const begun = performance.now()
  const broken = await trial(ground(0), async (target, start) => {
    const messages = await recordMessages(target, start)
    points = messages.filter(({ label }, at) => label !== "CopyData" || messages[at - 1]?.label !== "CopyData" || at % 5 === 0)
  })
  cleanMs = (performance.now() - begun) / 2
  expect(broken).toEqual([])
}, 60_000)

afterAll(async () => {
  for (const database of databases) await database.drop()
  await rm(ground(0).home, { recursive: true, force: true })
})

function ground(lane: number): TrialGround {
  const found = grounds[lane]
  if (found === undefined) throw new Error("no ground to try on")
  return found
}

/** So many trials, a few at a time, each with random numbers of its own. */
async function trials(name: string, count: number, faultOf: (random: () => number, at: number) => Fault): Promise<void> {
  const scaled = Math.max(1, Math.round(count * scale))
  const failed: string[] = []
  let next = 0
  const lane = async (own: TrialGround) => {
    for (let at = next++; at < scaled; at = next++) {
      const broken = await trial(own, faultOf(randomNumbers(seed + at * 7919), at)).catch((error: unknown) => [String(error)])
      if (broken.length > 0) failed.push(`trial ${at}: ${broken.join("; ")}`)
    }
  }
  await Promise.all(grounds.map(lane))
  process.stdout.write(`${name}: ${scaled} trials, ${failed.length} broken\n`)
  expect(failed).toEqual([])
}

const anyPoint = (random: () => number) => {
  const chosen = points[Math.floor(random() * points.length)]?.index ?? 0
  return ({ index }: ClientMessage) => index === chosen
}

test("SIGKILL at random times", () => trials("SIGKILL at random times", 200, (random) => killedAfter(random() * cleanMs)))

test("SIGKILL before every message of the protocol", async () => {
  const labels = [...new Set(points.map(({ label }) => label))]
  await trials("SIGKILL before every message", 25 * labels.length, (random, at) => {
    const label = labels[at % labels.length]
    const of = points.filter((point) => point.label === label)
    const chosen = of[Math.floor(random() * of.length)]?.index
    return killedBefore(({ index }) => index === chosen)
  })
}, 900_000)

test("zombies that wake after a takeover", () => trials("zombies", 100, (random) => zombie(anyPoint(random))), 900_000)

test("backends that are ended", () => trials("backends ended", 100, (random) => backendsEnded(random() * cleanMs)))

test("COPY reset after every 4 KB", () =>
  trials("COPY reset", Math.ceil(oracle.csv.length / 4096), (_random, at) => cutOff(({ copied }) => copied >= at * 4096)))

test("answers that are lost", () => trials("any answer lost", 50, (random) => answerLostAt(anyPoint(random))))

test("COMMITs whose answer is lost", () => trials("answer to COMMIT lost", 100, () => answerLost(({ label }) => label === "COMMIT")))

test("connections that go deaf", () => trials("black holes", 10, (random) => blackHole(anyPoint(random))))

test("connections that are slow and sliced", () =>
  trials("slow and sliced", 10, (random) => slowAndSliced(1 + Math.floor(random() * 700), Math.floor(random() * 5))))

test("ten deliveries of one file at once", () => trials("ten at once", 100, () => manyAtOnce(10)), 900_000)

test("SIGTERM", () => trials("SIGTERM", 20, (random) => terminated(random() * cleanMs)))

/** A point that is the last message of a connection has no answer to lose. */
function answerLostAt(isPoint: (message: ClientMessage) => boolean): Fault {
  return async (target, start) => {
    await answerLost(isPoint)(target, start).catch((error: unknown) => {
      if (!String(error).includes("never reached")) throw error
    })
  }
}
