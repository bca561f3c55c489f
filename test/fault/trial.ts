import { randomBytes } from "node:crypto"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import pg from "pg"
import { expect } from "vitest"
import type { LoaderAnswer, LoaderJob } from "./loader-job.ts"
import { type LoaderProcess, startLoader } from "./loader-process.ts"
import { createTarget, digestSql, expected, fillSql, readRows } from "./oracle.ts"
import { runJob } from "./run-job.ts"

/** The database of a campaign, with the digest that a whole load must have. */
export interface FaultBed extends AsyncDisposable {
  readonly url: string
  readonly digest: string
  readonly admin: pg.Pool
}

/** Prepares a database: the ledger must be there. */
export async function faultBed(url: string): Promise<FaultBed> {
  const admin = new pg.Pool({ connectionString: url, max: 4, application_name: "fault-admin" })
  admin.on("error", () => undefined)
  const table = `oracle_${randomBytes(4).toString("hex")}`
  await admin.query(`${createTarget(table)}; ${fillSql(table)}`)
  const { rows } = await admin.query(digestSql(table))
  await admin.query(`DROP TABLE ${table}`)
  expect(rows[0].rows).toBe(expected.loaded)
  return { url, digest: rows[0].digest, admin, [Symbol.asyncDispose]: () => admin.end() }
}

/** One file, one table, one accident. */
export class Trial implements AsyncDisposable {
  readonly bed: FaultBed
  readonly table: string
  readonly folder: string
  readonly job: LoaderJob
  readonly #sightings = new Set<number>()
  readonly #stop = new AbortController()
  readonly #reading: Promise<void>

  private constructor(bed: FaultBed, table: string, folder: string, job: Partial<LoaderJob>) {
    this.bed = bed
    this.table = table
    this.folder = folder
    this.job = { url: bed.url, table, content: table, ...job }
    this.#reading = this.#read()
  }

  static async begin(bed: FaultBed, job: Partial<LoaderJob> = {}): Promise<Trial> {
    const table = `trial_${randomBytes(6).toString("hex")}`
    await bed.admin.query(createTarget(table))
    return new Trial(bed, table, await mkdtemp(join(tmpdir(), "rowgate-fault-")), job)
  }

  start(change: Partial<LoaderJob> = {}): Promise<LoaderProcess> {
    return startLoader({ ...this.job, ...change }, this.folder)
  }

  /** Loads the file once more, as whoever got no answer would, and holds everything against what must be. */
  async recover(change: Partial<LoaderJob> = {}): Promise<LoaderAnswer> {
    const { stop: _accident, ...job } = this.job
    const answer = await runJob({ ...job, retries: 5, ...change })
    expect(answer.error).toBeUndefined()
    await this.check()
    return answer
  }

  /** The law: all rows of the file once, readers saw none or all, one committed delivery, and nothing left lying about. */
  async check(): Promise<void> {
    const { admin, digest } = this.bed
    const { rows } = await admin.query(digestSql(this.table))
    expect(rows).toEqual([{ rows: expected.loaded, digest }])
    await this.#checkLedger()
    await this.#checkLeftovers()
    await this.#endReading()
    expect([...this.#sightings].filter((seen) => seen !== 0 && seen !== expected.loaded)).toEqual([])
    expect(await readdir(this.folder)).toEqual([])
  }

  /** Whether the table holds nothing or everything, at this moment. */
  async checkAtomic(): Promise<void> {
    const { rows } = await this.bed.admin.query(digestSql(this.table))
    expect([0, expected.loaded]).toContain(rows[0].rows)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endReading()
    await this.bed.admin.query(`DROP TABLE IF EXISTS ${this.table}`).catch(() => undefined)
    await rm(this.folder, { recursive: true, force: true })
  }

  async #checkLedger(): Promise<void> {
    const { rows } = await this.bed.admin.query(
      `SELECT status, read::int, loaded::int, rejected::int, filtered::int, superseded::int + skipped::int + withheld::int AS others,
              (SELECT count(*)::int FROM rowgate.reject WHERE run_id = r.id) AS kept
       FROM rowgate.run r WHERE target = $1 ORDER BY status`,
      [`public.${this.table}`],
    )
    expect(rows.filter(({ status }) => status === "committed")).toEqual([
      { status: "committed", read: readRows, ...expected, others: 0, kept: expected.rejected },
    ])
    expect(rows.filter(({ status }) => status === "running")).toEqual([])
  }

  /** A backend takes a moment to notice that its client is gone. */
  async #checkLeftovers(): Promise<void> {
    const left = () =>
      this.bed.admin.query(
        `SELECT a.pid, a.state, a.query, (SELECT count(*)::int FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory') AS locks
         FROM pg_stat_activity a
         WHERE a.datname = current_database() AND a.application_name <> 'fault-admin' AND a.pid <> pg_backend_pid()
           AND a.backend_type = 'client backend' AND a.query LIKE '%' || $1 || '%'`,
        [this.table],
      )
    for (let patience = 0; patience < 50 && (await left()).rows.length > 0; patience++) await wait(100)
    expect((await left()).rows).toEqual([])
  }

  /** Twenty times a second: how many rows somebody else sees. */
  async #read(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const found = await this.bed.admin.query(`SELECT count(*)::int AS n FROM ${this.table}`).catch(() => undefined)
      if (found !== undefined) this.#sightings.add(found.rows[0].n)
      await wait(50, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
  }

  async #endReading(): Promise<void> {
    this.#stop.abort()
    await this.#reading
  }
}
