import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import pg from "pg"
import { expect, test } from "vitest"
import { postgresDatabase } from "./postgres-database.ts"
import { type PostgresServer, postgresServer } from "./postgres-server.ts"

test("each test gets an empty database of its own", async () => {
  await using one = await postgresDatabase()
  await using other = await postgresDatabase()
  await query(one.url, "CREATE TABLE only_here (id int)")
  expect(await query(one.url, "SELECT count(*)::int AS count FROM pg_tables WHERE tablename = 'only_here'")).toEqual([{ count: 1 }])
  expect(await query(other.url, "SELECT count(*)::int AS count FROM pg_tables WHERE tablename = 'only_here'")).toEqual([{ count: 0 }])
})

test("a database is dropped while somebody is still connected to it", async () => {
  const database = await postgresDatabase()
  const client = new pg.Client({ connectionString: database.url })
  const cut = new Promise<Error>((resolve) => client.on("error", resolve))
  await client.connect()
  await database.drop()
  expect(String(await cut)).toMatch(/terminat/)
  await expect(query(database.url, "SELECT 1")).rejects.toThrow("does not exist")
})

test("a server is gone, files and all, after its owner was killed", async () => {
  const program = `
    import { postgresServer } from ${JSON.stringify(new URL("./postgres-server.ts", import.meta.url).href)}
    const { url, port, dataDirectory } = await postgresServer()
    console.log(JSON.stringify({ url, port, dataDirectory }))
    process.kill(process.pid, "SIGKILL")`
  const { dataDirectory, url } = await killedOwner(program)
  await expect.poll(() => existsSync(dirname(dataDirectory)), { timeout: 10_000 }).toBe(false)
  await expect(query(url, "SELECT 1")).rejects.toThrow("ECONNREFUSED")
})

test("a server that cannot start says what it complained about", async () => {
  await expect(postgresServer({ flags: ["-c", "no_such_setting=1"] })).rejects.toThrow(/unrecognized configuration parameter/)
})

test("a server asks for its password, and may be stopped twice", async () => {
  const server = await postgresServer()
  await expect(query(server.url.replace(/:[^:@]+@/, ":wrong@"), "SELECT 1")).rejects.toThrow("password authentication failed")
  await server.stop()
  await Promise.race([server.stop(), wait(1000).then(() => Promise.reject(new Error("hangs")))])
  expect(existsSync(server.dataDirectory)).toBe(false)
})

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

function killedOwner(program: string): Promise<PostgresServer> {
  const tsx = fileURLToPath(import.meta.resolve("tsx"))
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--import", `file://${tsx}`, "--input-type=module", "--eval", program], (error, stdout, stderr) => {
      if (error?.signal === "SIGKILL") resolve(JSON.parse(stdout))
      else reject(new Error(stderr, { cause: error }))
    })
  })
}
