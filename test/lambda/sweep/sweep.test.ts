import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { Storage } from "../../../src/contract/storage.ts"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import { sweep } from "../../../src/lambda/sweep/sweep.ts"
import type { SweepLedger, SweptFile, SweptState } from "../../../src/lambda/sweep/sweep-ledger.ts"
import type { SweepOptions, SweptObject } from "../../../src/lambda/sweep/sweep-options.ts"
import { fileId } from "../../../src/lambda/sweep/tries.ts"
import type { S3ClientLike } from "../../../src/sources/s3/s3-options.ts"
import { s3Storage } from "../../../src/sources/s3/s3-storage.ts"
import { type MemoryStorage, memoryStorage } from "../../memory-storage.ts"
import { type MemoryS3, startMemoryS3 } from "../../sources/s3/memory-s3.ts"

const minute = 60_000
const hour = 60 * minute
const bucket = "landing"

/** A ledger in memory. Follow-ups are functions. */
class MemoryLedger implements SweepLedger<() => Promise<void>> {
  readonly known = new Map<string, SweptState>()
  readonly failures: { uri: string; reason: string }[] = []
  readonly asked: number[] = []
  open: (() => Promise<void>)[] = []
  lost = 0

  know({ uri, version }: SweptFile, state: Partial<SweptState>): void {
    this.known.set(`${uri} ${version}`, { openFollowUps: 0, ...state })
  }

  async states(files: readonly SweptFile[]): Promise<readonly SweptState[]> {
    this.asked.push(files.length)
    return files.map(({ uri, version }) => this.known.get(`${uri} ${version}`) ?? { openFollowUps: 0 })
  }

  async failLostRuns(): Promise<number> {
    return this.lost
  }

  async takeFollowUps(limit: number): Promise<readonly (() => Promise<void>)[]> {
    return this.open.splice(0, limit)
  }

  async dropStaging(): Promise<number> {
    return 0
  }

  async lastFailure(): Promise<string | undefined> {
    return "The sheet is empty."
  }

  async recordFailure({ uri }: SweptFile, reason: string): Promise<void> {
    this.failures.push({ uri, reason })
  }
}

interface World {
  readonly ledger: MemoryLedger
  readonly processing: MemoryStorage
  readonly started: SweptObject[]
  /** Moves the clock of the sweeps and of the processing storage. */
  later(ms: number): void
  sweep(more?: Partial<SweepOptions<() => Promise<void>>>): ReturnType<typeof sweep>
}

function world(s3: MemoryS3, client: S3ClientLike = s3.client): World {
  const ledger = new MemoryLedger()
  // The server has the real time, so the clock begins after the grace time of what was just put there.
  let now = new Date(Date.now() + 16 * minute)
  const processing = memoryStorage(() => now)
  const started: SweptObject[] = []
  return {
    ledger,
    processing,
    started,
    later: (ms) => {
      now = new Date(now.getTime() + ms)
    },
    sweep: (more = {}) =>
      sweep({
        pipeline: "orders",
        landing: [{ bucket, storage: s3Storage({ bucket, client }) }],
        processing: {
          storage: processing,
          folder: "orders/",
          folderOf: (object) => `orders/${fileId(object)}/`,
          fileOf: async (folder) => JSON.parse(String(processing.objects.get(`${folder}r0/manifest.json`)?.bytes ?? "null")) ?? undefined,
        },
        archive: { bucket: "archive", s3: { client } },
        ledger,
        start: async (object) => {
          started.push(object)
          return "started"
        },
        followUp: (work) => work(),
        now,
        ...more,
      }),
  }
}

async function put(s3: MemoryS3, key: string, body = key): Promise<SweptFile> {
  const { VersionId, ETag } = await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body) }))
  return { uri: `s3://${bucket}/${key}`, version: VersionId ?? ETag?.replaceAll('"', "") }
}

async function keysIn(s3: MemoryS3, name: string): Promise<string[]> {
  const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket: name }))
  return Contents.map(({ Key = "" }) => decodeURIComponent(Key))
}

