import { setTimeout as wait } from "node:timers/promises"
import type { Logger } from "../../contract/logger.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection, Database, QueryResult } from "../connection/database.ts"
import { pendingReads, SilentConnection } from "../connection/silent-connection.ts"
import { faultOf, faultText, isConnectionFault, isServerAnswer } from "../connection/sink-error.ts"
import type { ConcurrencyOptions } from "./concurrency-options.ts"

/** How the control connection watches. */
export type ControlOptions = Pick<ConcurrencyOptions, "heartbeatMs" | "staleMs">

/** A load that is watched. */
export interface WatchedLoad {
  /** Its entry in the ledger, where others can see it. */
  readonly entry?: { readonly runId: string; readonly token: string } | undefined
  /** The connection that the rows go through. */
  readonly data: Connection
  /** Its backend. */
  readonly pid: number
  /** Called once where the load must stop: it was deposed, or its line is dead. */
  lost(why: string): void
}

/** What was seen of a load's own connection. */
interface Observation {
  readonly progress: number
  /** At so many heartbeats in a row both ends waited for each other. */
  readonly stuckHeartbeats: number
  /** When something moved there, or nothing had to, and how far it was then. */
  readonly progressedAt: number
  readonly progressAt: number
}

/** The control connection is not to be had once the data connection has answered so often. */
const mostAnswersAhead = 25
const betweenAnswersMs = 20
/** How long a statement that is under way when nothing is left to watch may take. */
const closeGraceMs = 500

/**
 * The connection beside the data: it enters runs in the ledger, so that others see them, and keeps their heartbeat. All loads of a sink
 * share one. It also notices what no error tells: a data connection that both ends wait on.
 *
 * It is held only while there are loads to watch, each of which has a connection of its own: where connections are few, no load can wait for
 * one that others keep for nothing.
 */
export class ControlConnection {
  readonly #database: Database
  readonly #options: ControlOptions
  readonly #logger: Logger
  readonly #watched = new Map<WatchedLoad, Observation>()
  readonly #closing = new AbortController()
  #connection: Connection | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #asked = 0
  #timer: NodeJS.Timeout | undefined
  /** When the first heartbeat of those that were not answered was sent. */
  #silentSince: number | undefined
  #beating = false

  constructor(database: Database, options: ControlOptions, logger: Logger) {
    this.#database = database
    this.#options = options
    this.#logger = logger
  }

  /** One statement, in turn with others; a connection that breaks is replaced by the next one. */
  query(text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    return this.transaction((connection) => connection.query(text, values))
  }

