import type { Connection, CopyIn, Database, QueryResult, ResultRow } from "../postgres/database.ts"

interface Answer {
  readonly rows: readonly unknown[]
  readonly affectedRows?: number | undefined
}

/** The part of a PGlite database that is used. */
export interface Pglite {
  /** Runs one statement. */
  query(text: string, values?: unknown[], options?: { blob?: Blob | File }): Promise<Answer>
  /** Closes the database. */
  close(): Promise<void>
}

/** Bytes that one COPY takes: they stand in memory twice, here and inside the database. */
const copyBytes = 8 << 20

/** Whose turn it is: two sinks of one database, or a look into its ledger, must not speak within each other's transaction. */
const turns = new WeakMap<Pglite, Promise<void>>()

/** An embedded database. It has one connection, so loads take turns. */
export function pgliteDatabase(db: Pglite, name: string, close: () => Promise<void>): Database {
  return {
    name,
    concurrent: false,
    async connect() {
      const before = turns.get(db)
      let done = () => {}
      const turn = new Promise<void>((resolve) => {
        done = resolve
      })
      turns.set(db, turn)
      await before
      return new PgliteConnection(db, done)
    },
    close,
  }
}

class PgliteConnection implements Connection {
  /** It runs in this process: no line can be cut. */
  readonly busy = false
  readonly progress = 0
  readonly #db: Pglite
  readonly #done: () => void

  constructor(db: Pglite, done: () => void) {
    this.#db = db
    this.#done = done
  }

  async query(text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    const { rows, affectedRows } = await this.#db.query(text, [...values])
    return { rows: rows as ResultRow[], rowCount: affectedRows ?? rows.length }
  }

  copyIn(into: string, options: string): CopyIn {
    return new BlobCopy(this.#db, `COPY ${into} FROM '/dev/blob' WITH (${options})`)
  }

  destroy(): void {
    this.release(true)
  }

  release(broken = false): void {
    // There is no second connection to turn to: an open transaction is undone on the one that there is.
    if (broken) this.#db.query("ROLLBACK").then(this.#done, this.#done)
    else this.#done()
  }
}

/** PGlite reads COPY from a blob, not from the wire. */
class BlobCopy implements CopyIn {
  readonly #db: Pglite
  readonly #text: string
  #parts: Uint8Array<ArrayBuffer>[] = []
  #bytes = 0
  #rows = 0

  constructor(db: Pglite, text: string) {
    this.#db = db
    this.#text = text
  }

  write(bytes: Uint8Array): void {
    this.#parts.push(new Uint8Array(bytes))
    this.#bytes += bytes.length
  }

  async drained(): Promise<void> {
    if (this.#bytes >= copyBytes) await this.#flush()
  }

  async end(): Promise<number> {
    await this.#flush()
    return this.#rows
  }

  async fail(): Promise<void> {
    this.#parts = []
    this.#bytes = 0
  }

  async #flush(): Promise<void> {
    if (this.#bytes === 0) return
    const blob = new Blob(this.#parts)
    this.#parts = []
    this.#bytes = 0
    try {
      const { affectedRows } = await this.#db.query(this.#text, [], { blob })
      this.#rows += affectedRows ?? 0
    } catch (error) {
      throw countedFrom(this.#rows, error)
    }
  }
}

/** An error names the line of its own COPY; this one may be the second or third of a larger one. */
function countedFrom(rows: number, error: unknown): unknown {
  if (rows === 0 || !(error instanceof Error) || !("where" in error) || typeof error.where !== "string") return error
  error.where = error.where.replace(/^(COPY .+?, [^\d,:"]+)(\d+)/m, (_, before: string, line: string) => before + (Number(line) + rows))
  return error
}
