import type { ClientConfig, Client as PgClient } from "pg"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ConnectionOptions, UrlOptions } from "../postgres-options.ts"
import type { Database } from "./database.ts"
import { poolDatabase } from "./pool-database.ts"
import { renewableDatabase } from "./renewable-database.ts"
import { tlsMode } from "./tls-mode.ts"

const poolSize = 20
const connectTimeoutMs = 10_000

interface UrlDatabaseOptions extends Pick<ConnectionOptions, "ssl" | "password"> {
  /** How many connections to open at once, because they are certain to be needed. Default: 0. */
  readonly preconnect?: number
}

/** Connects by a connection string, through its own pool. */
export async function urlDatabase(url: UrlOptions["url"], options: UrlDatabaseOptions = {}): Promise<Database> {
  return typeof url === "string" ? databaseAt(url, options) : renewableDatabase(url, (each) => databaseAt(each, options))
}

async function databaseAt(url: string, { ssl, password, preconnect = 0 }: UrlDatabaseOptions): Promise<Database> {
  const name = displayName(url)
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "A connection string needs the package `pg`, which is not installed.",
      remedy: "Run npm install pg.",
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
    // The pool drops idle connections that break; without a listener, their error would end the process.
    pool.on("error", () => undefined)
    ends.push(() => pool.end())
    return poolDatabase(pool, name)
  }
  const first = open(tls.ssl !== false)
  const database = tls.allowsPlaintext ? withPlaintextFallback(first, () => open(false)) : first
  return withPreconnects(database, preconnect, async () => void (await Promise.all(ends.map((end) => end()))))
}

/** In `pg` the connection string overrides all other settings, even if its password is empty. So the password is set after the client has read it. */
function clientWithPassword(Client: typeof PgClient, password: NonNullable<UrlOptions["password"]>): typeof PgClient {
  return class extends Client {
    constructor(config?: string | ClientConfig) {
      super(config)
      const ofUrl = this.password
      const value = async () => (await password()) ?? ofUrl
      Object.defineProperty(this, "password", { value, enumerable: false, writable: true, configurable: true })
    }
  }
}

/** Falls back to plaintext if the server says that it does not support TLS, unless an earlier connection used TLS. */
function withPlaintextFallback(encrypted: Database, open: () => Database): Database {
  let isEncrypted = false
  let plaintext: Database | undefined
  return {
    ...encrypted,
    async connect() {
      if (plaintext !== undefined) return plaintext.connect()
      try {
        const connection = await encrypted.connect()
        isEncrypted = true
        return connection
      } catch (error) {
        if (isEncrypted || !(error instanceof Error && error.message === "The server does not support SSL connections")) throw error
        plaintext ??= open()
        return plaintext.connect()
      }
    },
  }
}

/**
 * Opens connections while the first file is still being examined. They wait in the pool, which drops them if they break. If one cannot be opened,
 * the next call of `connect` gets the error.
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

/** The part of a connection string that messages may show: `host:port/database`. */
function displayName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: "The connection string does not have the form postgres://user:password@host:port/database.",
      remedy: "Correct the connection string. Percent-encode special characters in the password.",
    })
  }
  return `PostgreSQL at ${parsed.host || "localhost"}${parsed.pathname}`
}
