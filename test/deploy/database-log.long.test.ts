import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline } from "../../src/index.ts"
import { migrate, postgres } from "../../src/postgres.ts"
import { postgresDatabase } from "../postgres-database.ts"
import { type PostgresServer, postgresServer } from "../postgres-server.ts"
import { readSettings } from "./settings.ts"

/** Part of every cell of the column `customer`. */
const secret = /S3CR3T/

const Item = z.object({ id: z.number().int(), customer: z.string(), address: z.string() })

/** How PostgreSQL or a trigger comes to quote a row. */
const refusals = {
  // In the detail of an error.
  "a constraint": "ALTER TABLE item ADD CHECK (customer NOT LIKE 'S3CR3T%')",
  // In the message itself.
  "a type": "ALTER TABLE item ALTER address TYPE inet USING address::inet",
  "a trigger": refusing("RAISE EXCEPTION 'No % here', NEW"),
  "a trigger that warns": refusing("RAISE WARNING 'Odd: %', NEW"),
  // In the context of an error that ends the connection.
  "the end of the connection": refusing("PERFORM NEW.customer, pg_terminate_backend(pg_backend_pid())"),
}

let server: PostgresServer

beforeAll(async () => {
  const own = Object.entries(readSettings().database.parameters).filter(([name]) => !name.startsWith("rds."))
  const flags = own.flatMap(([name, value]) => ["-c", `${name}=${value}`])
  server = await postgresServer({ flags: ["-c", "fsync=off", "-c", "logging_collector=on", ...flags] })
}, 60_000)

afterAll(() => server?.stop())

test("PostgreSQL quotes no row in its log with the parameters in settings.json", async () => {
  for (const [what, prepare] of Object.entries(refusals)) expect(await logOf(server, prepare), what).not.toMatch(secret)
})

test("PostgreSQL quotes rows in its log with the parameters that it has by default", async () => {
  const usual = ["log_error_verbosity = 'default'", "log_min_messages = warning"]
  const { "the end of the connection": _, ...quoting } = refusals
  for (const [what, prepare] of Object.entries(quoting)) expect(await logOf(server, prepare, usual), what).toMatch(secret)
})

function refusing(statement: string): string {
  return `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${statement}; RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION refuse()`
}

/** What the server logs while a file is delivered to a table of a new database. */
async function logOf(server: PostgresServer, prepare: string, settings: readonly string[] = []): Promise<string> {
  await using database = await postgresDatabase(server.url)
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  for (const setting of settings) await admin.query(`ALTER DATABASE ${database.name} SET ${setting}`)
  await admin.query(`CREATE TABLE item (id int PRIMARY KEY, customer text, address text); ${prepare}`)
  const before = (await logText(server)).length
  const pool = new pg.Pool({ connectionString: database.url })
  pool.on("error", () => undefined)
  try {
    await migrate(pool)
    const run = createPipeline({ name: "items", retry: { attempts: 1 } })
      .from(bytes("id,customer,address\n1,S3CR3T name,S3CR3T street\n", { name: "items.csv" }))
      .validate(Item)
      .into(postgres({ pool, table: "item" }))
      .run()
    // A lost connection fails the delivery; all else rejects the row or loads it.
    await run.catch(() => undefined)
  } finally {
    await pool.end()
  }
  // The collector of the log writes a little later, but in order.
  await admin.query(`DO $$ BEGIN RAISE LOG 'delivered to ${database.name}'; END $$`)
  await admin.end()
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await wait(20)) {
    const text = (await logText(server)).slice(before)
    if (text.includes(`delivered to ${database.name}`)) return text
  }
  throw new Error("The server did not log the end of the delivery within 10 seconds.")
}

async function logText({ dataDirectory }: PostgresServer): Promise<string> {
  const folder = join(dataDirectory, "log")
  const files = (await readdir(folder)).sort()
  return (await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))).join("")
}
