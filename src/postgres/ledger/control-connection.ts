import { setTimeout as wait } from "node:timers/promises"
import type { Logger } from "../../contract/logger.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection, Database, QueryResult } from "../connection/database.ts"
import { pendingReads, SilentConnection } from "../connection/silent-connection.ts"
import { faultOf, faultText, isConnectionFault, isServerAnswer } from "../connection/sink-error.ts"
import type { ConcurrencyOptions } from "./concurrency-options.ts"

/** How the control connection watches. */
export type ControlOptions = Pick<ConcurrencyOptions, "heartbeatMs" | "staleMs">

/** A load to watch. */
export interface WatchedLoad {
  /** Its entry in the ledger, if other sessions can see it. */
  readonly entry?: { readonly runId: string; readonly token: string } | undefined
  /** The connection that sends the rows. */
  readonly data: Connection
  /** The pid of that connection's backend. */
  readonly pid: number
  /** Called once if the load must stop, because another run has taken it over or its connection is dead. `why` is a clause. */
  lost(why: string): void
}

/** What is known about a load's own connection. */
interface Observation {
  readonly progress: number
  /** At how many heartbeats in a row both ends waited for each other. */
  readonly stuckHeartbeats: number
  /** When it last made progress, or was not busy, and its progress at that time. */
  readonly progressedAt: number
  readonly progressAt: number
}

/** When the data connection has answered this often, the control connection counts as unavailable. */
const mostAnswersAhead = 25
const betweenAnswersMs = 20
/** How long a statement may still take when the connection is closed. */
const closeGraceMs = 500

/**
 * A connection beside those that send rows. It enters runs in the ledger, so that other sessions see them, and sends their heartbeats. All loads
 * of a sink share it. It also notices a data connection on which both ends wait for each other, which causes no error.
 *
 * It is held only while there are loads to watch, each of which has a connection of its own. So if connections are scarce, no load
 * waits for a connection that nobody uses.
 */
export class ControlConnection {
  readonly #database: Database
  readonly #options: ControlOptions
  readonly #logger: Logger
  readonly #watched = new Map<WatchedLoad, Observation>()
  readonly #closing = new AbortController()
  #connection: Connection | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #pending = 0
  #timer: NodeJS.Timeout | undefined
  /** When the first unanswered heartbeat was sent. */
  #silentSince: number | undefined
  #isSendingHeartbeat = false

  constructor(database: Database, options: ControlOptions, logger: Logger) {
    this.#database = database
    this.#options = options
    this.#logger = logger
  }

  /** Runs one statement, in turn with others. If the connection breaks, the next call opens another one. */
  query(text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    return this.transaction((connection) => connection.query(text, values))
  }

