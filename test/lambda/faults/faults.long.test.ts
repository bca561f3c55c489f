import { setTimeout as wait } from "node:timers/promises"
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest"
import { ledgerDatabase } from "../../ledger-database.ts"
import { bucket } from "../../sources/s3/s3-server.ts"
import { type ExecutionEnd, type ExecutionOptions, execute, type StepCall } from "./execution.ts"
import { FaultWorld } from "./fault-world.ts"
import { orderFile } from "./order-file.ts"
import { brokenAfter, Fault, summary } from "./trials.ts"

const database = await ledgerDatabase()
const body = orderFile()
const other = orderFile({ rows: 180, from: 1_000 })
let world: FaultWorld

beforeAll(async () => {
  world = await FaultWorld.create(database, { directParts: 2, staleMs: 1_000 })
  for (const each of [body, other]) await world.learn(each)
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  process.stdout.write(summary())
})
beforeEach(async () => {
  await world.begin()
})

const succeeded = ["loaded", "duplicate", "ended"]

/** What is broken after an execution that has to succeed. */
async function brokenEnd(key: string, ends: readonly ExecutionEnd[], file = body): Promise<readonly string[]> {
  const failed = ends.filter(({ status }) => !succeeded.includes(status))
  const broken = await brokenAfter(world, { key, body: file })
  return [...failed.map(({ status, errors }) => `an execution ended as ${status}: ${errors.join(", ")}`), ...broken]
}

async function deliver(options: ExecutionOptions = {}): Promise<readonly string[]> {
  const key = await world.begin(body)
  return brokenEnd(key, [await execute(world, { bucket, key }, options)])
}

/** A context of Lambda with little time left. */
const left = (remainingMs: number) => {
  const end = Date.now() + remainingMs
  return { getRemainingTimeInMillis: () => end - Date.now() }
}

