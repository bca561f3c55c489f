import { CopyStream, type Wire } from "./copy-stream.ts"
import type { Connection, CopyIn, Database, QueryResult, ResultRow, WireCopy } from "./database.ts"
import type { PostgresClient, PostgresPool } from "./postgres-pool.ts"
import { faultOf, isConnectionFault } from "./sink-error.ts"

/** Connections from the caller's pool. */
export function poolDatabase(pool: PostgresPool, name = "PostgreSQL"): Database {
  return {
    name,
    concurrent: poolSize(pool) !== 1,
    connect: () => checkOut(pool),
    isExhausted: () => "waitingCount" in pool && typeof pool.waitingCount === "number" && pool.waitingCount > 0,
    async close() {},
  }
}

/**
 * A pool of `pg` can pass its clients to a callback, which adds an error listener at once. With a promise that would be too late: the server may
 * close the connection right after its greeting, and an error event without a listener ends the process.
 */
async function checkOut(pool: PostgresPool): Promise<Connection> {
  const callbackPool: CallbackPool | undefined = pool.connect.length === 1 ? pool : undefined
  if (callbackPool === undefined) return new PoolConnection(await pool.connect())
  return await new Promise((resolve, reject) => {
    callbackPool.connect((error, client) => {
      if (client === undefined) reject(error)
      else resolve(new PoolConnection(client))
    })
  })
}

interface CallbackPool {
  connect(callback: (error: Error | undefined, client: PostgresClient | undefined) => void): void
}

function poolSize(pool: PostgresPool): unknown {
  const options = "options" in pool ? pool.options : undefined
  return typeof options === "object" && options !== null && "max" in options ? options.max : undefined
}

/** A client of `pg`, which also runs query objects and reports connections that break between two statements. */
interface WireClient extends PostgresClient {
  readonly connection: Wire
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>
  query(stream: CopyStream): unknown
  on(event: "error", listener: (error: Error) => void): void
  removeListener(event: "error", listener: (error: Error) => void): void
}

class PoolConnection implements Connection {
  readonly #client: PostgresClient
  #broken = false
  #released = false
  #sent = 0
  #answered = 0
  #copy: WireCopy | undefined
  /** The pool does not listen to clients in use, and an error event without a listener ends the process. */
  readonly #onError = () => {
    this.#broken = true
  }

  constructor(client: PostgresClient) {
    this.#client = client
    if (hasWire(client)) client.on("error", this.#onError)
  }

  get busy(): boolean {
    return this.#sent > this.#answered || (this.#copy !== undefined && (this.#copy.ending || this.#copy.unsentBytes > 0))
  }

  get progress(): number {
    return this.#answered - (this.#copy?.unsentBytes ?? 0)
  }

  destroy(): void {
    this.#broken = true
    if (hasWire(this.#client)) this.#client.connection.stream.destroy()
    else if (this.#client.destroy !== undefined) this.#client.destroy()
    else this.release(true)
  }

  async query(text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    this.#sent++
    try {
      const { rows, rowCount } = await this.#client.query(text, [...values])
      return { rows: rows as ResultRow[], rowCount: rowCount ?? 0 }
    } catch (error) {
      if (isConnectionFault(faultOf(error))) this.#broken = true
      throw error
    } finally {
      this.#answered++
    }
  }

  copyIn(into: string, options: string): CopyIn {
    this.#copy = beginCopy(this.#client, `COPY ${into} FROM STDIN WITH (${options})`)
    return this.#copy
  }

  release(broken = false): void {
    if (this.#released) return
    this.#released = true
    const close = broken || this.#broken
    this.#client.release(close)
    // A closed client may still emit an error; the pool listens to the clients that it keeps.
    if (!close && hasWire(this.#client)) this.#client.removeListener("error", this.#onError)
  }
}

function beginCopy(client: PostgresClient, statement: string): WireCopy {
  if (client.copyIn !== undefined) return client.copyIn(statement)
  if (!hasWire(client)) throw new TypeError("The clients of the pool cannot COPY. Pass a pool of the package `pg`, or fromPostgresJs(...).")
  const stream = new CopyStream(statement)
  client.query(stream)
  return stream
}

function hasWire(client: PostgresClient): client is WireClient {
  return "connection" in client && "on" in client && typeof client.on === "function"
}