  /** Runs several statements without others in between. */
  async transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    this.#pending++
    const done = this.#turn.then(() => this.#run(work))
    this.#turn = done.catch(() => undefined)
    try {
      return await done
    } finally {
      this.#pending--
      this.#releaseIfIdle()
    }
  }

  /**
   * Like `transaction`, for a load that waits for the result. Resolves with undefined if no connection is available, for example because a pooler's
   * connections are all in use. The number of answers on the load's own connection limits the wait, because they are as slow as the network and the
   * machine.
   */
  async transactionIfAvailable<R>(data: Connection, work: (connection: Connection) => Promise<R>): Promise<R | undefined> {
    let late = false
    const attempt = () => this.transaction(async (connection) => (late ? undefined : work(connection)))
    const done = attempt().catch((error: unknown) => {
      // The pool may have had a broken connection.
      if (late || error instanceof SilentConnection || !isConnectionProblem(error)) throw error
      return attempt()
    })
    let answeredAt = Date.now()
    const settled = new AbortController()
    const limit = (async () => {
      for (let answers = 0; answers < mostAnswersAhead; answers++) {
        await wait(betweenAnswersMs, undefined, { signal: settled.signal })
        await data.query("SELECT 1")
        answeredAt = Date.now()
      }
      late = true
      this.#connection?.destroy()
      return undefined
    })()
    limit.catch(() => undefined)
    try {
      return await Promise.race([done, limit.catch(() => done)])
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
    this.#releaseIfIdle()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    const turn = this.#turn
    const over = new AbortController()
    await Promise.race([turn, wait(closeGraceMs, undefined, { signal: over.signal }).catch(() => undefined)])
    over.abort()
    this.#closing.abort(new Error("the control connection is closed"))
    if (this.#pending > 0) this.#connection?.destroy()
    await turn
    this.#connection?.release()
    this.#connection = undefined
  }

  #releaseIfIdle(): void {
    if (this.#watched.size > 0 || this.#pending > 0) return
    this.#connection?.release()
    this.#connection = undefined
  }

  async #run<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
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

  /** A pool may have no free connection while other loads run. */
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
      // The connection may still arrive and must then be released.
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
    this.#noteProgress()
    if (this.#isSendingHeartbeat) return
    this.#isSendingHeartbeat = true
    this.#silentSince ??= Date.now()
    try {
      await this.#sendHeartbeats()
      this.#silentSince = undefined
    } catch (error) {
      if (this.#watched.size > 0) this.#logger.warn({ error: faultText(error) }, "a heartbeat failed")
      await this.#giveUpIfUnreachable(error)
    } finally {
      this.#isSendingHeartbeat = false
    }
  }

  async #sendHeartbeats(): Promise<void> {
    const loads = [...this.#watched.keys()]
    // A locked row is being finished right now. It needs no heartbeat and must not delay the others.
    const { rows } = await this.query(
      `WITH mine AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::int[]) WITH ORDINALITY AS m (id, token, backend_pid, n)),
            beat AS (UPDATE rowgate.run SET heartbeat_at = clock_timestamp() WHERE id IN (
              SELECT r.id FROM rowgate.run r JOIN mine USING (id, token) WHERE r.status = 'running' FOR UPDATE OF r SKIP LOCKED) RETURNING 1)
       SELECT mine.id IS NULL OR r.token = mine.token AND r.status IN ('running', 'committed', 'refused') AS held,
              a.pid IS NULL OR a.wait_event = 'ClientRead' AS listening
       FROM mine LEFT JOIN rowgate.run r USING (id) LEFT JOIN pg_stat_activity a ON a.pid = mine.backend_pid ORDER BY mine.n`,
      [loads.map(({ entry }) => entry?.runId ?? null), loads.map(({ entry }) => entry?.token ?? null), loads.map(({ pid }) => pid)],
    )
    for (const [at, load] of loads.entries()) {
      const answer = rows[at]
      if (answer?.["held"] === true) this.#checkProgress(load, answer["listening"] === true)
      else this.#lose(load, "another run has taken it over")
    }
  }

  /** If both ends wait for each other at three heartbeats in a row, without progress, the connection is dead. */
  #checkProgress(load: WatchedLoad, listening: boolean): void {
    const before = this.#watched.get(load)
    if (before === undefined) return
    const { busy, progress } = load.data
    const stuck = listening && busy && progress === before.progress ? before.stuckHeartbeats + 1 : 0
    this.#watched.set(load, { ...before, progress, stuckHeartbeats: stuck })
    if (stuck >= 3) this.#lose(load, "the connection to the database went silent")
  }

  #noteProgress(): void {
    for (const [load, before] of this.#watched) {
      const { busy, progress } = load.data
      if (!busy || progress !== before.progressAt) this.#watched.set(load, { ...before, progressedAt: Date.now(), progressAt: progress })
    }
  }

  /**
   * Unanswered heartbeats prove nothing, because a pooler may have no connection for them. But if the database cannot be reached at all, loads
   * whose own connection was silent for as long are stopped.
   */
  async #giveUpIfUnreachable(error: unknown): Promise<void> {
    const { staleMs } = this.#options
    if (error instanceof SilentConnection || isServerAnswer(faultOf(error))) return
    await pendingReads()
    this.#noteProgress()
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

/** Whether the connection failed or none was free, as opposed to the statement. */
function isConnectionProblem(error: unknown): boolean {
  const fault = faultOf(error)
  return error instanceof SilentConnection || (!(error instanceof RowgateError) && (fault.code === "53300" || isConnectionFault(fault)))
}