/** Numbers from a seed, so that a run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

test("an event that comes twice has one effect", async () => {
  const fault = new Fault("event duplicated, before and after the archive")
  for (const archives of [false, true]) {
    const key = await world.begin(body)
    const first = await execute(world, { bucket, key }, { archives })
    const second = await execute(world, { bucket, key })
    const expected = archives ? "ignored" : "duplicate"
    const wrong = second.status === expected ? [] : [`the second execution ended as ${second.status}: ${second.errors.join()}`]
    fault.add(`archives: ${archives}`, [...wrong, ...(await brokenEnd(key, [first]))])
  }
  expect(fault.end()).toEqual([])
})

test("the same bytes under the same key are a duplicate, in processes that have seen them before", async () => {
  const fault = new Fault("object delivered again with the same bytes, in warm processes")
  for (const inOneCall of [false, true]) {
    const key = await world.begin(body)
    const warm = world.start()
    const options = { inOneCall, start: () => warm }
    const first = await execute(world, { bucket, key }, options)
    await world.deliver(key, body)
    const second = await execute(world, { bucket, key }, options)
    const statuses = `${first.status}, ${second.status}`
    const wrong = statuses === "loaded, duplicate" ? [] : [`they ended as ${statuses}: ${second.errors.join()}`]
    fault.add(`in one call: ${inOneCall}`, [...wrong, ...(await brokenAfter(world, { key, body, copies: 2 }))])
  }
  expect(fault.end()).toEqual([])
})

test("events that arrive in another order than their objects load each object once", async () => {
  const fault = new Fault("events out of order")
  const key = await world.begin(body)
  await world.deliver(key, other)
  // The event of the first object comes after that of the second, when only the second is there.
  const ends = [await execute(world, { bucket, key }), await execute(world, { bucket, key })]
  fault.add("the second object first", await brokenEnd(key, ends.slice(0, 1), other))
  expect(ends[1]?.status).toBe("ignored")
  expect(fault.end()).toEqual([])
})

test("an object whose event is lost is delivered by the sweeper", async () => {
  const fault = new Fault("event lost")
  const key = await world.begin(body)
  fault.add("lost", await brokenAfter(world, { key, body }))
  expect(fault.end()).toEqual([])
})

test.each([
  [
    "malformed",
    [
      undefined,
      null,
      7,
      "event",
      [],
      {},
      { Records: [{}] },
      { bucket },
      { bucket, key: 5 },
      { status: "replan" },
      { status: "unfinished" },
    ],
  ],
  [
    "foreign",
    [
      { bucket: "another", key: "in/x.csv" },
      { bucket, key: "out/x.csv" },
      { Records: [{ eventSource: "aws:dynamodb", eventName: "INSERT" }] },
      { status: "replan", manifest: "s3://another/orders/1/r0/manifest.json", round: 0 },
    ],
  ],
])("an event that is %s fails with a typed error and writes nothing", async (name, events) => {
  const fault = new Fault(`event ${name}`)
  await world.begin()
  const { handlers } = world.start()
  for (const event of events) {
    for (const handler of ["parser", "normalizer", "validator", "scorer", "loader"] as const) {
      const error = await handlers[handler](event).then(
        (value) => new Error(`it returned ${JSON.stringify(value)}`),
        (thrown: Error) => thrown,
      )
      const typed = /^Rowgate\.(EVENT_INVALID|OBJECT_NOT_ALLOWED)$/.test(error.name)
      fault.add(`${handler} ${JSON.stringify(event)}`, typed ? [] : [`${error.name}: ${error.message}`])
    }
  }
  expect(await world.keys("processing")).toEqual([])
  await world.endProcesses()
  expect(fault.end()).toEqual([])
})

test("an object that is overwritten or deleted between event and read is not mixed with the new one", async () => {
  const fault = new Fault("object overwritten or deleted before it is read, or while it is")
  const changes = [
    ["overwritten", (key: string) => world.deliver(key, other)],
    [
      "deleted",
      async (key: string) => {
        world.guarded = undefined
        await world.remove(bucket, key)
      },
    ],
  ] as const
  for (const [name, change] of changes)
    for (let call = 0; call <= 12; call++) {
      const key = await world.begin(body)
      let calls = 0
      let isDone = false
      const before = async () => {
        if (isDone || calls++ < call) return
        isDone = true
        await change(key)
      }
      const own = world.server.client
      const end = await execute(
        world,
        { bucket, key },
        {
          start: () =>
            world.start({
              s3: {
                idleTimeoutMs: 2_000,
                client: {
                  async send(command, options) {
                    await before()
                    return own.send(command as never, options)
                  },
                },
              },
            }),
        },
      )
      const status = end.status
      if (name === "overwritten") {
        // The new object has an event of its own.
        const second = await execute(world, { bucket, key })
        const broken = await brokenChange(key, [end, second])
        fault.add(`overwritten at call ${call} (${status})`, broken)
      } else {
        const { rows } = await database.pool.query("SELECT count(*)::int AS n FROM orders")
        // A delivery that had read the object before it was deleted is loaded, but cannot be archived.
        const isLost = end.errors.at(-1)?.includes("ARCHIVE_LOST") === true
        const right = status === "ignored" ? rows[0].n === 0 : status === "failed" && isLost === rows[0].n > 0
        fault.add(`deleted at call ${call}`, right ? [] : [`it ended as ${status} with ${rows[0].n} rows: ${end.errors.join()}`])
        await world.endProcesses()
      }
    }
  expect(fault.end()).toEqual([])
})

/** An object was replaced: either the new one is loaded alone, or both are, each of them whole. */
async function brokenChange(key: string, ends: readonly ExecutionEnd[]): Promise<readonly string[]> {
  const failed = ends.filter(({ status }) => status === "failed")
  const broken = failed.map(({ errors }) => `an execution failed: ${errors.join()}`)
  const runs = await database.pool.query("SELECT sha256, loaded::int AS loaded, status FROM rowgate.run WHERE status = 'committed'")
  const rows = await database.pool.query("SELECT count(*)::int AS n, count(*) FILTER (WHERE id >= 1000)::int AS others FROM orders")
  const [{ n, others }] = rows.rows
  const whole = (file: string) => JSON.parse(world.oracleOf(file).rows).length
  if (others !== whole(other)) broken.push(`${others} rows of the new object instead of ${whole(other)}`)
  if (n - others !== 0 && n - others !== whole(body)) broken.push(`${n - others} rows of the old object`)
  if (new Set(runs.rows.map(({ sha256 }) => sha256)).size !== runs.rows.length) broken.push("two deliveries have the same content")
  if ((await world.keys(bucket)).includes(key)) broken.push("the object is still in the landing bucket")
  await world.endProcesses()
  return [...broken, ...world.wrong]
}

