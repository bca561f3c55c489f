import { setTimeout as wait } from "node:timers/promises"
import { connectPatiently } from "./connect-patiently.ts"
import type { Connection, CopyIn, Database, QueryResult } from "./database.ts"
import { pendingReads, SilentConnection } from "./silent-connection.ts"
import { faultOf } from "./sink-error.ts"

/** How a load waits. */
export interface LoadConnectionOptions {
  readonly signal: AbortSignal
  /** How long the database may be silent before the load has its claim: nothing that is asked until then takes long. */
  readonly patienceMs: number
}

/** How long a pooler may let a connection wait for one of its own. PgBouncer itself gives up after two minutes. */
const poolerMs = 120_000
/** A connection that is not needed for so long is closed, for others may wait for the server's last one. */
const closeMs = 300
/** All but changes of tables and waits for those who make them. */
const isQuick = /^(BEGIN|ROLLBACK|SET |SAVEPOINT|RELEASE|WITH |SELECT (?!pg_advisory_xact_lock))/

/**
 * The connection of a load. Before the load has its claim it can be given back, and another one taken; a line that falls silent is noticed
 * here until then, and by the control line afterwards.
 */
export class LoadConnection implements Connection {
  readonly #database: Database
  readonly #options: LoadConnectionOptions
  #held: Connection | undefined
  #inTransaction = false
  #claimed = false

  private constructor(database: Database, options: LoadConnectionOptions, held: Connection) {
    this.#database = database
    this.#options = options
    this.#held = held
  }

  static async open(database: Database, options: LoadConnectionOptions): Promise<LoadConnection> {
    return new LoadConnection(database, options, await connectPatiently(database, options.signal))
  }

  get busy(): boolean {
    return this.#held?.busy === true
  }

  get progress(): number {
    return this.#held?.progress ?? 0
  }

  /** The load has its claim: from now on a statement may take its time, and the connection stays the same. */
  markClaimed(): void {
    this.#claimed = true
  }

  /** Gives the connection back, outside of a transaction, and takes one again after a while. */
  async pause(ms: number): Promise<void> {
    const { signal } = this.#options
    this.release(ms >= closeMs)
    await wait(ms, undefined, { signal })
    await this.#connect()
  }

  async query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    if (this.#claimed) return this.#inner.query(text, values)
    const result = await this.#unclaimed(text, values)
    if (text.startsWith("BEGIN")) this.#inTransaction = true
    if (text === "ROLLBACK" || text === "COMMIT") this.#inTransaction = false
    return result
  }

  copyIn(into: string, options: string): CopyIn {
    return this.#inner.copyIn(into, options)
  }

  destroy(): void {
    this.#held?.destroy()
  }

  release(broken?: boolean): void {
    this.#held?.release(broken)
    this.#held = undefined
  }

  get #inner(): Connection {
    if (this.#held === undefined) throw new Error("the load holds no connection")
    return this.#held
  }

  async #connect(): Promise<void> {
    this.#inTransaction = false
    this.#held = await connectPatiently(this.#database, this.#options.signal)
  }

  /**
   * Outside of a transaction a pooler lets every statement wait until it has a connection to give. Where no answer comes, the line may be dead as
   * well: another is tried.
   */
  async #unclaimed(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    if (!isQuick.test(text)) return this.#inner.query(text, values)
    for (const began = Date.now(); ; ) {
      try {
        return await this.#quickly(text, values)
      } catch (error) {
        const isLate = error instanceof SilentConnection || /query_wait_timeout/.test(faultOf(error).message)
        if (!isLate || this.#inTransaction || Date.now() - began >= poolerMs || this.#options.signal.aborted) throw error
        this.release(true)
        await this.#connect()
      }
    }
  }

  async #quickly(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    const connection = this.#inner
    const { patienceMs } = this.#options
    let cut = false
    let over = false
    const patience = setTimeout(async () => {
      await pendingReads()
      cut = !over
      if (cut) connection.destroy()
    }, patienceMs).unref()
    try {
      return await connection.query(text, values)
    } catch (error) {
      throw cut
        ? new SilentConnection(`the database has not answered for ${patienceMs} ms; all connections of a pooler may be taken`, {
            cause: error,
          })
        : error
    } finally {
      over = true
      clearTimeout(patience)
    }
  }
}
