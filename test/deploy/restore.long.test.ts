import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import { CopyObjectCommand, CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3"
import pg from "pg"
import { afterAll, describe, expect, onTestFinished, test } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../src/contract/logger.ts"
import { createPipeline } from "../../src/index.ts"
import { archiveKey } from "../../src/lambda/archive/archive-key.ts"
import { createHandlers, type Handlers } from "../../src/lambda.ts"
import { migrate, postgres } from "../../src/postgres.ts"
import { s3Storage } from "../../src/s3.ts"
import { type BroughtBack, bringBack } from "../../tools/bring-back.ts"
import { runSteps } from "../lambda/handlers/run-steps.ts"
import { postgresDatabase } from "../postgres-database.ts"
import { postgresServer } from "../postgres-server.ts"
import { startMemoryS3 } from "../sources/s3/memory-s3.ts"
import { startS3Server } from "../sources/s3/s3-server.ts"

const run = promisify(execFile)
const buckets = { landing: "landing", processing: "processing", archive: "archive" }

/** A backup of a database, from which a new database can be made. */
interface Backup extends AsyncDisposable {
  restore(): Promise<string>
}

/** As a snapshot of RDS and its recovery to a point in time do, this copies the files of the database, so that all objects keep their numbers. */
async function copyOf(url: string): Promise<Backup> {
  const copy = await postgresDatabase()
  await copy.drop()
  await query(url.replace(/[^/]+$/, "postgres"), `CREATE DATABASE ${copy.name} TEMPLATE ${nameOf(url)}`)
  return { restore: async () => copy.url, [Symbol.asyncDispose]: copy.drop }
}

async function dumpOf(url: string): Promise<Backup> {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-dump-"))
  const dump = join(folder, "database.dump")
  await run(join(dumpPrograms, "pg_dump"), ["--format=custom", `--file=${dump}`, url])
  const target = await postgresDatabase(dumpServer?.url)
  return {
    async restore() {
      await run(join(dumpPrograms, "pg_restore"), ["--no-owner", "--exit-on-error", `--dbname=${target.url}`, dump])
      return target.url
    },
    async [Symbol.asyncDispose]() {
      await target.drop()
      await rm(folder, { recursive: true })
    },
  }
}

// The server of the tests comes without pg_dump, and pg_dump refuses servers that are newer. Debian's packages have a server and a pg_dump of one version.
const debian = await debianBinaries()
const dumpPrograms = debian ?? ""
const dumpServer = debian === undefined ? undefined : await postgresServer({ binaries: debian })
afterAll(() => dumpServer?.stop())
const noDump = debian === undefined ? await whyNoDump() : undefined
if (noDump !== undefined) console.log(`skipped: the restore from a dump, because ${noDump}`)

/** The folder of the newest PostgreSQL that Debian has installed with its server. */
async function debianBinaries(): Promise<string | undefined> {
  const root = "/usr/lib/postgresql"
  const versions = (await readdir(root).catch(() => [])).toSorted((one, other) => Number(other) - Number(one))
  return versions
    .map((version) => join(root, version, "bin"))
    .find((folder) => ["initdb", "postgres", "pg_dump", "pg_restore"].every((program) => existsSync(join(folder, program))))
}

/** Why the pg_dump on the path cannot read the server of the tests. */
async function whyNoDump(): Promise<string | undefined> {
  await using database = await postgresDatabase()
  const [row] = await query(database.url, "SHOW server_version")
  const server = Number.parseInt(String(row?.["server_version"]), 10)
  try {
    const { stdout } = await run("pg_dump", ["--version"])
    const client = Number(/\d+/.exec(stdout)?.[0])
    return client >= server ? undefined : `pg_dump ${client} cannot read a server of version ${server}`
  } catch {
    return "pg_dump is not installed"
  }
}

async function query(url: string, sql: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1)
}

const Order = z.object({ id: z.number().int(), amount: z.number() })

/** Three buckets, and the functions with a database. */
class World {
  readonly client: S3Client
  #pool: pg.Pool
  #handlers: Handlers

