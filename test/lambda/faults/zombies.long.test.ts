import { afterAll, beforeAll, expect, test } from "vitest"
import { ledgerDatabase } from "../../ledger-database.ts"
import { bucket } from "../../sources/s3/s3-server.ts"
import { execute } from "./execution.ts"
import { FaultWorld } from "./fault-world.ts"
import { orderFile } from "./order-file.ts"
import { brokenAfter, Fault, summary } from "./trials.ts"

const database = await ledgerDatabase()
const body = orderFile()
let world: FaultWorld

beforeAll(async () => {
  world = await FaultWorld.create(database, { directParts: 2, staleMs: 500 })
  await world.learn(body)
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  process.stdout.write(summary())
})

/** Errors of a call that has found out that another one has done its work, and perhaps removed its parts. */
const givenUp = /^Rowgate\.(Retryable|DELIVERY_ENDED|OutOfTime|SOURCE_NOT_FOUND|EVENT_INVALID)$/

test("a process that is frozen around any of its calls, and wakes after others have done its work, changes nothing", async () => {
  const calls = new Map<string, number>()
  const key = await world.begin(body)
  await execute(world, { bucket, key }, { onCalls: ({ name }, made) => void calls.set(name, Math.max(calls.get(name) ?? 0, made.length)) })
  expect(await brokenAfter(world, { key, body })).toEqual([])
  const faults = new Map(
    [...calls.keys()].map((name) => [name, new Fault(`zombie: ${name} frozen before its calls, wakes after the archive`)]),
  )
  // The archive step makes the same call for each object that it removes.
  const most = Math.max(...[...calls].map(([name, count]) => (name === "loader archive" ? 0 : count)))
  // A trial waits until the database ends the transactions of frozen functions.
  for (let call = 1; call <= most; call += call < 24 ? 1 : 4) {
    const key = await world.begin(body)
    const { status, errors, zombies } = await execute(
      world,
      { bucket, key },
      {
        interruptionOf: ({ attempt }) => (attempt === 1 ? { call, when: "before", freezes: true } : undefined),
        onFrozen: () => world.endLeases(),
        // The database ends the transaction of a frozen function when its time is over.
        contextOf: () => {
          const end = Date.now() + 4_000
          return { getRemainingTimeInMillis: () => end - Date.now() }
        },
      },
    )
    const wrong = ["loaded", "duplicate"].includes(status) ? [] : [`the execution ended as ${status}: ${errors.join(", ")}`]
    const ends = await Promise.all(zombies.map(async ({ name, wake }) => ({ name, end: await wake() })))
    for (const { name, end } of ends) if (typeof end === "string" && !givenUp.test(end)) wrong.push(`the zombie of ${name} threw ${end}`)
    const broken = [...wrong, ...(await brokenAfter(world, { key, body }))]
    for (const { name } of ends) faults.get(name)?.add(`call ${call}`, broken)
  }
  expect([...faults.values()].flatMap((fault) => fault.end())).toEqual([])
})
