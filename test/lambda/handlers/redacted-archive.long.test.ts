import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { zipSync } from "fflate"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../../src/contract/logger.ts"
import { createPipeline } from "../../../src/index.ts"
import { createHandlers, type Handlers } from "../../../src/lambda.ts"
import { postgres } from "../../../src/postgres.ts"
import { s3Storage } from "../../../src/s3.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { bucket, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"
import { runSteps } from "./run-steps.ts"

const { pool, clear } = await ledgerDatabase()
let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await clear()
  await pool.query(
    "DROP TABLE IF EXISTS people; CREATE TABLE people (id integer PRIMARY KEY, mail text NOT NULL CHECK (mail <> 'secret-9@example.com'))",
  )
})

const Person = z.object({ id: z.number().int(), mail: z.email() })

function handlers(directParts: number): Handlers {
  const people = createPipeline({ name: "people", batchRows: 50 })
    .normalize({ headers: { mail: ["E-Mail", "Contact"] } })
    .validate(Person)
    .into(postgres({ pool, table: "people", redact: ["mail"] }))
  const places = { landing: bucket, processing: "processing", archive: "archive" }
  return createHandlers(people, {
    ...places,
    s3: { client: server.client },
    database: pool,
    logger: silentLogger,
    metrics: false,
    partBytes: 20_000,
    directParts,
  })
}

/** Every tenth address is no address, the ninth breaks a constraint of the table, and the last row repeats an id. */
function lines(header: string, from: number, rows: number): string {
  const texts = Array.from(
    { length: rows },
    (_, row) => `${from + (row === rows - 1 ? 0 : row)},secret-${row}${row % 10 === 3 ? "" : "@example.com"}`,
  )
  return `${header}\n${texts.join("\n")}\n`
}

const plainFile = Buffer.from(lines("id,E-Mail", 0, 3_000))
/** The second table is not in the sample that settles the plan. */
const twoTables = zipSync({
  "a.csv": Buffer.from(lines("id,E-Mail", 0, 3_000)),
  "b.csv": Buffer.from(lines("id,Contact", 10_000, 300)),
})

async function rejectsIn(storage: "archive"): Promise<readonly string[]> {
  const store = s3Storage({ bucket: storage, client: server.client })
  const texts: string[] = []
  for await (const { key } of store.list("")) {
    if (!/\.(rejects\.ndjson|report\.json)$/.test(key)) continue
    const chunks: Uint8Array[] = []
    for await (const chunk of store.read(key)) chunks.push(chunk)
    texts.push(Buffer.concat(chunks).toString())
    await store.remove(key)
  }
  return texts
}

test.each([
  ["in one call", plainFile, "people.csv", undefined],
  ["streamed into one transaction", plainFile, "people.csv", 100],
  ["staged side by side", plainFile, "people.csv", 1],
  ["with a table that the plan does not know, in one call", twoTables, "people.zip", undefined],
  ["with a table that the plan does not know, streamed", twoTables, "people.zip", 100],
  ["with a table that the plan does not know, staged", twoTables, "people.zip", 1],
] as const)("the archive has no redacted value of a file %s", async (_how, bytes, name, directParts) => {
  await server.put(`in/${name}`, bytes)
  const steps = handlers(directParts ?? 1)
  if (directParts === undefined) await steps.pipeline({ bucket, key: `in/${name}` })
  else {
    const processing = s3Storage({ bucket: "processing", client: server.client })
    const { output, steps: called } = await runSteps(steps, { bucket, key: `in/${name}` }, { processing })
    expect(called.filter((each) => each === "normalizer").length).toBeGreaterThan(1)
    await steps.loader({ step: "archive", manifest: output?.manifest })
  }
  const texts = await rejectsIn("archive")
  const [rejects = "", report = ""] = texts[0]?.startsWith("{\n") === true ? texts.toReversed() : texts
  expect(rejects.trim().split("\n").length).toBeGreaterThanOrEqual(300)
  expect(rejects).toContain("[redacted]")
  expect(rejects.includes("secret-"), rejects.slice(rejects.indexOf("secret-") - 200).slice(0, 400)).toBe(false)
  expect(report).toContain("deliveryId")
  expect(report).not.toContain("secret-")
  const { rows } = await pool.query(
    "SELECT text FROM (SELECT raw::text || issues::text AS text FROM rowgate.reject) r WHERE text LIKE '%secret-%'",
  )
  expect(rows).toEqual([])
})