  /** Several statements, with nobody's between them. */
  async transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    this.#asked++
    const done = this.#turn.then(() => this.#work(work))
    this.#turn = done.catch(() => undefined)
    try {
      return await done
    } finally {
      this.#asked--
      this.#restIfIdle()
    }
  }

  /**
   * As `transaction`, for a load that waits for it: undefined where no connection is to be had, as from a pooler whose connections are all taken.
   * How long to wait, the answers on the load's own connection say: those are as slow as the network and the machine.
   */
  async transactionIfAvailable<R>(data: Connection, work: (connection: Connection) => Promise<R>): Promise<R | undefined> {
    let late = false
    const attempt = () => this.transaction(async (connection) => (late ? undefined : work(connection)))
    const done = attempt().catch((error: unknown) => {
      // A pool may have kept a connection that broke meanwhile.
      if (late || error instanceof SilentConnection || !isConnectionProblem(error)) throw error
      return attempt()
    })
    let answeredAt = Date.now()
    const settled = new AbortController()
    const behind = (async () => {
      for (let answers = 0; answers < mostAnswersAhead; answers++) {
        await wait(betweenAnswersMs, undefined, { signal: settled.signal })
        await data.query("SELECT 1")
        answeredAt = Date.now()
      }
      late = true
      this.#connection?.destroy()
      return undefined
    })()
    behind.catch(() => undefined)
    try {
      return await Promise.race([done, behind.catch(() => done)])
    } catch (error) {
      const isSilent = error instanceof SilentConnection && Date.now() - answeredAt >= this.#options.staleMs
      if (isSilent || !isConnectionProblem(error)) throw error
      return undefined
    } finally {
      settled.abort()
      done.catch(() => undefined)
    }
  }

  watch(load: WatchedLoad): void {
    if (this.#watched.size === 0) this.#silentSince = undefined
    const { progress } = load.data
    this.#watched.set(load, { progress, stuckHeartbeats: 0, progressedAt: Date.now(), progressAt: progress })
    this.#timer ??= setInterval(() => void this.#tick(), this.#options.heartbeatMs).unref()
  }

  unwatch(load: WatchedLoad): void {
    this.#watched.delete(load)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#restIfIdle()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    const turn = this.#turn
    const over = new AbortController()
    await Promise.race([turn, wait(closeGraceMs, undefined, { signal: over.signal }).catch(() => undefined)])
    over.abort()
    this.#closing.abort(new Error("the control connection is closed"))
    if (this.#asked > 0) this.#connection?.destroy()
    await turn
    this.#connection?.release()
    this.#connection = undefined
  }

  #restIfIdle(): void {
    if (this.#watched.size > 0 || this.#asked > 0) return
    this.#connection?.release()
    this.#connection = undefined
  }

  async #work<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    this.#closing.signal.throwIfAborted()
    this.#connection ??= await this.#connect()
    const connection = this.#connection
    let over = false
    let cut = false
    const lose = () => {
      cut = !over
      if (cut) connection.destroy()
    }
    const patience = setTimeout(() => void pendingReads().then(lose), this.#options.staleMs).unref()
    try {
      return await work(connection)
    } catch (error) {
      connection.release(true)
      this.#connection = undefined
      throw cut ? new SilentConnection("the database has not answered the control connection for too long", { cause: error }) : error
    } finally {
      over = true
      clearTimeout(patience)
    }
  }

  /** A pool may have none to give for as long as other loads take. */
  async #connect(): Promise<Connection> {
    const { signal } = this.#closing
    const connecting = this.#database.connect()
    const connected = new AbortController()
    try {
      const late = wait(this.#options.staleMs, undefined, { signal: AbortSignal.any([signal, connected.signal]), ref: false })
      const connection = await Promise.race([connecting, late])
      if (connection !== undefined) return connection
      if (this.#database.isExhausted?.() === true) throw new SilentConnection("all connections of the pool are in use")
      throw new Error(`no connection came within ${this.#options.staleMs} ms`)
    } catch (error) {
      // It may still come, and must not be left lying about.
      connecting.then(
        (late) => late.release(),
        () => undefined,
      )
      throw error
    } finally {
      connected.abort()
    }
  }

  async #tick(): Promise<void> {
    this.#lookForMoves()
    if (this.#beating) return
    this.#beating = true
    this.#silentSince ??= Date.now()
    try {
      await this.#beat()
      this.#silentSince = undefined
    } catch (error) {
      if (this.#watched.size > 0) this.#logger.warn({ error: faultText(error) }, "a heartbeat failed")
      await this.#giveUpIfUnreachable(error)
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
              a.pid IS NULL OR a.wait_event = 'ClientRead' AS listening
       FROM mine LEFT JOIN rowgate.run r USING (id) LEFT JOIN pg_stat_activity a ON a.pid = mine.backend_pid ORDER BY mine.n`,
      [
        loads.map(({ entry: held }) => held?.runId ?? null),
        loads.map(({ entry: held }) => held?.token ?? null),
        loads.map(({ pid }) => pid),
      ],
    )
    for (const [at, load] of loads.entries()) {
      const answer = rows[at]
      if (answer?.["held"] === true) this.#look(load, answer["listening"] === true)
      else this.#lose(load, "another run has taken it over")
    }
  }

  /** Both ends waiting for each other at three heartbeats in a row, with nothing moving between, is a dead line. */
  #look(load: WatchedLoad, listening: boolean): void {
    const before = this.#watched.get(load)
    if (before === undefined) return
    const { busy, progress } = load.data
    const stuck = listening && busy && progress === before.progress ? before.stuckHeartbeats + 1 : 0
    this.#watched.set(load, { ...before, progress, stuckHeartbeats: stuck })
    if (stuck >= 3) this.#lose(load, "the connection to the database has gone silent")
  }

  #lookForMoves(): void {
    for (const [load, before] of this.#watched) {
      const { busy, progress } = load.data
      if (!busy || progress !== before.progressAt) this.#watched.set(load, { ...before, progressedAt: Date.now(), progressAt: progress })
    }
  }

  /**
   * Heartbeats that are not answered prove nothing: a pooler may have no connection for them. Where the database cannot even be reached, loads
   * whose own connection has been silent for as long are given up.
   */
  async #giveUpIfUnreachable(error: unknown): Promise<void> {
    const { staleMs } = this.#options
    if (error instanceof SilentConnection || isServerAnswer(faultOf(error))) return
    await pendingReads()
    this.#lookForMoves()
    const now = Date.now()
    if (this.#silentSince === undefined || now - this.#silentSince < staleMs) return
    for (const [load, { progressedAt: movedAt }] of [...this.#watched])
      if (now - movedAt >= staleMs) this.#lose(load, "the database has not answered a heartbeat for too long")
  }

  #lose(load: WatchedLoad, why: string): void {
    if (!this.#watched.has(load)) return
    this.unwatch(load)
    load.lost(why)
  }
}

/** Whether the connection failed, or there was none left, and not what it was asked for. */
function isConnectionProblem(error: unknown): boolean {
  const fault = faultOf(error)
  return error instanceof SilentConnection || (!(error instanceof RowgateError) && (fault.code === "53300" || isConnectionFault(fault)))
}
