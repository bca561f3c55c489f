import { readFile } from "node:fs/promises"
import { join } from "node:path"
import pg from "pg"
import { expect, test } from "vitest"
import { migrate, postgres } from "../../src/postgres.ts"
import { postgresServer } from "../postgres-server.ts"
import { partsOf, publish, stage } from "./stage-parts.ts"

test("staged parts survive a crash of the server, and the delivery is loaded afterwards", async () => {
  await using server = await postgresServer({ restarts: true })
  const pool = new pg.Pool({ connectionString: server.url })
  pool.on("error", () => undefined)
  try {
    await migrate(pool)
    await pool.query("CREATE TABLE item (id int PRIMARY KEY, name text)")
    const rows = (from: number) => Array.from({ length: 500 }, (_, n) => ({ id: from + n, name: `item ${n}` }))
    const given = partsOf([rows(0), rows(1000), [...rows(2000), { id: 2 ** 40, name: "too large" }]])
    const sink = () => postgres<object>({ pool, table: "item", control: false })
    await stage(sink(), given, 2)
    await stage(sink(), given, 0)
    const pid = Number((await readFile(join(server.dataDirectory, "postmaster.pid"), "utf8")).split("\n")[0])
    process.kill(pid, "SIGQUIT")
    const isUp = () =>
      pool
        .query("SELECT pg_postmaster_start_time() AS at")
        .then(() => readFile(join(server.dataDirectory, "postmaster.pid"), "utf8"))
        .then(
          (text) => Number(text.split("\n")[0]) !== pid,
          () => false,
        )
    await expect.poll(isUp, { timeout: 30_000, interval: 200 }).toBe(true)
    await stage(sink(), given, 1)
    expect(await publish(sink(), given)).toMatchObject({ outcome: "loaded", loaded: 1500, rejected: 1 })
    expect((await pool.query("SELECT count(*)::int AS n FROM item")).rows[0].n).toBe(1500)
  } finally {
    await pool.end()
  }
}, 60_000)
