import type { ClientConfig, Client as PgClient } from "pg"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ConnectionOptions } from "../postgres-options.ts"
import type { Database } from "./database.ts"
import { poolDatabase } from "./pool-database.ts"
import { tlsMode } from "./tls-mode.ts"

const poolSize = 20
const connectTimeoutMs = 10_000

/** Beside how to connect: how many connections are sure to be asked for, which begin at once. Default: none. */
interface UrlDatabaseOptions extends Pick<ConnectionOptions, "ssl" | "password"> {
  readonly preconnect?: number
}

/** Connections of a pool of its own, made when it is first needed. */
export async function urlDatabase(url: string, { ssl, password, preconnect: ahead = 0 }: UrlDatabaseOptions = {}): Promise<Database> {
  const name = displayName(url)
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "the package `pg` is not installed, which a connection string needs",
      remedy: "npm install pg",
      cause,
    })
  })
  const tls = await tlsMode(url, (bare) => new pg.Client({ connectionString: bare }), ssl)
  const ends: (() => Promise<void>)[] = []
  const open = (encrypted: boolean) => {
    const pool = new pg.Pool({
      connectionString: tls.url,
      ssl: encrypted && tls.ssl,
      ...(tls.sslnegotiation === undefined || !encrypted ? {} : { sslnegotiation: tls.sslnegotiation }),
      ...(password === undefined ? {} : { Client: clientWithPassword(pg.Client, password) }),
      max: poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      application_name: "rowgate",
    })
    // A connection that breaks while nobody uses it is dropped by the pool; without a listener it would end the process.
    pool.on("error", () => undefined)
    ends.push(() => pool.end())
    return poolDatabase(pool, name)
  }
  const first = open(tls.ssl !== false)
  const database = tls.allowsPlaintext ? withPlaintextFallback(first, () => open(false)) : first
  return withPreconnects(database, ahead, async () => void (await Promise.all(ends.map((end) => end()))))
}

/** The connection string beats every other setting of `pg`, with an empty password too, so that each client is told once it has read it. */
function clientWithPassword(Client: typeof PgClient, password: () => string | Promise<string>): typeof PgClient {
  return class extends Client {
    constructor(config?: string | ClientConfig) {
      super(config)
      Object.defineProperty(this, "password", { value: password, enumerable: false, writable: true, configurable: true })
    }
  }
}

/** Goes on without TLS where the server says at first that it has none; once it had, it is never given up. */
function withPlaintextFallback(encrypted: Database, open: () => Database): Database {
  let isEncrypted = false
  let plain: Database | undefined
  return {
    ...encrypted,
    async connect() {
      if (plain !== undefined) return plain.connect()
      try {
        const connection = await encrypted.connect()
        isEncrypted = true
        return connection
      } catch (error) {
        if (isEncrypted || !(error instanceof Error && error.message === "The server does not support SSL connections")) throw error
        plain ??= open()
        return plain.connect()
      }
    },
  }
}

/**
 * The server makes its part of a connection while the file is looked at. It waits in the pool, which drops it where it breaks; what goes
 * wrong before is told to whoever asks for the connection.
 */
function withPreconnects(database: Database, count: number, end: () => Promise<void>): Database {
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

/** `host:port/database` of a connection string: what a message may show. */
function displayName(url: string): string {
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
