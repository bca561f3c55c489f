import { randomBytes } from "node:crypto"
import pg from "pg"
import { type PostgresServer, postgresServer } from "../../postgres-server.ts"

/** Both sides load into this table of ten columns with a primary key. */
const ordersTable = `CREATE TABLE orders (
  order_id integer PRIMARY KEY, customer_name text NOT NULL, email text NOT NULL, country text NOT NULL, order_date date NOT NULL,
  amount numeric(12,2) NOT NULL, currency text NOT NULL, quantity integer NOT NULL, status text NOT NULL, notes text)`

/** The result of a load. It must be equal on both sides, or the comparison is meaningless. */
export interface LoadedOrders {
  readonly rows: number
  readonly amount: string
  readonly notes: number
}

/** A server with default settings and databases with the same initial content. */
export interface BenchServer extends AsyncDisposable {
  /** A new database as `prepare` left it, checkpointed, so that no side pays for earlier writes. */
  database(): Promise<BenchDatabase>
}

/** The database of one measurement. */
export interface BenchDatabase extends AsyncDisposable {
  readonly url: string
  loaded(): Promise<LoadedOrders>
}

/** Starts the server. `prepare` gets the connection string of the template of all databases. */
export async function benchServer(prepare: (url: string) => Promise<void>): Promise<BenchServer> {
  const server = await postgresServer()
  const template = databaseUrl(server, "orders_template")
  await execute(server.url, "CREATE DATABASE orders_template")
  await execute(template, ordersTable)
  await prepare(template)
  return {
    database: () => copyOf(server, "orders_template"),
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

async function copyOf(server: PostgresServer, template: string): Promise<BenchDatabase> {
  const name = `bench_${randomBytes(6).toString("hex")}`
  await execute(server.url, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
  const url = databaseUrl(server, name)
  await execute(url, "CHECKPOINT")
  return {
    url,
    async loaded() {
      const [row] = await execute(url, "SELECT count(*)::int AS rows, sum(amount)::text AS amount, count(notes)::int AS notes FROM orders")
      return row as LoadedOrders
    },
    async [Symbol.asyncDispose]() {
      await execute(server.url, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

function databaseUrl(server: PostgresServer, name: string): string {
  const url = new URL(server.url)
  url.pathname = name
  return url.href
}

async function execute(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
