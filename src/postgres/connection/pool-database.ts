import { CopyStream, type Wire } from "./copy-stream.ts"
import type { Connection, CopyIn, Database, QueryResult, ResultRow, WireCopy } from "./database.ts"
import type { PostgresClient, PostgresPool } from "./postgres-pool.ts"
import { faultOf, isConnectionFault } from "./sink-error.ts"

/** Connections of a pool that the caller owns. */
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
 * A pool of `pg` hands its clients to a callback, which listens to them at once. A promise would come too late: the bytes that end the greeting
 * of a server may hold the end of the connection too, and an error event without a listener ends the process.
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

/** What a client of `pg` can do beyond asking: take a query object, and tell of a connection that broke between two statements. */
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
  #asked = 0
  #answered = 0
  #copy: WireCopy | undefined
  /** A client that is checked out has no listener, and an error event without one ends the process. */
  readonly #onError = () => {
    this.#broken = true
  }

  constructor(client: PostgresClient) {
    this.#client = client
    if (hasWire(client)) client.on("error", this.#onError)
  }

  get busy(): boolean {
    return this.#asked > this.#answered || (this.#copy !== undefined && (this.#copy.ending || this.#copy.unsentBytes > 0))
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
    this.#asked++
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
    // A closed client may still report its own end; the pool listens again to the ones that it keeps.
    if (!close && hasWire(this.#client)) this.#client.removeListener("error", this.#onError)
  }
}

function beginCopy(client: PostgresClient, statement: string): WireCopy {
  if (client.copyIn !== undefined) return client.copyIn(statement)
  if (!hasWire(client)) throw new TypeError("the pool's clients cannot COPY: give a pool of the package `pg`, or fromPostgresJs(...)")
  const stream = new CopyStream(statement)
  client.query(stream)
  return stream
}

function hasWire(client: PostgresClient): client is WireClient {
  return "connection" in client && "on" in client && typeof client.on === "function"
}
