import { readFileSync } from "node:fs"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { expect, onTestFinished, test, vi } from "vitest"
import { ledgerDatabase } from "../ledger-database.ts"
import { bucket, startS3Server } from "../sources/s3/s3-server.ts"
import { readExamples } from "./read-examples.ts"

const { pool, url } = await ledgerDatabase()

test("the first file of the guide is refused by the example's pipeline, and loaded without its last two rows", async () => {
  const page = readFileSync(new URL("../../docs/aws/first-file.md", import.meta.url), "utf8")
  const file = readExamples("docs/aws/first-file.md", page).find((example) => example.file === "orders.csv")?.code ?? ""
  const server = await startS3Server()
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await server[Symbol.asyncDispose]()
  })
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
  await pool.query(
    `CREATE TABLE orders (order_no int PRIMARY KEY, customer text, email text, quantity int, unit_price numeric, total numeric, ordered_on date)`,
  )
  const variables = {
    ...{ LANDING_BUCKET: bucket, PROCESSING_BUCKET: "processing", ARCHIVE_BUCKET: "archive", DATABASE_URL: url, LOG_LEVEL: "silent" },
    ...{ AWS_ENDPOINT_URL: server.endpoint, AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    // The server has one address for all buckets.
    AWS_S3_FORCE_PATH_STYLE: "true",
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  // Test files share their modules, and the client of S3 that others have made knows their server.
  vi.resetModules()
  const { handlers } = await import("../../examples/lambda/pipeline.ts")
  const deliver = async (text: string) => {
    await server.put("in/orders.csv", text)
    return await handlers.pipeline({ bucket, key: "in/orders.csv" })
  }
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true)
  onTestFinished(() => write.mockRestore())
  expect(await deliver(file)).toMatchObject({ objects: [{ status: "refused", read: 5 }] })
  const good = file.replace(/^100[45].*\n?/gm, "")
  expect(await deliver(good)).toMatchObject({ objects: [{ status: "loaded", read: 3, loaded: 3 }] })
  expect((await pool.query("SELECT order_no, ordered_on::text FROM orders ORDER BY 1")).rows.at(1)).toEqual({
    order_no: 1002,
    ordered_on: "2026-11-30",
  })
})
