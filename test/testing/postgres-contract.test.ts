import { randomBytes } from "node:crypto"
import pg from "pg"
import postgresJs from "postgres"
import { afterAll, beforeAll, describe, test } from "vitest"
import { fromPostgresJs, migrate, type PostgresPool, postgres } from "../../src/postgres.ts"
import { type ContractRow, sinkContract } from "../../src/testing.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { readTable } from "./read-table.ts"

let database: PostgresDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await postgresDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  pool.on("error", () => undefined)
  await migrate(pool)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

describe.each<[string, () => PostgresPool]>([
  ["pg", () => pool],
  ["postgres.js", () => fromPostgresJs((options) => postgresJs(database.url, options))],
])("postgres by the package %s", (_name, poolOf) => {
  const cases = sinkContract({
    delivery: "once",
    create() {
      const table = `t_${randomBytes(6).toString("hex")}`
      return {
        sink: postgres<ContractRow>({ pool: poolOf(), table, createTable: true }),
        rows: () => readTable(table, async (sql) => (await pool.query(sql)).rows),
      }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})
