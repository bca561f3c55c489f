import { readFile } from "node:fs/promises"
import { join } from "node:path"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createHandlers } from "../../../src/lambda/handlers/create-handlers.ts"
import { migrate } from "../../../src/postgres.ts"
import { type PostgresServer, postgresServer } from "../../postgres-server.ts"
import { bucket } from "../../sources/s3/s3-server.ts"
import { execute } from "./execution.ts"
import { FaultWorld } from "./fault-world.ts"
import { orderFile } from "./order-file.ts"
import { brokenAfter, Fault, summary } from "./trials.ts"

const body = orderFile()
let server: PostgresServer
let pool: pg.Pool
let world: FaultWorld

beforeAll(async () => {
  server = await postgresServer({ restarts: true })
  // A connection of its own for each query, as a restart breaks those that are open.
  pool = new pg.Pool({ connectionString: server.url, maxUses: 1 })
  pool.on("error", () => undefined)
  await migrate(pool)
  const clear = async () => void (await pool.query("DELETE FROM rowgate.reject; DELETE FROM rowgate.run"))
  world = await FaultWorld.create({ url: server.url, pool, clear }, { directParts: 2 })
  await world.learn(body)
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await pool.end()
  await server.stop()
  process.stdout.write(summary())
})

async function waitForServer(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const up = await pool.query("SELECT 1").then(
      () => true,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test.each(["loader stage", "loader load", "loader archive"])(
  "a database that restarts before, and during, %s costs only time",
  async (step) => {
    const fault = new Fault(`database restarted: ${step}`)
    for (const delayMs of [0, 30, 80]) {
      const key = await world.begin(body)
      let restarted = 0
      let isPlanned = false
      const restart = async () => {
        restarted++
        const [pid] = (await readFile(join(server.dataDirectory, "postmaster.pid"), "utf8")).split("\n")
        // The immediate shutdown, as of a crash: the server recovers when it starts again.
        process.kill(Number(pid), "SIGQUIT")
        await waitForServer()
      }
      let restarting: Promise<void> | undefined
      const end = await execute(
        world,
        { bucket, key },
        {
          mostAttempts: 40,
          async before({ name, attempt }) {
            if (name !== step || attempt > 1 || isPlanned) return
            isPlanned = true
            if (delayMs === 0) await restart()
            else restarting = new Promise((resolve) => setTimeout(resolve, delayMs)).then(restart)
          },
        },
      )
      await restarting
      await waitForServer()
      // A call of the archive step that removed the manifest, and could not say so, is called again and finds nothing to do.
      const allowed = ["loaded", "duplicate", ...(step === "loader archive" ? ["ended"] : [])]
      const wrong = allowed.includes(end.status) ? [] : [`it ended as ${end.status}: ${end.errors.join()}`]
      fault.add(`after ${delayMs} ms`, [
        ...wrong,
        ...(restarted === 1 ? [] : ["it did not restart"]),
        ...(await brokenAfter(world, { key, body })),
      ])
    }
    expect(fault.end()).toEqual([])
  },
)

test("a secret that is rotated between any two steps is read again", async () => {
  const fault = new Fault("secret rotated between two steps")
  await pool.query("CREATE ROLE loader SUPERUSER LOGIN PASSWORD 'secret0'")
  let secret = "secret0"
  let known = secret
  const url = async (refused?: string) => {
    if (refused !== undefined) known = secret
    const address = new URL(server.url)
    address.username = "loader"
    address.password = known
    return address.href
  }
  for (const step of ["loader stage", "loader load", "loader archive"]) {
    const key = await world.begin(body)
    const end = await execute(
      world,
      { bucket, key },
      {
        start() {
          const functions = world.start()
          const handlers = createHandlers(world.pipeline({ url }) as never, {
            ...world.place(functions.process.s3, functions.process.pool),
            database: { url },
          })
          return { ...functions, handlers }
        },
        async before({ name }) {
          if (name !== step) return
          secret = `secret${Math.random()}`
          await pool.query(`ALTER ROLE loader PASSWORD '${secret}'`)
        },
      },
    )
    fault.add(step, [
      ...(end.status === "loaded" ? [] : [`it ended as ${end.status}: ${end.errors.join()}`]),
      ...(await brokenAfter(world, { key, body })),
    ])
  }
  expect(fault.end()).toEqual([])
})