test.each([
  ["executions", false],
  ["calls of the pipeline handler", true],
])("%s for the same object at once have one effect", async (name, inOneCall) => {
  const fault = new Fault(`two or three ${name} for the same object at once`)
  const random = randomFrom(18)
  for (let trial = 0; trial < 8; trial++) {
    const key = await world.begin(body)
    const late = async () => {
      await wait(random() * 800)
      return execute(world, { bucket, key }, { inOneCall })
    }
    const ends = await Promise.all([execute(world, { bucket, key }, { inOneCall }), late(), ...(trial % 2 === 0 ? [late()] : [])])
    const loaded = ends.filter(({ status }) => status === "loaded").length
    const failed = ends.filter(({ status }) => status === "failed")
    const wrong = [
      ...(loaded === 1 ? [] : [`${loaded} executions say that they loaded it`]),
      ...failed.map(({ errors }) => `an execution failed: ${errors.join(", ")}`),
    ]
    fault.add(`trial ${trial}`, [...wrong, ...(await brokenAfter(world, { key, body }))])
  }
  expect(fault.end()).toEqual([])
})

test("two calls of the same step at once have the effect of one", async () => {
  const fault = new Fault("each step called by two processes at once")
  for (let trial = 0; trial < 3; trial++) {
    const wrong: string[] = []
    const twins = new Map<string, Promise<unknown>>()
    const broken = await deliver({
      before({ name, handler, input, attempt }) {
        if (attempt > 1) return
        const twin = world
          .start()
          .handlers[handler](input)
          .catch((error: Error) => {
            if (!["Rowgate.Retryable", "Rowgate.DELIVERY_ENDED"].includes(error.name))
              wrong.push(`${name}: ${error.name}: ${error.message}`)
          })
        twins.set(name, twin)
      },
      async after({ name }) {
        await twins.get(name)
      },
    })
    fault.add(`trial ${trial}`, [...wrong, ...broken])
  }
  expect(fault.end()).toEqual([])
})

test("calls that come again a day later, after the archive, change nothing", async () => {
  const fault = new Fault("each call again after the archive")
  const key = await world.begin(body)
  const calls: StepCall[] = []
  const end = await execute(world, { bucket, key }, { before: (call) => void calls.push(call) })
  const before = [await world.state(), await world.keys("archive"), await world.keys("processing")]
  const { handlers } = world.start()
  for (const { name, handler, input } of calls) {
    const error = await handlers[handler](input).then(
      () => undefined,
      (thrown: Error) => thrown.name,
    )
    const typed = error === undefined || error === "Rowgate.DELIVERY_ENDED"
    const after = [await world.state(), await world.keys("archive"), await world.keys("processing")]
    const changed = JSON.stringify(after) === JSON.stringify(before) ? [] : ["it changed something"]
    fault.add(name, [...(typed ? [] : [`it threw ${error}`]), ...changed])
  }
  fault.add("all", await brokenEnd(key, [end]))
  expect(fault.end()).toEqual([])
})

test("a function that runs out of time is called again and goes on", async () => {
  const fault = new Fault("time over within each step")
  for (const remainingMs of [2, 5, 10, 20, 30, 50, 80, 120])
    fault.add(
      `${remainingMs} ms`,
      await deliver({
        mostAttempts: 30,
        // A parser whose whole time is not enough for one part gives up.
        contextOf: ({ name, attempt }) => left(attempt === 1 && name !== "parser" ? remainingMs : 60_000),
      }),
    )
  expect(fault.end()).toEqual([])
})

