import pg from "pg"
import { expect, test } from "vitest"
import { silentLogger } from "../../src/contract/logger.ts"
import { postgresKeys } from "../../src/postgres.ts"
import { postgresDatabase } from "../postgres-database.ts"

const context = { runId: "test", signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0) }

test("known keys are a column's distinct values, without nulls", async () => {
  await using database = await postgresDatabase()
  const pool = new pg.Pool({ connectionString: database.url })
  await pool.query("CREATE TABLE customer (email text); INSERT INTO customer VALUES ('a'), ('b'), ('a'), (NULL)")
  const found: string[] = []
  for await (const key of postgresKeys<string>({ pool, table: "customer", column: "email" }).keys(context)) found.push(key)
  expect(found.sort()).toEqual(["a", "b"])
  const missing = postgresKeys<string>({ pool, table: "customer", column: "mail" }).keys(context)
  await expect(missing[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
  await pool.end()
})
