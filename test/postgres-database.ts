import { randomBytes } from "node:crypto"
import { connect } from "node:net"
import { text } from "node:stream/consumers"
import pg from "pg"
import { inject } from "vitest"

/** A database for one test. */
export interface PostgresDatabase extends AsyncDisposable {
  /** Connection string of the server's superuser for this database. */
  readonly url: string
  readonly name: string
  /** Drops the database and disconnects everybody who is still connected. */
  drop(): Promise<void>
}

/**
 * Creates an empty database on the PostgreSQL of this test run, starting the server if this is the first one, or on the server of this superuser's URL.
 * Use it as `await using database = await postgresDatabase()`, or keep it in `beforeAll` and drop it in `afterAll`.
 */
export async function postgresDatabase(existing?: string): Promise<PostgresDatabase> {
  const server = existing ?? (await serverUrl())
  const name = `test_${randomBytes(6).toString("hex")}`
  await execute(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = name
  const drop = async () => {
    // If the server disconnects a client that is just leaving, the client throws an error that nobody can catch. Let it leave first.
    await execute(
      server,
      `DO $$ BEGIN
      FOR tried IN 1..20 LOOP
        EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '${name}');
        PERFORM pg_sleep(0.05), pg_stat_clear_snapshot();
      END LOOP;
    END $$`,
    )
    await execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
  return { url: url.href, name, drop, [Symbol.asyncDispose]: drop }
}

async function serverUrl(): Promise<string> {
  const answer = await text(connect(inject("postgresPort"), "127.0.0.1"))
  if (!answer.startsWith("postgres")) throw new Error(`no PostgreSQL for the tests: ${answer}`)
  return answer
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
