import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises"
import type { Logger } from "../../../contract/logger.ts"
import type { Connection, Database, QueryResult } from "../database.ts"

/** How the control connection watches. */
export interface ControlOptions {
  /** Between two heartbeats. */
  readonly heartbeatMs: number
  /** Without a heartbeat for so long, by the database's clock, a run is given up for dead. */
  readonly staleMs: number
}

/** A load that is watched. */
export interface Watched {
  /** Its entry in the ledger, once it has one. */
  readonly held?: { readonly runId: string; readonly token: string }
  /** The connection that the rows go through. */
  readonly data: Connection
  /** Its backend, once its transaction has begun: a pooler may give it another one before. */
  readonly pid?: number
  /** Called once where the load must stop: it was deposed, or its line is dead. */
  lost(why: string): void
}

/** A control connection that was cut since no answer came. */
export class SilentLine extends Error {}

/** The watch over a connection that has no entry in the ledger yet. */
export interface Guard {
  end(): void
  /** Why the connection was cut; undefined where it was not. */
  silence(): string | undefined
}

const connectMs = 5_000

/**
 * The connection beside the data: it enters runs in the ledger, so that others see them, and keeps their heartbeat. All loads of a sink
 * share one. It also notices what no error tells: a data connection that both ends wait on.
 */
export class ControlLine {
  readonly #database: Database
  readonly #options: ControlOptions
  readonly #logger: Logger
  readonly #watched = new Map<Watched, { progress: number; stuck: number }>()
  #connection: Connection | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  /** When the heartbeat that has not been answered was sent, or the first one of those that failed. */
  #askedAt: number | undefined
  #beating = false
  #closed = false

  private constructor(database: Database, connection: Connection, options: ControlOptions, logger: Logger) {
    this.#database = database
    this.#connection = connection
    this.#options = options
    this.#logger = logger
  }

  /** Undefined where no second connection can be had in good time: the load goes on without a heartbeat. */
  static async open(database: Database, options: ControlOptions, logger: Logger): Promise<ControlLine | undefined> {
    if (!database.concurrent) return undefined
    const connecting = database.connect()
    const connection = await Promise.race([connecting.catch(() => undefined), wait(connectMs, undefined, { ref: false })])
    if (connection !== undefined) return new ControlLine(database, connection, options, logger)
    // It may still come, and must not be left lying about.
    connecting.then(
      (late) => late.release(),
      () => undefined,
    )
    logger.warn({}, "no second connection is to be had: the load goes on without a heartbeat")
    return undefined
  }

  get staleMs(): number {
    return this.#options.staleMs
  }

  /** One statement, in turn with others; a connection that breaks is replaced once. */
  query(text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    return this.transaction((connection) => connection.query(text, values))
  }

  /** Several statements, with nobody's between them. */
  transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    const done = this.#turn.then(() => this.#work(work))
    this.#turn = done.catch(() => undefined)
    return done
  }

  watch(load: Watched): void {
    if (this.#watched.size === 0) this.#askedAt = undefined
    this.#watched.set(load, { progress: load.data.progress, stuck: 0 })
    this.#timer ??= setInterval(() => void this.#tick(), this.#options.heartbeatMs).unref()
  }

  /** Watches a connection that has no entry in the ledger yet, and cuts it where the database falls silent. */
  guard(data: Connection): Guard {
    let silence: string | undefined
    const watched: Watched = {
      data,
      lost: (why) => {
        silence = why
        data.destroy()
      },
    }
    this.watch(watched)
    return { end: () => this.unwatch(watched), silence: () => silence }
  }

  unwatch(load: Watched): void {
    this.#watched.delete(load)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#turn
    this.#connection?.release()
    this.#connection = undefined
  }

  async #work<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    if (this.#closed) throw new Error("the control connection is closed")
    this.#connection ??= await this.#database.connect()
    const connection = this.#connection
    let over = false
    let cut = false
    const lose = () => {
      cut = !over
      if (cut) connection.destroy()
    }
    const patience = setTimeout(() => void untilRead().then(lose), this.#options.staleMs).unref()
    try {
      return await work(connection)
    } catch (error) {
      connection.release(true)
      this.#connection = undefined
      throw cut ? new SilentLine("the database has not answered the control connection for too long", { cause: error }) : error
    } finally {
      over = true
      clearTimeout(patience)
    }
  }

  async #tick(): Promise<void> {
    if (this.#beating) return this.#giveUpIfSilent()
    this.#beating = true
    this.#askedAt ??= Date.now()
    try {
      await this.#beat()
      this.#askedAt = undefined
    } catch (error) {
      this.#logger.warn({ error: String(error) }, "a heartbeat failed")
      await this.#giveUpIfSilent()
    } finally {
      this.#beating = false
    }
  }

  async #beat(): Promise<void> {
    const loads = [...this.#watched.keys()]
    // A row that is locked is being finished at this moment: it needs no heartbeat, and must not hold up the others'.
    const { rows } = await this.query(
      `WITH mine AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::int[]) WITH ORDINALITY AS m (id, token, backend_pid, n)),
            beat AS (UPDATE rowgate.run SET heartbeat_at = clock_timestamp() WHERE id IN (
              SELECT r.id FROM rowgate.run r JOIN mine USING (id, token) WHERE r.status = 'running' FOR UPDATE OF r SKIP LOCKED) RETURNING 1)
       SELECT mine.id IS NULL OR r.token = mine.token AND r.status IN ('running', 'committed', 'refused') AS held,
              mine.backend_pid IS NOT NULL AND (a.pid IS NULL OR a.wait_event = 'ClientRead') AS listening
       FROM mine LEFT JOIN rowgate.run r USING (id) LEFT JOIN pg_stat_activity a ON a.pid = mine.backend_pid ORDER BY mine.n`,
      [loads.map(({ held }) => held?.runId ?? null), loads.map(({ held }) => held?.token ?? null), loads.map(({ pid }) => pid ?? null)],
    )
    for (const [at, load] of loads.entries()) {
      const answer = rows[at]
      if (answer?.["held"] === true) this.#look(load, answer["listening"] === true)
      else this.#lose(load, "another run has taken it over")
    }
  }

  /** Both ends waiting for each other at three heartbeats in a row, with nothing moving between, is a dead line. */
  #look(load: Watched, listening: boolean): void {
    const before = this.#watched.get(load)
    if (before === undefined) return
    const { busy, progress } = load.data
    const stuck = listening && busy && progress === before.progress ? before.stuck + 1 : 0
    this.#watched.set(load, { progress, stuck })
    if (stuck >= 3) this.#lose(load, "the connection to the database has gone silent")
  }

  async #giveUpIfSilent(): Promise<void> {
    await untilRead()
    if (this.#askedAt === undefined || Date.now() - this.#askedAt < this.#options.staleMs) return
    for (const load of [...this.#watched.keys()]) this.#lose(load, "the database has not answered a heartbeat for too long")
  }

  #lose(load: Watched, why: string): void {
    if (!this.#watched.has(load)) return
    this.unwatch(load)
    load.lost(why)
  }
}

/**
 * A process that did not run for a while, stopped or starved, finds its timers due before it has read what came meanwhile: an answer that
 * is there must not count as missing.
 */
async function untilRead(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await nextTurn()
}
