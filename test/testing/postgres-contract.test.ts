import { randomBytes } from "node:crypto"
import postgresJs from "postgres"
import { describe, test } from "vitest"
import { fromPostgresJs, type PostgresPool, postgres } from "../../src/postgres.ts"
import { type ContractRow, sinkContract } from "../../src/testing.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { readTable } from "./read-table.ts"

const { url, pool } = await ledgerDatabase()

describe.each<[string, () => PostgresPool]>([
  ["pg", () => pool],
  ["postgres.js", () => fromPostgresJs((options) => postgresJs(url, options))],
])("postgres with the package %s", (_name, poolOf) => {
  const cases = sinkContract({
    delivery: "once",
    create() {
      const table = `t_${randomBytes(6).toString("hex")}`
      return {
        sink: postgres<ContractRow>({ pool: poolOf(), table, createTable: true, naming: "exact" }),
        rows: () => readTable(table, async (sql) => (await pool.query(sql)).rows),
      }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})
