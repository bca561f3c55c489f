import type { Connection } from "../connection/database.ts"

const mostSavepoints = 64

/**
 * The savepoints of a transaction, up to a limit. Each savepoint with rows has its own transaction id until the end. With more than 64 of them, the
 * server has to look ids up on disk for all sessions, which slows them down. The limit also keeps a load from trying row by row without end.
 */
export class Savepoints {
  readonly #connection: Connection
  #left: number

  constructor(connection: Connection, limit: number = mostSavepoints) {
    this.#connection = connection
    this.#left = limit
  }

  /** How many savepoints may still be set. */
  get left(): number {
    return this.#left
  }

  async set(): Promise<void> {
    this.#left--
    await this.#connection.query("SAVEPOINT rowgate_step")
  }

  /** Keeps the changes since `set`. */
  async release(): Promise<void> {
    await this.#connection.query("RELEASE SAVEPOINT rowgate_step")
  }

  /** Undoes the changes since `set`. */
  async undo(): Promise<void> {
    await this.#connection.query("ROLLBACK TO SAVEPOINT rowgate_step")
    await this.#connection.query("RELEASE SAVEPOINT rowgate_step")
  }
}
