import { expect, test } from "vitest"
import { ledgerDatabase } from "../ledger-database.ts"
import { loadRejects } from "./load-rejects.ts"

const { url, pool } = await ledgerDatabase()

test("a file whose rows are all rejected loads with a heap that is too small for its rejects", async () => {
  await pool.query("CREATE TABLE person (id bigint PRIMARY KEY, name text, amount numeric)")
  const report = await loadRejects({ url, rows: 150_000, rejectedPercent: 100, heapMegabytes: 40 })
  expect(report).toMatchObject({ read: 150_000, loaded: 0, rejected: 150_000 })
  expect((await pool.query("SELECT count(*)::int AS n FROM rowgate.reject")).rows).toEqual([{ n: 150_000 }])
})
