import { execFile } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import pg from "pg"
import { expect, onTestFinished, test, vi } from "vitest"
import { postgresDatabase } from "./postgres-database.ts"
import { postgresServer } from "./postgres-server.ts"

test("each test gets a separate, empty database", async () => {
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

test.each([
  ["running", "await postgresServer(); kill()"],
  ["still starting", "setTimeout(kill, 400); await postgresServer()"],
])("a server that is %s is gone, files and all, after its owner was killed", async (_, program) => {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-owner-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o777)
  const module = new URL("./postgres-server.ts", import.meta.url).href
  const kill = 'const kill = () => process.kill(process.pid, "SIGKILL")'
  const owner = runTypeScript(`import { postgresServer } from "${module}"; ${kill}; ${program}`, { TMPDIR: folder })
  await vi.waitUntil(() => readdirSync(folder).some((name) => name.startsWith("rowgate-postgres-")), { timeout: 20_000, interval: 5 })
  expect(await owner).toBe("SIGKILL")
  await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith("rowgate-postgres-")), { timeout: 20_000 }).toEqual([])
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

/** Runs a program to its end, and returns the signal that ended it. */
function runTypeScript(program: string, env: NodeJS.ProcessEnv): Promise<NodeJS.Signals | undefined> {
  const options = { env: { ...process.env, ...env } }
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", program], options, (error) =>
      resolve(error?.signal ?? undefined),
    )
  })
}