describe.each([false, true])("with versions: %s", (versions) => {
  let s3: MemoryS3
  beforeAll(async () => {
    s3 = await startMemoryS3({ versions })
  })
  afterAll(() => s3[Symbol.asyncDispose]())
  beforeEach(() => s3.objects.clear())

  test("objects that nobody is at work on are started, others are left alone", async () => {
    const here = world(s3)
    const lost = await put(s3, "lost event.csv")
    const failed = await put(s3, "failed.csv")
    const stayed = await put(s3, "loaded but still there.csv")
    here.ledger.know(failed, { status: "failed" })
    here.ledger.know(stayed, { status: "committed" })
    here.ledger.know(await put(s3, "running.csv"), { status: "running" })
    here.ledger.know(await put(s3, "archive soon.csv"), { status: "committed", openFollowUps: 1 })
    const busy = await put(s3, "being parsed.csv")
    await here.processing.write(`orders/${fileId(busy)}/r0/w/000001.raw`, [Buffer.from("x")])
    await put(s3, "folder/", "")
    const report = await here.sweep()
    expect(here.started.map(({ uri, version }) => ({ uri, version }))).toEqual([failed, stayed, lost])
    expect(here.started[0]).toMatchObject({ bucket, key: "failed.csv", size: 10, etag: expect.stringMatching(/^[0-9a-f]{32}$/) })
    expect(report).toMatchObject({ finished: true, seen: 6, found: 3, started: 3, poisoned: 0, failures: { count: 0, first: [] } })
  })

  test("young objects are left to their events", async () => {
    const here = world(s3)
    await put(s3, "young.csv")
    expect(await here.sweep({ graceMs: hour })).toMatchObject({ seen: 0, started: 0 })
  })

  test("an object is tried again after the retry time, and moved to the archive as failed after the last try", async () => {
    const here = world(s3)
    const file = await put(s3, "in/bad file.csv")
    for (let sweeps = 0; sweeps < 12; sweeps++) {
      await here.sweep()
      here.later(20 * minute)
    }
    expect(here.started).toHaveLength(3)
    expect(await keysIn(s3, bucket)).toEqual([])
    const archived = await keysIn(s3, "archive")
    expect(archived).toEqual([
      expect.stringMatching(/^failed\/orders\/\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}\/in\/bad file\.csv$/),
      expect.stringMatching(/bad file\.csv\.reason\.json$/),
    ])
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: "archive", Key: archived[1] }))
    expect(JSON.parse((await Body?.transformToString()) ?? "")).toMatchObject({
      ...file,
      tries: 3,
      reason: "The delivery was started 3 times and did not end. The last error: The sheet is empty.",
    })
    expect(here.ledger.failures).toEqual([{ uri: file.uri, reason: expect.stringContaining("3 times") }])
    expect([...here.processing.objects.keys()]).toEqual([])
  })

  test("moving a failed object to the archive can be interrupted anywhere", async () => {
    let calls = 0
    for (let dies = Number.POSITIVE_INFINITY; dies > 0; dies = dies === Number.POSITIVE_INFINITY ? calls : dies - 1) {
      s3.objects.clear()
      await put(s3, "bad.csv")
      calls = 0
      const death = new DOMException("killed", "AbortError")
      const here = world(s3, {
        async send(command, options) {
          if (++calls > dies) throw death
          return s3.client.send(command as never, options)
        },
      })
      const dying = dies
      dies = Number.POSITIVE_INFINITY
      for (let tried = 0; tried < 3; tried++, here.later(2 * hour)) await here.sweep()
      calls = 0
      dies = dying
      await here.sweep().catch(() => undefined)
      const places = async () => [...(await keysIn(s3, bucket)), ...(await keysIn(s3, "archive"))].filter((key) => key.endsWith("bad.csv"))
      expect((await places()).length, `killed after request ${dies}`).toBeGreaterThan(0)
      if (dies === Number.POSITIVE_INFINITY) continue
      const died = dies
      dies = Number.POSITIVE_INFINITY
      here.later(2 * hour)
      await here.sweep()
      dies = died
      expect(await keysIn(s3, bucket), `killed after request ${dies}`).toEqual([])
      expect(await places()).toEqual([expect.stringMatching(/^failed\/.*bad\.csv$/)])
    }
    expect(calls).toBeGreaterThan(5)
  })

  test("a delivery that is at work already does not count as a try", async () => {
    const here = world(s3)
    await put(s3, "slow.csv")
    for (let sweeps = 0; sweeps < 5; sweeps++, here.later(2 * hour))
      expect(await here.sweep({ start: async () => "running" })).toMatchObject({ found: 0, started: 0, poisoned: 0 })
    expect(await keysIn(s3, bucket)).toEqual(["slow.csv"])
  })

  test("a delivery that fails within its start counts as a try, and does not stop the sweep", async () => {
    const here = world(s3)
    await put(s3, "a.csv")
    await put(s3, "b.csv")
    const failure = new RowgateError({ code: "SOURCE_UNREADABLE", message: "No." })
    const start = async ({ key }: SweptObject) => (key === "a.csv" ? { failure } : ("started" as const))
    expect(await here.sweep({ start })).toMatchObject({
      found: 2,
      started: 1,
      failures: { count: 1, first: [{ subject: `s3://${bucket}/a.csv`, code: "SOURCE_UNREADABLE", message: "No." }] },
    })
    here.later(30 * minute)
    expect(await here.sweep()).toMatchObject({ started: 0 })
  })

  test("a delivery that could not be started keeps all its tries, however long that lasts", async () => {
    const here = world(s3)
    await put(s3, "a.csv")
    await put(s3, "b.csv")
    const start = async ({ key }: SweptObject) => {
      if (key === "a.csv") throw new Error("Step Functions is away.")
      return "started" as const
    }
    for (let sweeps = 0; sweeps < 10; sweeps++, here.later(2 * hour)) {
      const { found, failures } = await here.sweep({ start })
      if (sweeps === 0)
        expect({ found, failures: failures.first }).toEqual({
          found: 2,
          failures: [{ subject: `s3://${bucket}/a.csv`, message: "Step Functions is away." }],
        })
    }
    expect(await keysIn(s3, bucket)).toEqual(["a.csv"])
    expect(await here.sweep()).toMatchObject({ started: 1, failures: { count: 0 } })
    expect(here.started.map(({ key }) => key)).toEqual(["a.csv"])
  })

  test("several sweeps at once start an object once", async () => {
    const here = world(s3)
    for (const key of ["a", "b", "c"]) await put(s3, key)
    await Promise.all([here.sweep(), here.sweep(), here.sweep()])
    expect(here.started.map(({ key }) => key).sort()).toEqual(["a", "b", "c"])
  })
})

