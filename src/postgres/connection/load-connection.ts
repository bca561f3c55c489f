import { setTimeout as wait } from "node:timers/promises"
import { connectPatiently } from "./connect-patiently.ts"
import type { Connection, CopyIn, Database, QueryResult } from "./database.ts"
import { pendingReads, SilentConnection } from "./silent-connection.ts"
import { faultOf } from "./sink-error.ts"

/** How long a load waits. */
export interface LoadConnectionOptions {
  readonly signal: AbortSignal
  /** Milliseconds that the database may be silent until the load has its claim. No statement takes long before that. */
  readonly patienceMs: number
}

/** How long a pooler may keep a client waiting for a server connection. PgBouncer gives up after two minutes. */
const poolerMs = 120_000
/** A connection that is not needed for so long is closed, because others may be waiting for the server's last one. */
const closeMs = 300
/** Statements that are quick: all but changes of tables, and waits for locks of those who change them. */
const isQuick = /^(BEGIN|ROLLBACK|SET |SAVEPOINT|RELEASE|WITH |SELECT (?!pg_advisory_xact_lock))/

/**
 * The connection of a load. Until the load has its claim, it can be given back and replaced, and this class notices if the server no longer
 * answers. Afterwards the control connection does.
 */
export class LoadConnection implements Connection {
  readonly #database: Database
  readonly #options: LoadConnectionOptions
  #current: Connection | undefined
  #inTransaction = false
  #claimed = false

  private constructor(database: Database, options: LoadConnectionOptions, connection: Connection) {
    this.#database = database
    this.#options = options
    this.#current = connection
  }

  static async open(database: Database, options: LoadConnectionOptions): Promise<LoadConnection> {
    return new LoadConnection(database, options, await connectPatiently(database, options.signal))
  }

  get busy(): boolean {
    return this.#current?.busy === true
  }

  get progress(): number {
    return this.#current?.progress ?? 0
  }

  /** Call it once the load has its claim: from then on a statement may take long, and the connection stays the same. */
  markClaimed(): void {
    this.#claimed = true
  }

  /** Gives the connection back for a while, outside of a transaction. */
  async pause(ms: number): Promise<void> {
    const { signal } = this.#options
    this.release(ms >= closeMs)
    await wait(ms, undefined, { signal })
    await this.#connect()
  }

  async query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    if (this.#claimed) return this.#inner.query(text, values)
    const result = await this.#queryBeforeClaim(text, values)
    if (text.startsWith("BEGIN")) this.#inTransaction = true
    if (text === "ROLLBACK" || text === "COMMIT") this.#inTransaction = false
    return result
  }

  copyIn(into: string, options: string): CopyIn {
    return this.#inner.copyIn(into, options)
  }

  destroy(): void {
    this.#current?.destroy()
  }

  release(broken?: boolean): void {
    this.#current?.release(broken)
    this.#current = undefined
  }

  get #inner(): Connection {
    if (this.#current === undefined) throw new Error("the load has no connection")
    return this.#current
  }

  async #connect(): Promise<void> {
    this.#inTransaction = false
    this.#current = await connectPatiently(this.#database, this.#options.signal)
  }

  /**
   * Outside of a transaction, a pooler keeps every statement waiting until it has a server connection. The connection may also be dead, so
   * if no answer comes, another one is tried.
   */
  async #queryBeforeClaim(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    if (!isQuick.test(text)) return this.#inner.query(text, values)
    for (const began = Date.now(); ; ) {
      try {
        return await this.#queryInTime(text, values)
      } catch (error) {
        const isLate = error instanceof SilentConnection || /query_wait_timeout/.test(faultOf(error).message)
        if (!isLate || this.#inTransaction || Date.now() - began >= poolerMs || this.#options.signal.aborted) throw error
        this.release(true)
        await this.#connect()
      }
    }
  }

  async #queryInTime(text: string, values?: readonly unknown[]): Promise<QueryResult> {
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
        ? new SilentConnection(
            `the database has not answered for ${patienceMs} ms; if you use a pooler, all of its connections may be in use`,
            {
              cause: error,
            },
          )
        : error
    } finally {
      over = true
      clearTimeout(patience)
    }
  }
}
