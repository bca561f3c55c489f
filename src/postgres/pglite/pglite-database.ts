import type { Connection, CopyIn, Database, QueryResult, ResultRow } from "../connection/database.ts"

interface Answer {
  readonly rows: readonly unknown[]
  readonly affectedRows?: number | undefined
}

/** The part of a PGlite database that rowgate uses. */
export interface Pglite {
  /** Runs one statement. */
  query(text: string, values?: unknown[], options?: { blob?: Blob | File }): Promise<Answer>
  /** Closes the database. */
  close(): Promise<void>
}

/** Bytes of whole lines that one COPY gets. They are in memory twice, here and inside the database. */
const copyBytes = 8 << 20
const newline = 0x0a

/** The end of each database's last turn. Two sinks, or a query of the ledger, must not use each other's transaction. */
const turns = new WeakMap<Pglite, Promise<void>>()

/** An embedded database. It has only one connection, so loads take turns. */
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
  /** It runs in this process, so there is no network to wait for. */
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
    return new BlobCopy(this.#db, into, options)
  }

  destroy(): void {
    this.release(true)
  }

  release(broken = false): void {
    // There is no other connection, so an open transaction has to be rolled back on this one.
    if (broken) this.#db.query("ROLLBACK").then(this.#done, this.#done)
    else this.#done()
  }
}

/**
 * PGlite reads the data of a COPY from a blob, so a long COPY becomes several statements. Writers may cut the data anywhere, but each statement
 * ends with a line. In text form, every newline ends a line, because newlines in values are escaped. In binary form, a second
 * statement would lack the header, so all data goes at once; loads limit its size.
 */
class BlobCopy implements CopyIn {
  readonly #db: Pglite
  readonly #text: string
  readonly #hasLines: boolean
  #lines: Uint8Array<ArrayBuffer>[] = []
  #bytes = 0
  /** The beginning of a line that has not ended yet. */
  #begun: Uint8Array<ArrayBuffer>[] = []
  #rows = 0

  constructor(db: Pglite, into: string, options: string) {
    this.#db = db
    this.#text = `COPY ${into} FROM '/dev/blob' WITH (${options})`
    this.#hasLines = options.startsWith("FORMAT text")
  }

  write(bytes: Uint8Array): void {
    const own = new Uint8Array(bytes)
    const end = this.#hasLines ? own.lastIndexOf(newline) + 1 : 0
    if (end > 0) this.#add([...this.#begun.splice(0), own.subarray(0, end)])
    if (end < own.length) this.#begun.push(own.subarray(end))
  }

  async drained(): Promise<void> {
    if (this.#bytes >= copyBytes) await this.#flush()
  }

  async end(): Promise<number> {
    this.#add(this.#begun.splice(0))
    await this.#flush()
    return this.#rows
  }

  async fail(): Promise<void> {
    this.#lines = []
    this.#begun = []
    this.#bytes = 0
  }

  #add(pieces: readonly Uint8Array<ArrayBuffer>[]): void {
    for (const piece of pieces) {
      this.#lines.push(piece)
      this.#bytes += piece.length
    }
  }

  async #flush(): Promise<void> {
    if (this.#bytes === 0) return
    const blob = new Blob(this.#lines)
    this.#lines = []
    this.#bytes = 0
    try {
      const { affectedRows } = await this.#db.query(this.#text, [], { blob })
      this.#rows += affectedRows ?? 0
    } catch (error) {
      throw countedFrom(this.#rows, error)
    }
  }
}

/** Adds the rows of the earlier statements to the line number of an error. */
function countedFrom(rows: number, error: unknown): unknown {
  if (rows === 0 || !(error instanceof Error) || !("where" in error) || typeof error.where !== "string") return error
  error.where = error.where.replace(/^(COPY .+?, [^\d,:"]+)(\d+)/m, (_, before: string, line: string) => before + (Number(line) + rows))
  return error
}
