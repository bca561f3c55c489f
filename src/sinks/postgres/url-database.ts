import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Database } from "./database.ts"
import { poolDatabase } from "./pool-database.ts"
import type { ConnectionOptions } from "./postgres-options.ts"

const poolSize = 20
const connectTimeoutMs = 10_000

/** Beside how to connect: how many connections are sure to be asked for, which begin at once. Default: none. */
interface UrlDatabaseOptions extends Pick<ConnectionOptions, "ssl" | "password"> {
  readonly ahead?: number
}

/** Connections of a pool of its own, made when it is first needed. */
export async function urlDatabase(url: string, { ssl, password, ahead = 0 }: UrlDatabaseOptions = {}): Promise<Database> {
  const name = nameOf(url)
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "the package `pg` is not installed, which a connection string needs",
      remedy: "npm install pg",
      cause,
    })
  })
  const pool = new pg.Pool({
    connectionString: url,
    ...(ssl === undefined ? {} : { ssl: tlsOptions(ssl) }),
    ...(password === undefined ? {} : { password }),
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: "rowgate",
  })
  // A connection that breaks while nobody uses it is dropped by the pool; without a listener it would end the process.
  pool.on("error", () => undefined)
  return connectAhead(poolDatabase(pool, name), ahead, () => pool.end())
}

/**
 * The server makes its part of a connection while the file is looked at. It waits in the pool, which drops it where it breaks; what goes
 * wrong before is told to whoever asks for the connection.
 */
function connectAhead(database: Database, count: number, end: () => Promise<void>): Database {
  const begun = Array.from({ length: count }, async () => (await database.connect()).release())
  for (const made of begun) made.catch(() => undefined)
  return {
    ...database,
    async connect() {
      await begun.shift()
      return database.connect()
    },
    close: end,
  }
}

function tlsOptions(ssl: NonNullable<ConnectionOptions["ssl"]>) {
  if (typeof ssl === "boolean") return ssl
  const { ca, rejectUnauthorized = true } = ssl
  return { rejectUnauthorized, ...(ca === undefined ? {} : { ca }) }
}

/** `host:port/database` of a connection string: what a message may show. */
function nameOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: "the connection string is not of the form postgres://user:password@host:port/database",
      remedy: "Check it for missing parts; a password with special characters must be percent-encoded.",
    })
  }
  return `PostgreSQL at ${parsed.host || "localhost"}${parsed.pathname}`
}
