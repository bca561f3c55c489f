import { RowgateError } from "../../errors/rowgate-error.ts"
import { PostgresJsCopy } from "./postgres-js-copy.ts"
import type { PostgresClient, PostgresPool } from "./postgres-pool.ts"

/** What a client of the package `postgres` has to be made with: one connection, that is not made anew behind the back of a transaction. */
export interface PostgresJsOptions {
  /** One connection a client. */
  readonly max: 1
  /** Statements have no names, so that a pooler may stand between. */
  readonly prepare: false
  /** No statement of its own at the beginning. */
  readonly fetch_types: false
  /** No end while it is used. */
  readonly max_lifetime: null
  /** Tells of a connection that is gone. */
  readonly onclose: () => void
  /** Says nothing of the server's notices, which otherwise go to the console. */
  readonly onnotice: () => void
}

/** The part of a client of the package `postgres` that is used. */
interface PostgresJs {
  unsafe(text: string, parameters?: readonly unknown[]): PromiseLike<unknown>
  typed(value: string | null, type: number): unknown
  end(options?: { timeout: number }): Promise<void>
  readonly options: { readonly max: unknown; readonly onclose: unknown }
}

/**
 * A pool for `postgres({ pool })` of clients of the package `postgres` (porsager/postgres), each with one connection: the factory makes one with
 * the options that it is given, and its own beside them. A client is ended when its load gives it back.
 * Loads throw `CONFIG_INVALID` where the factory leaves the options out.
 */
export function fromPostgresJs(create: (options: PostgresJsOptions) => object): PostgresPool {
  return {
    async connect() {
      const line = { isOpen: true }
      const onclose = () => {
        line.isOpen = false
      }
      const sql = create({ max: 1, prepare: false, fetch_types: false, max_lifetime: null, onclose, onnotice: () => undefined })
      if (!isPostgresJs(sql) || sql.options.max !== 1 || sql.options.onclose !== onclose) throw wrongFactory()
      try {
        await sql.unsafe("SELECT 1")
      } catch (error) {
        await sql.end({ timeout: 0 })
        throw error
      }
      return new PostgresJsClient(sql, line)
    },
  }
}

class PostgresJsClient implements PostgresClient {
  readonly #sql: PostgresJs
  readonly #line: { readonly isOpen: boolean }

  constructor(sql: PostgresJs, line: { readonly isOpen: boolean }) {
    this.#sql = sql
    this.#line = line
  }

  async query(text: string, values: readonly unknown[] = []): Promise<{ rows: unknown[]; rowCount: number }> {
    this.#check()
    const answer = await this.#sql.unsafe(
      text,
      values.map((value) => this.#sql.typed(parameterText(value), unknownType)),
    )
    const rows: unknown[] = Array.isArray(answer) ? [...answer] : []
    return { rows, rowCount: countOf(answer) ?? rows.length }
  }

  copyIn(statement: string): PostgresJsCopy {
    this.#check()
    return new PostgresJsCopy(this.#sql.unsafe(statement))
  }

  destroy(): void {
    void this.#sql.end({ timeout: 0 })
  }

  release(error?: Error | boolean): void {
    void this.#sql.end({ timeout: error === undefined || error === false ? endSeconds : 0 })
  }

  /** A client whose connection is gone would open another one, where nothing is left of the transaction. */
  #check(): void {
    if (this.#line.isOpen) return
    throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "CONNECTION_CLOSED" })
  }
}

/** The type of a parameter whose type the statement decides, as `pg` sends all of them; the client would otherwise write JSON of texts. */
const unknownType = 705
const endSeconds = 5

/** The number of rows that a result says it has touched. */
function countOf(result: unknown): number | undefined {
  const count = typeof result === "object" && result !== null && "count" in result ? result.count : undefined
  return typeof count === "number" ? count : undefined
}

function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === "string") return value
  if (Array.isArray(value)) return `{${value.map(elementText).join(",")}}`
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

function elementText(value: unknown): string {
  const text = parameterText(value)
  return text === null ? "NULL" : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
}

function isPostgresJs(value: object): value is PostgresJs {
  const has = (method: string) => method in value && typeof (value as { readonly [name: string]: unknown })[method] === "function"
  return has("unsafe") && has("typed") && has("end") && "options" in value
}

function wrongFactory(): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: "the factory of fromPostgresJs() made no client of the package `postgres` with the options that it was given",
    remedy: "fromPostgresJs((options) => postgres(url, options))",
  })
}
