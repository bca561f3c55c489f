import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { env, execPath, pid } from "node:process"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import pg from "pg"
import { afterEach, describe, expect, inject, test } from "vitest"
import { KeptVariables } from "../../tools/kept-variables.ts"
import { type StandIn, startStandIn, whyNoStandIn } from "../aws/stand-in.ts"
import { postgresDatabase } from "../postgres-database.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const program = ["--import", "tsx", "--import", "./tools/sql-import.mjs", "tools/local-aws.ts"]
const run = promisify(execFile)

/** The variables of the tests themselves say where tests put their reports, not where functions find anything. */
const environment = { PATH: env["PATH"], HOME: env["HOME"], TMPDIR: env["TMPDIR"] }

async function localAws(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return await new Promise((resolve) => {
    execFile(execPath, [...program, ...args], { cwd: root, env: environment }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr })
    })
  })
}

test("npm run local:aws delivers the sample, and shows where everything went, in less than a minute", async () => {
  const begun = performance.now()
  const { stdout, stderr } = await run("npm", ["run", "--silent", "local:aws"], { cwd: root, env: environment })
  const seconds = (performance.now() - begun) / 1_000
  console.log(`local:aws took ${seconds.toFixed(1)} s`)
  expect(stderr).toBe("")
  for (const line of [
    "Migrate  7 migrations of the ledger, the table orders, the user rowgate_load",
    "Upload   examples/data/sample.xlsx to s3://landing/sample.xlsx",
    "> Normalize > Validate > Score > Merge > Merged > Load > Archive > Outcome > Loaded (",
    "242 rows read, 220 loaded, 22 rejected",
    'A8: unitPrice: "1.234,56" is not a decimal number.',
    "A63: email: is not an e-mail address",
    "The landing bucket is empty.",
    "The processing bucket is empty.",
    "Try next",
  ])
    expect(stdout).toContain(line)
  for (const dimension of ["completeness", "accuracy", "uniqueness", "validity"])
    expect(stdout).toMatch(new RegExp(`^ .*\\b${dimension} \\d\\d`, "m"))
  expect(stdout).toMatch(/^ +order_no +customer .*\n +1001 +Anke Möller .*\n +1002 .*\n +1003 .*\n\n/m)
  const archived = [...stdout.matchAll(/^ {2}s3:\/\/archive\/loaded\/orders\/\S+\/(sample\S+)$/gm)].map(([, name]) => name)
  expect(archived).toEqual(["sample.xlsx", "sample.xlsx.rejects.ndjson", "sample.xlsx.report.json"])
  expect(seconds).toBeLessThan(60)
  expect(await readFile(join(root, ".rowgate/local-aws.log"), "utf8")).toContain('"RowsRejected":22')
})

describe("with --keep", () => {
  let kept: ChildProcess | undefined
  afterEach(() => void kept?.kill("SIGKILL"))

  test("the servers take further files until it is stopped", async () => {
    const file = join(inject("compiledFolder"), "german.csv")
    await copyFile(join(root, "examples/data/sample.csv"), file)
    const child = spawn(execPath, [...program, "--keep"], { cwd: root, env: environment, stdio: ["ignore", "pipe", "inherit"] })
    kept = child
    let output = ""
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      output += chunk
      if (output.includes("list the archive")) break
    }
    const address = /psql "(postgres:\S+)"/.exec(output)?.[1]
    expect(address).toBeDefined()
    expect((await localAws("--env", ".rowgate/local-aws.env")).output).toContain("The same bytes were loaded before")
    const refused = await localAws("--env", ".rowgate/local-aws.env", "--file", file)
    expect(refused).toMatchObject({ code: 0, output: expect.stringContaining("german.csv: refused (100.00 % of the rows were rejected") })
    expect(refused.output).toMatch(/s3:\/\/archive\/refused\/orders\/\S+german\.csv/)
    const second = await localAws("--keep")
    expect(second).toEqual({
      code: 1,
      output: `The process ${child.pid} keeps servers already. Deliver to them with --env instead of --keep, or stop that process.\n`,
    })
    child.kill("SIGTERM")
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0)
    expect(await localAws("--env", ".rowgate/local-aws.env")).toEqual({
      code: 1,
      output: '".rowgate/local-aws.env" does not exist. Give --env the path of a file.\n',
    })
  })

  test("a file of variables that a killed process has left behind is replaced", async () => {
    const path = join(root, ".rowgate/local-aws.env")
    await mkdir(join(root, ".rowgate"), { recursive: true })
    const gone = spawn(execPath, ["--version"])
    await once(gone, "exit")
    await writeFile(path, `# process ${gone.pid}\nDATABASE_URL=postgres://gone\n`)
    const variables = await KeptVariables.take(path)
    await variables.write({ DATABASE_URL: "postgres://here" })
    expect(await readFile(path, "utf8")).toBe(`# process ${pid}\nDATABASE_URL=postgres://here\n`)
    await expect(KeptVariables.take(path)).rejects.toThrow(`The process ${pid} keeps servers already.`)
    await variables.release()
  })
})