describe("on storages in memory", () => {
  let s3: MemoryS3
  beforeAll(async () => {
    s3 = await startMemoryS3()
  })
  afterAll(() => s3[Symbol.asyncDispose]())

  test("open follow-ups are done, and one that fails does not stop the others", async () => {
    const here = world(s3)
    let done = 0
    here.ledger.open = Array.from({ length: 25 }, (_, at) => async () => {
      if (at === 3) throw new Error("The archive is full.")
      done++
    })
    here.ledger.lost = 2
    expect(await here.sweep()).toMatchObject({ followedUp: 24, followUpsFailed: 1, lostRuns: 2, failures: { count: 1 } })
    expect(done).toBe(24)
  })

  test("a ledger that cannot be asked for lost runs does not keep follow-ups from being done", async () => {
    const here = world(s3)
    here.ledger.open = [async () => undefined]
    here.ledger.failLostRuns = async () => {
      throw new RowgateError({ code: "SINK_REFUSED", message: "Not allowed." })
    }
    expect(await here.sweep()).toMatchObject({
      followedUp: 1,
      failures: { count: 1, first: [{ subject: "lost runs", code: "SINK_REFUSED" }] },
    })
  })

  /** Fills the folder of a delivery in the processing storage. */
  async function leave(here: World, file: SweptFile): Promise<string> {
    const folder = `orders/${fileId(file)}/`
    for (const part of [1, 2, 3]) await here.processing.write(`${folder}r0/w/00000${part}.raw`, [Buffer.from("x")])
    await here.processing.write(`${folder}r0/manifest.json`, [Buffer.from(JSON.stringify(file))])
    return folder
  }

  test("what deliveries left behind is removed after a day, unless somebody needs it", async () => {
    const here = world(s3)
    const file = (name: string): SweptFile => ({ uri: `s3://${bucket}/${name}`, version: "1" })
    const over = await leave(here, file("over"))
    here.ledger.know(file("over"), { status: "committed" })
    const abandoned = await leave(here, file("abandoned"))
    const running = await leave(here, file("running"))
    here.ledger.know(file("running"), { status: "running" })
    const unarchived = await leave(here, file("unarchived"))
    here.ledger.know(file("unarchived"), { status: "committed", openFollowUps: 1 })
    const orphan = "orders/0000/"
    await here.processing.write(`${orphan}r0/w/000001.raw`, [Buffer.from("x")])
    await here.processing.write("other/0000/r0/manifest.json", [Buffer.from("{}")])
    here.later(23 * hour)
    const young = await leave(here, file("young"))
    expect(await here.sweep()).toMatchObject({ cleanedDeliveries: 0, cleanedObjects: 0 })
    here.later(2 * hour)
    expect(await here.sweep()).toMatchObject({ cleanedDeliveries: 3, cleanedObjects: 9 })
    const left = new Set([...here.processing.objects.keys()].map((key) => key.split("/").slice(0, 2).join("/")))
    expect([...left].sort()).toEqual(
      [running, unarchived, young]
        .map((folder) => folder.slice(0, -1))
        .concat("other/0000")
        .sort(),
    )
    expect([...here.processing.objects.keys()].some((key) => key.startsWith(over) || key.startsWith(abandoned))).toBe(false)
  })

  test("the manifest is removed first, so that nobody finds a delivery without its parts", async () => {
    const here = world(s3)
    const folder = await leave(here, { uri: "s3://landing/x", version: "1" })
    const removed: string[] = []
    const storage: Storage = {
      ...here.processing,
      remove: async (key) => {
        removed.push(key)
        if (removed.length === 2) throw new RowgateError({ code: "STORAGE_UNWRITABLE", message: "No." })
        await here.processing.remove(key)
      },
    }
    here.later(25 * hour)
    const processing = { storage, folder: "orders/", folderOf: () => "orders/none/", fileOf: async () => undefined }
    expect(await here.sweep({ processing })).toMatchObject({ cleanedDeliveries: 0, failures: { count: 1, first: [{ subject: folder }] } })
    expect(removed[0]).toBe(`${folder}r0/manifest.json`)
    expect(await here.sweep()).toMatchObject({ cleanedDeliveries: 1 })
  })

  test("a folder in which somebody begins to work again meanwhile is left alone", async () => {
    const here = world(s3)
    const folder = await leave(here, { uri: "s3://landing/x", version: "1" })
    here.later(25 * hour)
    const fileOf = async () => {
      await here.processing.write(`${folder}r0/manifest.json`, [Buffer.from("{}")])
      return undefined
    }
    await here.sweep({ processing: { storage: here.processing, folder: "orders/", folderOf: () => "orders/none/", fileOf } })
    expect([...here.processing.objects.keys()].filter((key) => key.startsWith(folder))).toHaveLength(4)
  })

  test("a sweep that runs out of time is continued by the next ones, in bounded batches, until every object was seen", async () => {
    const here = world(s3)
    const landing = memoryStorage(() => new Date(0))
    for (let at = 0; at < 2_500; at++) await landing.write(`in/${String(at).padStart(5, "0")}.csv`, [Buffer.from(String(at))])
    for (let at = 0; at < 300; at++) await leave(here, { uri: `s3://${bucket}/old/${at}`, version: "1" })
    here.later(25 * hour)
    let sweeps = 0
    for (let finished = false; !finished; sweeps++) {
      let calls = 0
      // Time for about 400 questions.
      const remainingMs = () => (calls++ < 400 ? 60_000 : 1_000)
      finished = (await here.sweep({ landing: [{ bucket, storage: landing }], remainingMs, maxStarts: 10_000 })).finished
      expect(sweeps).toBeLessThan(30)
    }
    expect(sweeps).toBeGreaterThan(4)
    expect(new Set(here.started.map(({ key }) => key)).size).toBe(2_500)
    expect(here.started).toHaveLength(2_500)
    expect(Math.max(...here.ledger.asked)).toBeLessThanOrEqual(200)
    expect([...here.processing.objects.keys()].filter((key) => key.startsWith("orders/"))).toEqual([])
    expect(here.processing.objects.has(".sweep/orders/position.json")).toBe(false)
  })

  test("no more objects are started at once than allowed, and the next sweep goes on with the others", async () => {
    const here = world(s3)
    const landing = memoryStorage(() => new Date(0))
    for (let at = 0; at < 1_000; at++) await landing.write(`${String(at).padStart(4, "0")}`, [Buffer.from("x")])
    const counts: number[] = []
    for (let sweeps = 0; sweeps < 5; sweeps++)
      counts.push((await here.sweep({ landing: [{ bucket, storage: landing }], maxStarts: 400 })).started)
    expect(Math.max(...counts)).toBe(400)
    expect(counts.reduce((sum, count) => sum + count)).toBe(1_000)
    expect(new Set(here.started.map(({ key }) => key)).size).toBe(1_000)
  })

  test("a position that cannot be read makes the sweep begin again", async () => {
    const here = world(s3)
    await here.processing.write(".sweep/orders/position.json", [Buffer.from("{")])
    expect(await here.sweep()).toMatchObject({ finished: true })
  })

  test.each([
    ["the archive", { archive: { bucket, prefix: "in/archive/" } }],
    ["the processing storage", {}],
  ])("%s inside of a landing place is refused", async (_, more) => {
    const here = world(s3)
    const storage = { ...here.processing, name: `s3://${bucket}/in/processing/` }
    const processing = { storage, folder: "orders/", folderOf: () => "orders/x/", fileOf: async () => undefined }
    const landing = [{ bucket, prefix: "in/", storage: memoryStorage() }]
    await expect(here.sweep({ landing, processing, ...more })).rejects.toMatchObject({ code: "CONFIG_INVALID" })
  })

  test("unknown options are refused", async () => {
    await expect(world(s3).sweep({ maxTrys: 3 } as never)).rejects.toThrow("maxTries")
  })
})
