import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { callback } from "../../options/option-kinds.ts"
import { PostgresJsCopy } from "./postgres-js-copy.ts"
import type { PostgresClient, PostgresPool } from "./postgres-pool.ts"

/** Options that every client of the package `postgres` needs: one connection, which is never replaced during a transaction. */
export interface PostgresJsOptions {
  /** Each client has one connection. */
  readonly max: 1
  /** Statements have no names, so that poolers work. */
  readonly prepare: false
  /** The package sends no statement of its own first. */
  readonly fetch_types: false
  /** A connection in use is not closed because of its age. */
  readonly max_lifetime: null
  /** Called when the connection has closed. */
  readonly onclose: () => void
  /** Ignores the server's notices, which would otherwise be printed to the console. */
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
 * Makes a pool for `postgres({ pool })` from the package `postgres` (porsager/postgres). The factory creates a client with the options that it gets,
 * and may add its own. Each load ends its clients.
 * Loads throw `CONFIG_INVALID` if the factory does not pass the options on.
 */
export function fromPostgresJs(create: (options: PostgresJsOptions) => object): PostgresPool {
  checkArgument("fromPostgresJs()", create, callback("a function that makes a client"))
  return {
    async connect() {
      const state = { isOpen: true }
      const onclose = () => {
        state.isOpen = false
      }
      const sql = create({ max: 1, prepare: false, fetch_types: false, max_lifetime: null, onclose, onnotice: () => undefined })
      if (!isPostgresJs(sql) || sql.options.max !== 1 || sql.options.onclose !== onclose) throw wrongFactory()
      try {
        await sql.unsafe("SELECT 1")
      } catch (error) {
        await sql.end({ timeout: 0 })
        throw error
      }
      return new PostgresJsClient(sql, state)
    },
  }
}

class PostgresJsClient implements PostgresClient {
  readonly #sql: PostgresJs
  readonly #state: { readonly isOpen: boolean }

  constructor(sql: PostgresJs, state: { readonly isOpen: boolean }) {
    this.#sql = sql
    this.#state = state
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

  /** If its connection has closed, the package would open another one, outside of the transaction. */
  #check(): void {
    if (this.#state.isOpen) return
    throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "CONNECTION_CLOSED" })
  }
}

/** The type `unknown`: the statement decides the parameter's type, as with `pg`. The package would otherwise send texts as JSON. */
const unknownType = 705
const endSeconds = 5

/** The number of rows that the statement changed, if the result says so. */
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
    message: "The factory of fromPostgresJs() did not create a client of the package `postgres` with the options that it got.",
    remedy: "Pass the options on: fromPostgresJs((options) => postgres(url, options)).",
  })
}
