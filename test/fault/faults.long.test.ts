import pg from "pg"
import { migrate } from "rowgate/postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { appendFaults, faultRun, otherFaults, summary } from "./fault-run.ts"
import { loaderProgram } from "./loader-program.ts"
import type { Way } from "./loader-settings.ts"
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
    expect(await faultRun({ title: "append", program, target, faults: appendFaults() })).toEqual([])
  },
  hour,
)

test.each<[Way, { readonly rows?: number; readonly rejectEvery?: number }]>([
  ["upsert", {}],
  ["insert-only", {}],
  ["replace", {}],
  ["delete-missing", {}],
  ["scd2", {}],
  ["scd2 files", { rows: 6000 }],
  // There are as many corrections as good rows.
  ["replay", { rejectEvery: 2 }],
  ["reload", {}],
])(
  "whatever happens to loaders of the kind %s, the table is the result of a single load",
  async (way, options) => {
    const target = (file: File) => postgresTarget(file, { pool, url: database.url, way })
    expect(await faultRun({ title: way, program, target, faults: otherFaults(), ...options })).toEqual([])
  },
  hour,
)

type File = Parameters<typeof postgresTarget>[0]