test.each([
  ["--file", "missing.csv", "does not exist"],
  ["--file", "examples", "is a folder"],
  ["--env", "missing.env", "does not exist"],
  ["--env", "examples", "is a folder"],
])("%s %s is refused by its name", async (option, path, reason) => {
  expect(await localAws(option, path)).toEqual({ code: 1, output: `"${path}" ${reason}. Give ${option} the path of a file.\n` })
})

test("a reader that closes the pipe causes no error", async () => {
  const child = spawn(execPath, program, { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] })
  child.stdout.once("data", () => child.stdout.destroy())
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")])
  expect(errors).toBe("")
  expect(code).toBe(0)
})

test("a file that cannot be read ends with an exit code and the reason", async () => {
  const file = join(inject("compiledFolder"), "empty.csv")
  await writeFile(file, "")
  const { code, output } = await localAws("--file", file)
  expect(code).toBe(1)
  expect(output).toMatch(/> Describe failure > Record failure > Failure > Failed .*\n\nThe execution failed: Rowgate\.\w+\n {2}\S/)
  expect(output).toContain("The landing bucket holds:\n  s3://landing/empty.csv")
})

const reason = await whyNoStandIn()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("the variables of .env.example and the buckets of local-buckets.sh take a file", ({ skip }) => skip(reason))
} else {
  test("the variables of .env.example and the buckets of local-buckets.sh take a file", async () => {
    await using standIn: StandIn = await startStandIn()
    await using database = await postgresDatabase()
    const bin = inject("compiledFolder")
    await writeFile(join(bin, "awslocal"), '#!/usr/bin/env bash\nexec aws "$@"\n', { mode: 0o755 })
    const { endpoint, region, credentials } = standIn.client
    const ofStandIn = { AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: region, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" }
    expect(credentials).toEqual({ accessKeyId: "test", secretAccessKey: "test" })
    await run(join(root, "examples/lambda/scripts/local-buckets.sh"), [], {
      env: { ...environment, ...ofStandIn, PATH: `${bin}:${env["PATH"]}` },
    })
    const example = await readFile(join(root, "examples/lambda/.env.example"), "utf8")
    const user = `load_${database.name}`
    const file = join(bin, "local.env")
    const lines = example
      .replace(/^DATABASE_URL=.*/m, `DATABASE_URL=${database.url}`)
      .replace(/^LOAD_USER=.*/m, `LOAD_USER=${user}`)
      .replace(/^AWS_ENDPOINT_URL=.*/m, `AWS_ENDPOINT_URL=${endpoint}`)
    await writeFile(file, lines)
    const { code, output } = await localAws("--env", file)
    const pool = new pg.Pool({ connectionString: database.url })
    await pool.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`)
    await pool.end()
    expect(code, output).toBe(0)
    expect(output).toContain("242 rows read, 220 loaded, 22 rejected")
    expect(output).toContain("The landing bucket is empty.")
    expect(output).toContain("The processing bucket is empty.")
  })
}