test.each([
  ["by one process after another", false],
  ["by two processes at once", true],
])("an unfinished parse is resumed %s", async (how, hasTwin) => {
  const fault = new Fault(`time over one second before the end: parse resumed ${how}`)
  for (let trial = 1; trial <= 5; trial++) {
    const key = await world.begin(body)
    const start = () => world.start({ partBytes: 1_200 })
    const wrong: string[] = []
    let resumed = 0
    let written = 0
    const begun = Date.now()
    vi.useFakeTimers({ toFake: ["Date"], now: begun })
    // After some parts, the time of the call is over but for one second.
    world.onChange = (command) => {
      const { Key = "" } = (command as { readonly input: { readonly Key?: string } }).input
      if (command?.constructor.name === "PutObjectCommand" && Key.endsWith(".raw") && ++written % trial === 0)
        vi.setSystemTime(Date.now() + 59_000)
    }
    try {
      const end = await execute(
        world,
        { bucket, key },
        {
          start,
          async before({ name, input }) {
            if (name !== "parser" || input["status"] !== "unfinished") return
            resumed++
            if (!hasTwin) return
            const twin = start()
              .handlers.parser(input, left(60_000))
              .catch((error: Error) => void wrong.push(`the other parser: ${error.name}: ${error.message}`))
            if (trial % 2 === 0) await twin
          },
          contextOf: ({ name }) => (name === "parser" ? left(60_000) : undefined),
        },
      )
      vi.useRealTimers()
      const few = resumed === 0 && trial < 4 ? ["the parser was never unfinished"] : []
      fault.add(`every ${trial} parts, resumed ${resumed} times`, [...few, ...wrong, ...(await brokenEnd(key, [end]))])
    } finally {
      vi.useRealTimers()
    }
  }
  expect(fault.end()).toEqual([])
})

test("S3 that fails, cuts or stalls costs only time", async () => {
  const fault = new Fault("S3: 30 % of requests 503, bodies cut, bodies stalled")
  for (let trial = 0; trial < 2; trial++) {
    const key = await world.begin(body)
    const random = randomFrom(100 + trial)
    world.server.refuse = () => (random() < 0.3 ? { status: 503, code: "SlowDown" } : undefined)
    const end = await execute(world, { bucket, key })
    world.server.refuse = undefined
    fault.add(`503, trial ${trial}`, await brokenEnd(key, [end]))
  }
  for (const kind of ["cut", "hang"] as const) {
    const key = await world.begin(body)
    const random = randomFrom(200)
    const end = await execute(
      world,
      { bucket, key },
      {
        start: () => world.start(),
        before() {
          world.server.troubles.length = 0
          if (random() < 0.5) world.server.troubles.push({ kind, afterBytes: Math.floor(random() * 900) })
        },
      },
    )
    world.server.troubles.length = 0
    fault.add(kind, await brokenEnd(key, [end]))
  }
  expect(fault.end()).toEqual([])
})

test("whatever S3 answers to the archive step, the object is in one place at the end", async () => {
  const fault = new Fault("412, 409, 403, 404 and 500 at each request of the archive step")
  const answers = [
    [412, "PreconditionFailed"],
    [409, "ConditionalRequestConflict"],
    [403, "AccessDenied"],
    [404, "NoSuchKey"],
    [500, "InternalError"],
  ] as const
  for (const [status, code] of answers)
    for (const method of ["HEAD", "PUT", "DELETE"])
      for (const times of [1, 100]) {
        const key = await world.begin(body)
        let seen = 0
        const end = await execute(
          world,
          { bucket, key },
          {
            mostAttempts: 3,
            before({ name }) {
              if (name !== "loader archive") return
              world.server.refuse = (asked, url) => {
                if (asked !== method || url.startsWith("/processing") || seen >= times) return undefined
                seen++
                return { status, code }
              }
            },
          },
        )
        world.server.refuse = undefined
        const broken = await brokenAfter(world, { key, body })
        // If S3 says for ever that another object has taken the place of this one, the sweeper delivers it as another one.
        const isLie = method === "DELETE" && times > 1 && [412, 404].includes(status)
        const right = isLie ? broken.filter((each) => !each.startsWith("copies in the archive: 2")) : broken
        fault.add(`${status} for ${times} ${method} (${end.status}: ${end.errors.join()})`, right)
      }
  expect(fault.end()).toEqual([])
})
