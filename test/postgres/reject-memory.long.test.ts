import { describe, expect, test } from "vitest"
import { ledgerDatabase } from "../ledger-database.ts"
import { loadRejects } from "./load-rejects.ts"

const { url, pool, clear } = await ledgerDatabase()

const rows = 2_000_000

describe.each([100, 50])("two million rows with %i % rejects", (rejectedPercent) => {
  test.each([
    ["append", {}],
    ["upsert", { mode: "upsert", key: ["id"] }],
    ["delete-missing", { mode: "delete-missing", key: ["id"], scope: "table" }],
  ])("take less than 300 MB, and a heap of 100 MB: %s", async (_, options) => {
    await clear()
    await pool.query("DROP TABLE IF EXISTS person; CREATE TABLE person (id bigint PRIMARY KEY, name text, amount numeric)")
    const free = await loadRejects({ url, rows, rejectedPercent, options, heapMegabytes: 4_000 })
    const rejected = (rows * rejectedPercent) / 100
    expect(free).toMatchObject({ read: rows, loaded: rows - rejected, rejected })
    console.log(`peak of the process: ${free.peakMegabytes.toFixed(0)} MB`)
    expect(free.peakMegabytes).toBeLessThan(300)
    await clear()
    await pool.query("TRUNCATE person")
    const tight = await loadRejects({ url, rows, rejectedPercent, options, heapMegabytes: 100 })
    expect(tight).toMatchObject({ read: rows, loaded: rows - rejected, rejected })
  })
})
