import { createHash } from "node:crypto"
import { CreateBucketCommand, DeleteObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3"
import pg from "pg"
import { z } from "zod"
import { silentLogger } from "../../../src/contract/logger.ts"
import { cell, check, createPipeline, csv, type LoadPipeline } from "../../../src/index.ts"
import { createHandlers, type Handlers } from "../../../src/lambda/handlers/create-handlers.ts"
import type { HandlerOptions } from "../../../src/lambda/handlers/handler-options.ts"
import type { PostgresPool } from "../../../src/postgres/connection/postgres-pool.ts"
import type { UrlOptions } from "../../../src/postgres/postgres-options.ts"
import { postgres } from "../../../src/postgres.ts"
import { s3, s3Storage } from "../../../src/s3.ts"
import type { S3ClientLike } from "../../../src/sources/s3/s3-options.ts"
import type { LedgerDatabase } from "../../ledger-database.ts"
import { bucket, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"
import { MortalProcess } from "./mortal-process.ts"

const Order = z.object({ id: z.number().int(), email: z.email(), amount: z.string() })

/** How many rows of a file pass, and how they look in the target and in the ledger. */
export interface Oracle {
  readonly rows: string
  readonly rejects: string
  readonly counts: string
  readonly score: string
  readonly status: string
}

export interface WorldOptions {
  /** The most parts that are loaded without staging them. */
  readonly directParts?: number
  /** The least score for validity. Default: 10. */
  readonly minimum?: number
  /** Milliseconds without a heartbeat after which a load counts as lost. Default: that of `postgres()`. */
  readonly staleMs?: number
}

/** A process with the functions in it. */
export interface Functions {
  readonly process: MortalProcess
  readonly handlers: Handlers
}

/** A landing bucket, a processing bucket, an archive, and a database with a ledger and a target. */
export class FaultWorld implements AsyncDisposable {
  readonly server: S3Server
  readonly database: LedgerDatabase
  readonly options: WorldOptions
  readonly #oracles = new Map<string, Oracle>()
  readonly #processes: MortalProcess[] = []
  /** What was wrong at some instant. */
  readonly wrong: string[] = []
  /** The object whose bytes must not be lost: its key, and its etag. */
  guarded: { readonly key: string; readonly etag: string } | undefined
  /** Called after each call of S3 that has taken effect. */
  onChange: ((command: object | undefined) => void) | undefined
  readonly #client: S3Client
  #number = 0

  private constructor(server: S3Server, database: LedgerDatabase, options: WorldOptions) {
    this.server = server
    this.database = database
    this.options = options
    const { endpoint } = server
    const credentials = { accessKeyId: "test", secretAccessKey: "test" }
    // The functions try again by themselves, which is enough for a test.
    this.#client = new S3Client({
      endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials,
      maxAttempts: 1,
      responseChecksumValidation: "WHEN_REQUIRED",
    })
  }

  static async create(database: LedgerDatabase, options: WorldOptions = {}): Promise<FaultWorld> {
    const server = await startS3Server()
    for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
    const world = new FaultWorld(server, database, options)
    await database.pool.query("CREATE TABLE orders (id integer PRIMARY KEY, email text NOT NULL, amount numeric(6,2))")
    return world
  }

  get processing() {
    return this.storage("processing")
  }

  storage(name: string) {
    return s3Storage({ bucket: name, client: this.server.client })
  }

  /** An empty world, and a new key for an object. */
  async begin(body?: string): Promise<string> {
    this.wrong.length = 0
    this.server.refuse = undefined
    this.server.troubles.length = 0
    this.guarded = undefined
    this.onChange = undefined
    await this.#empty()
    const key = `in/orders-${++this.#number}.csv`
    if (body !== undefined) await this.deliver(key, body)
    return key
  }

  /** Puts a file in the landing bucket, and watches from now on that it is not lost. */
  async deliver(key: string, body: string): Promise<void> {
    this.guarded = undefined
    await this.server.put(key, body)
    this.guarded = { key, etag: `"${createHash("md5").update(body).digest("hex")}"` }
  }

  async #empty(): Promise<void> {
    await this.database.clear()
    await this.database.pool.query("TRUNCATE orders, rowgate.staging CASCADE")
    const { rows } = await this.database.pool.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'rowgate'::regnamespace AND relkind = 'r' AND relname LIKE 'stage\\_%'",
    )
    for (const { relname } of rows) await this.database.pool.query(`DROP TABLE rowgate.${relname}`)
    for (const name of [bucket, "archive", "processing"]) for (const key of await this.keys(name)) await this.remove(name, key)
  }

  async remove(name: string, key: string): Promise<void> {
    await this.server.client.send(new DeleteObjectCommand({ Bucket: name, Key: key }))
  }

  pipeline(connection: PostgresPool | Pick<UrlOptions, "url">): LoadPipeline<unknown> {
    const to = "url" in connection ? connection : { pool: connection }
    return createPipeline({ name: "orders", batchRows: 20 })
      .parse(csv())
      .normalize({ columns: { amount: cell.decimal() } })
      .validate(Order)
      .check(check.unique("id"))
      .score({ minimum: { validity: this.options.minimum ?? 10 } })
      .into(
        postgres({ ...to, table: "orders", staleMs: this.options.staleMs, heartbeatMs: this.options.staleMs && this.options.staleMs / 5 }),
      ) as unknown as LoadPipeline<unknown>
  }

  /** Options of the functions of a process. */
  place(client: S3ClientLike, database: PostgresPool): HandlerOptions {
    const { directParts = 100 } = this.options
    return {
      landing: { bucket, prefix: "in/" },
      processing: "processing",
      archive: "archive",
      s3: { client, idleTimeoutMs: 1_000 },
      database,
      logger: silentLogger,
      metrics: false,
      partBytes: 2_600,
      directParts,
    }
  }

  /** Starts a process: nothing of earlier ones is in its memory. */
  start(
    options: HandlerOptions = {},
    change: (pipeline: LoadPipeline<unknown>) => LoadPipeline<unknown> = (pipeline) => pipeline,
  ): Functions {
    const pool = new pg.Pool({ connectionString: this.database.url, max: 4 })
    const process = new MortalProcess(this.#client, pool, (_name, command) => this.#watch(command))
    this.#processes.push(process)
    const handlers = createHandlers(change(this.pipeline(process.pool)) as never, { ...this.place(process.s3, process.pool), ...options })
    return { process, handlers }
  }

  /** What one process makes of a file, without parts. Call `learn` before. */
  oracleOf(body: string): Oracle {
    const oracle = this.#oracles.get(body)
    if (oracle === undefined) throw new Error("the oracle of the file is not known")
    return oracle
  }

  /** Loads a file in one process, without parts, and keeps what that makes of it. */
  async learn(body: string): Promise<Oracle> {
    await this.#empty()
    await this.server.put("oracle.csv", body)
    await this.pipeline(this.database.pool).run({ source: s3({ bucket, key: "oracle.csv", client: this.server.client }) })
    const oracle = await this.state()
    this.#oracles.set(body, oracle)
    await this.#empty()
    return oracle
  }

  /** What is in the database. */
  async state(): Promise<Oracle> {
    const one = async (sql: string) => JSON.stringify((await this.database.pool.query(sql)).rows.map((row) => Object.values(row)))
    const ended = "status IN ('committed', 'refused')"
    return {
      rows: await one("SELECT id, email, amount::text FROM orders ORDER BY id, email, amount"),
      rejects: await one(
        `SELECT row_number, line_number, byte_offset, raw::text, issues::text FROM rowgate.reject JOIN rowgate.run r ON r.id = run_id
         WHERE ${ended} ORDER BY row_number, reject`,
      ),
      counts: await one(`SELECT read, loaded, rejected, filtered, superseded, skipped, withheld FROM rowgate.run WHERE ${ended}`),
      score: await one(`SELECT scorecard::text FROM rowgate.quality_score JOIN rowgate.run r ON r.id = run_id WHERE ${ended}`),
      status: await one(`SELECT status FROM rowgate.run WHERE ${ended}`),
    }
  }

  async keys(name: string, below = ""): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const { key } of this.storage(name).list(below)) keys.push(key)
    return keys
  }

  /** The copies of an object in the archive. */
  async copies(key: string): Promise<readonly string[]> {
    return (await this.keys("archive")).filter((each) => each.endsWith(`/${key}`))
  }

  async etag(name: string, key: string): Promise<string | undefined> {
    try {
      return (await this.server.client.send(new HeadObjectCommand({ Bucket: name, Key: key }))).ETag
    } catch (error) {
      if (error instanceof Error && error.name === "NotFound") return undefined
      throw error
    }
  }

  /** After each change in the landing bucket or in the archive: the bytes are in one of them. */
  async #watch(command: object | undefined): Promise<void> {
    this.onChange?.(command)
    const { guarded } = this
    const { Bucket } = (command as { readonly input?: { readonly Bucket?: string } }).input ?? {}
    if (guarded === undefined || Bucket === "processing" || /^(Head|Get|List)/.test(command?.constructor.name ?? "")) return
    // The faults are for the functions.
    const { refuse } = this.server
    this.server.refuse = undefined
    try {
      if ((await this.etag(bucket, guarded.key)) === guarded.etag) return
      for (const key of await this.copies(guarded.key)) if ((await this.etag("archive", key)) === guarded.etag) return
    } finally {
      this.server.refuse = refuse
    }
    this.wrong.push(`after ${command?.constructor.name}, ${guarded.key} was neither in landing nor in the archive`)
  }

  /** Ends the connections of the processes of a trial. */
  async endProcesses(): Promise<void> {
    for (const process of this.#processes.splice(0)) await process.end()
  }

  /** Lets so much time pass, by the clock of the database, that nobody counts as at work on a part any more. */
  async endLeases(): Promise<void> {
    await this.database.pool.query(
      `UPDATE rowgate.part SET leased_until = leased_until - interval '1 day', claimed_at = claimed_at - interval '1 day';
       UPDATE rowgate.outbox SET leased_until = NULL`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endProcesses()
    this.#client.destroy()
    await this.server[Symbol.asyncDispose]()
  }
}