  constructor(client: S3Client, url: string) {
    this.client = client
    ;({ pool: this.#pool, handlers: this.#handlers } = this.#functions(url))
  }

  #functions(url: string) {
    const pool = new pg.Pool({ connectionString: url })
    // The databases are dropped before the pool ends.
    pool.on("error", () => undefined)
    const orders = createPipeline({ name: "orders" })
      .validate(Order)
      .into(postgres({ pool, table: "orders", mode: "upsert", key: ["id"] }))
    const options = { ...buckets, s3: { client: this.client }, database: pool, logger: silentLogger, metrics: false as const }
    return { pool, handlers: createHandlers(orders, { ...options, partBytes: 20_000, directParts: 1 }) }
  }

  /** Points the functions to another database. */
  async connect(url: string): Promise<void> {
    await this.end()
    ;({ pool: this.#pool, handlers: this.#handlers } = this.#functions(url))
  }

  async end(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end()
  }

  async put(key: string, rows: Iterable<readonly [number, number]>): Promise<void> {
    const body = ["id,amount", ...[...rows].map((row) => row.join(","))].join("\n")
    await this.client.send(new PutObjectCommand({ Bucket: buckets.landing, Key: key, Body: body }))
  }

  /** Does what the state machine does, without the step that archives the file. */
  async load(key: string): Promise<{ readonly status: string; archive(): Promise<void> }> {
    const processing = s3Storage({ bucket: buckets.processing, client: this.client })
    const { output } = await runSteps(this.#handlers, { bucket: buckets.landing, key }, { processing })
    if (output === undefined) throw new Error(`${key} was ignored`)
    return {
      status: output.status,
      archive: async () => void (await this.#handlers.loader({ step: "archive", manifest: output.manifest })),
    }
  }

  async deliver(key: string): Promise<string> {
    const { status, archive } = await this.load(key)
    await archive()
    return status
  }

  async sweep(): Promise<unknown> {
    return await this.#handlers.sweeper({})
  }

  async keys(bucket: string, prefix = ""): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const { key } of s3Storage({ bucket, client: this.client }).list(prefix)) keys.push(key)
    return keys
  }

  async move(from: readonly [string, string], to: readonly [string, string]): Promise<void> {
    await this.client.send(new CopyObjectCommand({ CopySource: from.join("/"), Bucket: to[0], Key: to[1] }))
    await this.client.send(new DeleteObjectCommand({ Bucket: from[0], Key: from[1] }))
  }

  async rows(): Promise<ReadonlyMap<number, number>> {
    const { rows } = await this.#pool.query("SELECT id, amount FROM orders ORDER BY id")
    return new Map(rows.map(({ id, amount }) => [id, amount]))
  }

  /** How often the ledger has loaded each content. */
  async loads(): Promise<readonly number[]> {
    const { rows } = await this.#pool.query(
      "SELECT count(*)::int AS n FROM rowgate.run WHERE status = 'committed' GROUP BY sha256 ORDER BY 1",
    )
    return rows.map(({ n }) => n)
  }

  async openFollowUps(): Promise<number> {
    const { rows } = await this.#pool.query("SELECT count(*)::int AS n FROM rowgate.outbox WHERE done_at IS NULL")
    return rows[0].n
  }

  /** Brings files back as the guide says, while the rule delivers what arrives. Returns what came back, and what became of it. */
  async bringBack(since: Date): Promise<{ readonly files: readonly BroughtBack[]; readonly statuses: readonly string[] }> {
    const statuses: string[] = []
    const stop = new AbortController()
    const rule = (async () => {
      while (!stop.signal.aborted) {
        for (const key of await this.keys(buckets.landing)) statuses.push(await this.deliver(key))
        await sleep(10)
      }
    })()
    const files: BroughtBack[] = []
    try {
      const { landing, archive } = buckets
      for await (const file of bringBack({
        s3: { client: this.client },
        landing,
        archive,
        pipeline: "orders",
        since,
        pollMs: 10,
        waitMs: 30_000,
      }))
        files.push(file)
    } finally {
      stop.abort()
      await rule
    }
    return { files, statuses }
  }
}

function* ordersOf(first: number, count: number, amount: number): Generator<[number, number]> {
  for (let id = first; id < first + count; id++) yield [id, amount]
}

const storages = {
  "a bucket with versions": async () => await startMemoryS3({ versions: true }),
  "a bucket without versions": async () => {
    const server = await startS3Server()
    return server
  },
}
const backups: { readonly [how: string]: { readonly server?: string | undefined; takeBackup(url: string): Promise<Backup> } } = {
  "a copy of its files": { takeBackup: copyOf },
  ...(noDump === undefined ? { "a dump": { server: dumpServer?.url, takeBackup: dumpOf } } : {}),
}

async function startWorld(storage: keyof typeof storages, postgres?: string) {
  const server = await storages[storage]()
  for (const Bucket of [buckets.processing, buckets.archive]) await server.client.send(new CreateBucketCommand({ Bucket }))
  const database = await postgresDatabase(postgres)
  await query(database.url, "CREATE TABLE orders (id int PRIMARY KEY, amount float8 NOT NULL)")
  const pool = new pg.Pool({ connectionString: database.url })
  await migrate(pool)
  await pool.end()
  const world = new World(server.client, database.url)
  onTestFinished(async () => {
    await world.end()
    await database.drop()
    await server[Symbol.asyncDispose]()
  })
  return { world, database }
}

/** S3 counts whole seconds, so what follows is archived in a later one. */
async function nextSecond(): Promise<Date> {
  const now = new Date()
  await sleep(1_000 - now.getMilliseconds())
  return now
}

describe.each(Object.entries(backups))("a database restored from %s", (_how, { server, takeBackup }) => {
  test.each(Object.keys(storages) as (keyof typeof storages)[])("has all rows once after the files came back, with %s", async (storage) => {
    const { world, database } = await startWorld(storage, server)
    await world.put("in/orders.csv", ordersOf(0, 9_000, 1))
    expect(await world.deliver("in/orders.csv")).toBe("loaded")
    // S3 does not tell apart what was archived within the second of the backup.
    await nextSecond()
    // This file is loaded before the backup, and archived after it.
    await world.put("in/late.csv", ordersOf(20_000, 50, 2))
    const late = await world.load("in/late.csv")
    await world.end()
    await using backup = await takeBackup(database.url)
    const since = await nextSecond()
    await world.connect(database.url)
    await late.archive()
    await nextSecond()

    await world.put("in/more orders.csv", ordersOf(8_500, 1_000, 3))
    expect(await world.deliver("in/more orders.csv")).toBe("loaded")
    await nextSecond()
    await world.put("in/orders.csv", ordersOf(0, 100, 4))
    expect(await world.deliver("in/orders.csv")).toBe("loaded")
    const before = await world.rows()
    expect(before.size).toBe(9_550)

    await world.connect(await backup.restore())
    expect((await world.rows()).size).toBe(9_050)
    // The ledger still wants to archive a file that is in the archive.
    expect(await world.sweep()).toMatchObject({ started: 0, followedUp: 1, followUpsFailed: 0 })
    const { files, statuses } = await world.bringBack(since)
    expect(files.map(({ key, status }) => [key, status])).toEqual([
      ["in/late.csv", "delivered"],
      ["in/more orders.csv", "delivered"],
      ["in/orders.csv", "delivered"],
    ])
    expect(statuses).toEqual(["duplicate", "loaded", "loaded"])
    expect(await world.rows()).toEqual(before)
    expect(await world.loads()).toEqual([1, 1, 1, 1])

    // Once more changes nothing, and nor does the sweeper.
    expect((await world.bringBack(since)).statuses.filter((status) => status !== "duplicate")).toEqual([])
    expect(await world.sweep()).toMatchObject({ started: 0, poisoned: 0, followUpsFailed: 0, failures: { count: 0 } })
    expect(await world.openFollowUps()).toBe(0)
    expect(await world.rows()).toEqual(before)
    expect(await world.loads()).toEqual([1, 1, 1, 1])
    expect(await world.keys(buckets.landing)).toEqual([])
    expect(await world.keys(buckets.processing, "orders/")).toEqual([])
  })

  test.each(Object.keys(storages) as (keyof typeof storages)[])(
    "loads a waiting file after the one that it replaces, with %s",
    async (storage) => {
      const { world, database } = await startWorld(storage, server)
      await world.end()
      await using backup = await takeBackup(database.url)
      const since = await nextSecond()
      await world.connect(database.url)
      await world.put("in/orders.csv", ordersOf(0, 100, 1))
      expect(await world.deliver("in/orders.csv")).toBe("loaded")

      // The database is gone; its restored copy does not know the file, and the next version arrives meanwhile.
      await world.connect(await backup.restore())
      await world.put("in/orders.csv", ordersOf(0, 10, 2))
      const { landing, archive } = buckets
      const refused = bringBack({ s3: { client: world.client }, landing, archive, pipeline: "orders", since }).next()
      await expect(refused).rejects.toThrow("Move it aside first")

      await world.move([landing, "in/orders.csv"], [archive, "held/in/orders.csv"])
      expect((await world.bringBack(since)).statuses).toEqual(["loaded"])
      await world.move([archive, "held/in/orders.csv"], [landing, "in/orders.csv"])
      expect(await world.deliver("in/orders.csv")).toBe("loaded")
      expect(await world.rows()).toEqual(new Map([...ordersOf(0, 10, 2), ...ordersOf(10, 90, 1)]))
      expect(await world.keys(landing)).toEqual([])
    },
  )
})

/** The archive of a world, without a database. */
async function startArchive(names: readonly string[]) {
  const server = await startS3Server()
  onTestFinished(() => server[Symbol.asyncDispose]())
  await server.client.send(new CreateBucketCommand({ Bucket: buckets.archive }))
  await nextSecond()
  for (const name of names)
    await server.client.send(new PutObjectCommand({ Bucket: buckets.archive, Key: `loaded/orders/${name}`, Body: "id\n1\n" }))
  const { landing, archive } = buckets
  const options = { s3: { client: server.client }, landing, archive, pipeline: "orders", since: new Date("2026-11-30") }
  return async (more: { readonly list?: boolean } = {}) => {
    const files: BroughtBack[] = []
    for await (const file of bringBack({ ...options, ...more })) files.push(file)
    return files.map(({ key, status }) => `${status} ${key}`).toSorted()
  }
}

test("files are listed without what stands beside them", async () => {
  const names = ["reload/b.csv", "reload/b.csv.report.json", "in/~../c.csv", "in/~../c.csv.rejects.ndjson"]
  const files = await startArchive(names.map((name) => `2026/11/30/5f6c/${name}`))
  expect(await files({ list: true })).toEqual(["listed in/../c.csv", "listed reload/b.csv"])
})

test("a file that was committed after midnight by a transaction of the day before is found", async () => {
  const files = await startArchive(["2026/11/28/5f6c/in/earlier.csv", "2026/11/29/5f6c/in/late.csv"])
  expect(await files({ list: true })).toEqual(["listed in/late.csv"])
})

test("corrections and reloads are left to you, because they need more than their bytes", async () => {
  const files = await startArchive(["2026/11/30/5f6c/corrections/5f6c/a.csv", "2026/11/30/5f6c/reload/b.csv"])
  expect(await files()).toEqual(["by hand corrections/5f6c/a.csv", "by hand reload/b.csv"])
})

test("versions of a file that were archived in the same second are left to you, because nothing tells which was first", async () => {
  const files = await startArchive(["2026/11/30/5f6c/in/a.csv", "2026/11/30/91ab/in/a.csv"])
  expect(await files()).toEqual(["by hand in/a.csv", "by hand in/a.csv"])
})

test("a file whose key was too long for the archive is left to you", async () => {
  const at = { outcome: "loaded", pipeline: "orders", at: new Date("2026-11-30"), deliveryId: "5f6c" } as const
  const key = archiveKey({ ...at, key: `in/${"long/".repeat(200)}a.csv` })
  const files = await startArchive([key.replace("loaded/orders/", "")])
  expect(await files()).toEqual([expect.stringMatching(/^by hand [0-9a-f]{32}~.*a\.csv$/)])
})

test("a file that is never delivered stops the work", async () => {
  const { world } = await startWorld("a bucket without versions")
  const archived = "loaded/orders/2026/11/30/5f6c2a1e-0000-4000-8000-000000000000/in/a.csv"
  await world.client.send(new PutObjectCommand({ Bucket: buckets.archive, Key: archived, Body: "id\n1\n" }))
  const { landing, archive } = buckets
  const since = new Date("2026-11-30")
  const stuck = bringBack({ s3: { client: world.client }, landing, archive, pipeline: "orders", since, pollMs: 5, waitMs: 50 })
  await expect(stuck.next()).rejects.toThrow("in/a.csv is still in landing.")
})
