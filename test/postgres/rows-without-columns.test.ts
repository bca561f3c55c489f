import { expect, test } from "vitest"
import { createPipeline } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, clear } = await ledgerDatabase()

test.each([
  ["the first", [1, 2]],
  ["one in the middle", [3, 4]],
  ["the last", [5, 6]],
  ["every", [1, 2, 3, 4, 5, 6]],
])("map may have no passing row in a batch: %s", async (_, failing) => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS square; CREATE TABLE square (root int, square int)")
  const report = await createPipeline({ name: "squares", batchRows: 2 })
    .fromRows([1, 2, 3, 4, 5, 6].map((n) => ({ n })))
    .check(({ n }) => (failing.includes(n) ? { code: "n.bad", message: "is bad" } : undefined))
    .map(({ n }: { n: number }) => ({ root: n, square: n * n }))
    .into(postgres({ pool, table: "square" }))
    .run()
  expect(report).toMatchObject({ read: 6, loaded: 6 - failing.length, rejected: failing.length })
  const { rows } = await pool.query("SELECT root FROM square ORDER BY root")
  expect(rows.map(({ root }) => root)).toEqual([1, 2, 3, 4, 5, 6].filter((n) => !failing.includes(n)))
  expect((await pool.query("SELECT count(*)::int AS n FROM rowgate.reject")).rows).toEqual([{ n: failing.length }])
})

test("passing rows without any column are not mistaken for a fault of the database", async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS square; CREATE TABLE square (root int DEFAULT 1)")
  const load = createPipeline({ name: "nothing" })
    .fromRows([{ n: 1 }])
    .map(() => ({}))
    .into(postgres({ pool, table: "square" }))
  await expect(load.run()).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH", message: expect.stringContaining("no column") })
})
