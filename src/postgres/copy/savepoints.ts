import type { Connection } from "../connection/database.ts"

const most = 64

/**
 * Savepoints of a transaction, counted. One with rows in it keeps a transaction id of its own until the end; beyond 64 of them the server
 * must look ids up for everybody, which slows all sessions. And who tries row by row never ends.
 */
export class Savepoints {
  readonly #connection: Connection
  #left: number

  constructor(connection: Connection, limit: number = most) {
    this.#connection = connection
    this.#left = limit
  }

  /** How many may still be set. */
  get left(): number {
    return this.#left
  }

  async set(): Promise<void> {
    this.#left--
    await this.#connection.query("SAVEPOINT rowgate_step")
  }

  /** Keeps what was done since `set`. */
  async release(): Promise<void> {
    await this.#connection.query("RELEASE SAVEPOINT rowgate_step")
  }

  /** Undoes what was done since `set`. */
  async undo(): Promise<void> {
    await this.#connection.query("ROLLBACK TO SAVEPOINT rowgate_step")
    await this.#connection.query("RELEASE SAVEPOINT rowgate_step")
  }
}
