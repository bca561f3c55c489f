import pg from "pg"
import { migrate } from "rowgate/postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { allFaults, faultRun, summary } from "./fault-run.ts"
import { loaderProgram } from "./loader-program.ts"
import { postgresTarget } from "./postgres-target.ts"

const hour = 3_600_000
let database: PostgresDatabase
let pool: pg.Pool
let program: string

beforeAll(async () => {
  program = await loaderProgram()
  database = await postgresDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  await migrate(pool)
})

afterAll(async () => {
  await pool.end()
  await database.drop()
  process.stdout.write(summary())
})

test(
  "whatever happens to loaders that append, and to their network, the file is loaded once",
  async () => {
    const target = (file: File) => postgresTarget(file, { pool, url: database.url })
    expect(await faultRun({ title: "append", program, target, faults: allFaults(1) })).toEqual([])
  },
  hour,
)

test.each(["upsert", "replace", "scd2", "delete-missing"] as const)(
  "whatever happens to loaders in the mode %s, the table is what one load makes of it",
  async (mode) => {
    const target = (file: File) => postgresTarget(file, { pool, url: database.url, mode })
    expect(await faultRun({ title: mode, program, target, faults: allFaults(0.02) })).toEqual([])
  },
  hour,
)

type File = Parameters<typeof postgresTarget>[0]
