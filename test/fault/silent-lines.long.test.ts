import { bytes, createPipeline, csv, type RetryOptions } from "rowgate"
import { postgres } from "rowgate/postgres"
import { backendOf } from "rowgate/postgres/connection/backend"
import { expect, test } from "vitest"
import { silentLogger } from "../../src/contract/logger.ts"
import type { Connection, Database } from "../../src/postgres/connection/database.ts"
import { poolDatabase } from "../../src/postgres/connection/pool-database.ts"
import { ControlConnection } from "../../src/postgres/ledger/control-connection.ts"
import { failDeadRuns } from "../../src/postgres/ledger/run-entry.ts"
import { type Fate, FaultProxy } from "../../src/testing/crash/fault-proxy.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const file = Buffer.from(`id,name\n${Array.from({ length: 3000 }, (_, at) => `${at + 1},row ${at + 1}`).join("\n")}\n1,again\n`)
const { url: direct, pool } = await ledgerDatabase()

/** Loads over connections that go dead at the first message that begins with `begins`. Nothing is closed, as when a host vanishes. */
async function loadOverDeafLines(table: string, begins: string, retry: RetryOptions, fate: Fate = "deaf"): Promise<string> {
  await pool.query(`CREATE TABLE ${table} (id integer PRIMARY KEY, name text)`)
  const url = new URL(direct)
  let heard = false
  await using proxy = await FaultProxy.before(
    { host: url.hostname, port: Number(url.port) },
    {
      onMessage: ({ label }) => {
        if (heard || !label.startsWith(begins)) return "pass"
        heard = true
        return fate
      },
    },
  )
  url.host = `127.0.0.1:${proxy.port}`
  const report = await createPipeline({ name: table, batchRows: 500, retry })
    .from(bytes(file, { name: "rows.csv" }))
    .parse(csv())
    .into(postgres({ url: url.href, table, heartbeatMs: 100, staleMs: 800 }))
    .run()
  expect(heard).toBe(true)
  const { rows } = await pool.query(`SELECT count(*)::int AS rows FROM ${table}`)
  return `${report.deliveries[0]?.outcome}, ${rows[0]?.rows} rows`
}

test.each([
  ["before_claim", "BEGIN", "before it has a claim"],
  ["at_entry", "WITH held AS", "between its lock and its entry in the ledger"],
  ["in_copy", "CopyData", "among its rows"],
  ["at_the_end", "UPDATE rowgate.run SET status = $3", "during its last statement"],
])(
  "%s: a load whose connections go dead %s is noticed, its backend is ended, and the next try loads",
  async (table, begins) => {
    expect(await loadOverDeafLines(table, begins, { attempts: 3, delayMs: 10 })).toBe("loaded, 3000 rows")
  },
  20_000,
)

test("a load ends with an error if its network goes dead for good while it sends rows", async () => {
  const load = loadOverDeafLines("for_good", "CopyData", { attempts: 1 }, "deaf for good")
  await expect(load).rejects.toMatchObject({ code: "LEASE_LOST", retryable: true })
}, 28_000)

test("a heartbeat that was answered while the process was not running counts as answered", async () => {
  const real = poolDatabase(pool)
  let starve = false
  const database: Database = {
    name: real.name,
    concurrent: true,
    close: () => real.close(),
    async connect() {
      const connection = await real.connect()
      return withQuery(connection, (text, values) => {
        const answer = connection.query(text, values)
        // The query is on its way; then nothing runs for longer than a heartbeat may take.
        if (starve) setTimeout(() => block(700), 20)
        starve = false
        return answer
      })
    },
  }
  const control = new ControlConnection(database, { heartbeatMs: 100, staleMs: 300 }, silentLogger)
  const data = await real.connect()
  try {
    const lost: string[] = []
    starve = true
    control.watch({ data, pid: (await backendOf(data)).pid, lost: (why) => lost.push(why) })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(starve).toBe(false)
    expect(lost).toEqual([])
  } finally {
    await control.close()
    data.release()
  }
})

test("a load that slept between its lock and its entry does not fail the one that came after it", async () => {
  const sleeper = await pool.connect()
  const next = await pool.connect()
  try {
    const { rows } = await sleeper.query("SELECT pg_backend_pid() AS pid")
    await next.query("BEGIN")
    await next.query("SELECT pg_advisory_xact_lock(-42)")
    const { rows: own } = await next.query("SELECT pg_backend_pid() AS pid")
    await pool.query(
      `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, uri, mode, status, token)
       VALUES ('next', 'i', 'p', 't', 'the claim', 'u', 'append', 'running', nextval('rowgate.token'))`,
    )
    const asker = poolDatabase(pool)
    const connection = await asker.connect()
    const statusNow = async () => (await pool.query("SELECT status FROM rowgate.run WHERE id = 'next'")).rows[0]?.status
    expect(await failDeadRuns(connection, "the claim", { pid: rows[0]?.pid, lock: "-42" })).toBe(false)
    expect(await statusNow()).toBe("running")
    expect(await failDeadRuns(connection, "the claim", { pid: own[0]?.pid, lock: "-42" })).toBe(true)
    expect(await statusNow()).toBe("failed")
    connection.release()
  } finally {
    await next.query("ROLLBACK")
    sleeper.release()
    next.release()
  }
})

function withQuery(connection: Connection, query: Connection["query"]): Connection {
  return {
    query,
    copyIn: (into, options) => connection.copyIn(into, options),
    get busy() {
      return connection.busy
    },
    get progress() {
      return connection.progress
    },
    destroy: () => connection.destroy(),
    release: (broken) => connection.release(broken),
  }
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
