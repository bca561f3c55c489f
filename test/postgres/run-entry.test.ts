import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { backendOf } from "../../src/postgres/connection/backend.ts"
import type { Queryable } from "../../src/postgres/connection/database.ts"
import { enterRun } from "../../src/postgres/ledger/run-entry.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool } = await ledgerDatabase()

async function enter(asker: Queryable, id: string): Promise<string> {
  const delivery = { id, pipeline: "orders", uri: "file:///orders.csv" } as never
  const entry = { delivery, invocation: randomUUID(), target: "public.orders", mode: "append", claim: "claim", identity: undefined }
  return enterRun(asker, { ...entry, backend: await backendOf(asker) })
}

const end = "UPDATE rowgate.run SET status = $2, finished_at = clock_timestamp() WHERE id = $1"

test("a load that waits for the end of another one with the same id may be tried again", async () => {
  const id = randomUUID()
  const first = await pool.connect()
  await first.query("BEGIN")
  await enter(first, id)
  const second = enter(pool, id)
  // Its INSERT waits for the first transaction.
  await expect.poll(async () => (await pool.query("SELECT 1 FROM pg_locks WHERE NOT granted")).rowCount).toBe(1)
  await first.query(end, [id, "refused"])
  await first.query("COMMIT")
  first.release()
  await expect(second).rejects.toMatchObject({ code: "SINK_BUSY", retryable: true, remedy: "Run it again." })
  await expect(enter(pool, id)).resolves.toMatch(/^\d+$/)
})

test("the id of a delivery that was loaded cannot be used again", async () => {
  const id = randomUUID()
  await enter(pool, id)
  await pool.query(end, [id, "committed"])
  await expect(enter(pool, id)).rejects.toMatchObject({ code: "SINK_BUSY", retryable: false, remedy: "Give each delivery its own id." })
})
