import { execFile } from "node:child_process"
import { createReadStream } from "node:fs"
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { env } from "node:process"
import { promisify } from "node:util"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import pg from "pg"
import { expect, test } from "vitest"
import { writeOrdersCsv } from "../../examples/data/orders.ts"
import type { Handlers } from "../../src/lambda.ts"
import { migrate } from "../../src/postgres.ts"
import { s3Storage } from "../../src/s3.ts"
import { compiled } from "../compiled.ts"
import { postgresDatabase } from "../postgres-database.ts"
import { bucket, startS3Server } from "../sources/s3/s3-server.ts"
import { runSteps } from "./handlers/run-steps.ts"

const run = promisify(execFile)
/** 12,500,000 rows are a gigabyte. */
const rows = Number(env["ROWGATE_SPLIT_MEMORY_ROWS"] ?? 2_500_000)

test(`a csv of ${rows} rows in parts of 64 MB needs less than 512 MB in each function`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-functions-"))
  const program = await compiled({ "function-process": "test/lambda/function-process.ts" })
  await using database = await postgresDatabase()
  await using server = await startS3Server()
  const pool = new pg.Pool({ connectionString: database.url })
  try {
    for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
    await migrate(pool)
    await pool.query(`CREATE TABLE orders (order_id bigint PRIMARY KEY, customer_name text, email text, country text, order_date date,
      amount numeric, currency text, quantity int, status text, notes text)`)
    const csv = join(folder, "orders.csv")
    await writeOrdersCsv(csv, { rows, damage: { share: 0.02, of: "rows" } })
    const { size } = await stat(csv)
    await s3Storage({ bucket, client: server.client }).write("orders.csv", createReadStream(csv))

    const peaks = new Map<string, { megabytes: number; ms: number; calls: number }>()
    const call = async (name: keyof Handlers, _handler: unknown, input: unknown) => {
      const [from, to] = [join(folder, "input.json"), join(folder, "output.json")]
      await writeFile(from, JSON.stringify(input))
      await run(process.execPath, [program.file("function-process"), name, from, to], {
        env: { ...env, DATABASE_URL: database.url, S3_ENDPOINT: server.endpoint, LOG_LEVEL: "error" },
      })
      const { result, ms, peakMegabytes } = JSON.parse(await readFile(to, "utf8"))
      const step = (input as { readonly step?: string; readonly merge?: boolean }) ?? {}
      const key = `${name}${step.merge === true ? " (merge)" : step.step === undefined ? "" : ` (${step.step})`}`
      const before = peaks.get(key) ?? { megabytes: 0, ms: 0, calls: 0 }
      peaks.set(key, { megabytes: Math.max(before.megabytes, peakMegabytes), ms: before.ms + ms, calls: before.calls + 1 })
      return result
    }
    const processing = s3Storage({ bucket: "processing", client: server.client })
    const { output } = await runSteps({} as Handlers, { bucket, key: "orders.csv" }, { processing, call })
    expect(output).toMatchObject({ status: "loaded", read: rows })
    console.log(`csv of ${(size / 1e6).toFixed(0)} MB`)
    for (const [name, { megabytes, ms, calls }] of peaks)
      console.log(
        `${name.padEnd(16)} ${String(calls).padStart(3)} calls ${(ms / 1000).toFixed(1).padStart(7)} s, at most ${megabytes.toFixed(0)} MB`,
      )
    for (const [name, { megabytes }] of peaks) expect(megabytes, name).toBeLessThan(512)
  } finally {
    await pool.end()
    await rm(folder, { recursive: true })
  }
})
