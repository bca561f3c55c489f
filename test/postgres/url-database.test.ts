import { expect, test } from "vitest"
import { urlDatabase } from "../../src/postgres/connection/url-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, url } = await ledgerDatabase()
const open = async () =>
  (await pool.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'rowgate' AND datname = current_database()")).rows

test("connections are opened in advance, and one that broke while it waited is replaced", async () => {
  const database = await urlDatabase(url, { preconnect: 2 })
  await expect.poll(open).toHaveLength(2)
  for (const { pid } of await open()) await pool.query("SELECT pg_terminate_backend($1)", [pid])
  await expect.poll(open).toHaveLength(0)
  const answers = async () => {
    const connections = [await database.connect(), await database.connect()]
    try {
      return await Promise.all(connections.map(async (connection) => (await connection.query("SELECT 1 AS one")).rows))
    } finally {
      for (const connection of connections) connection.release()
    }
  }
  // The server terminates the connections before their clients notice.
  await expect.poll(() => answers().catch(String)).toEqual([[{ one: 1 }], [{ one: 1 }]])
  await database.close()
  await expect.poll(open).toHaveLength(0)
})

test("unused connections are closed with the database, whether or not they were opened", async () => {
  const database = await urlDatabase(url, { preconnect: 2 })
  await database.close()
  await expect.poll(open).toHaveLength(0)
})

test("connect throws the error of a connection that was opened in advance", async () => {
  const database = await urlDatabase("postgres://nobody@127.0.0.1:1/none", { preconnect: 1 })
  await expect(database.connect()).rejects.toMatchObject({ code: "ECONNREFUSED" })
  await database.close()
})
