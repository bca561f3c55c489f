import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { fullDisk } from "../fault/full-disk.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool } = await ledgerDatabase()
const usual = process.env["TMPDIR"]
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-temporary-"))
  await pool.query("CREATE TABLE article (sku int PRIMARY KEY, price int)")
})
afterEach(() => {
  if (usual === undefined) delete process.env["TMPDIR"]
  else process.env["TMPDIR"] = usual
})
afterAll(() => rm(folder, { recursive: true }))

const Article = z.object({ sku: z.number().int(), price: z.number().int() })
const lines = (price: (row: number) => unknown) => Array.from({ length: 40_000 }, (_, row) => `${row >> 1},${price(row)}\n`).join("")

/** More rows than fit in memory, of both kinds: rows that do not pass, and rows that the database refuses. */
const files = {
  "rejected rows": `sku,price\n${lines(() => "a price in words")}1,1\n`,
  "refused rows": `sku,price\n${lines((row) => row)}`,
}

/** The error of a load with such a folder for temporary files, and how often it was tried. */
async function loadWith(directory: string, content: string) {
  process.env["TMPDIR"] = directory
  const warnings: unknown[] = []
  const warn = (fields: unknown) => warnings.push(fields)
  const logger = { debug() {}, info() {}, warn, error() {} }
  const pipeline = createPipeline({ name: "articles", logger, retry: { delayMs: 1, maxDelayMs: 1 } })
    .from(bytes(content))
    .validate(Article)
    .into(postgres({ pool, table: "article" }))
  const error: unknown = await pipeline.run().then(
    () => "loaded",
    (error: unknown) => error,
  )
  expect(warnings).toEqual([])
  expect((await pool.query("SELECT FROM article")).rowCount).toBe(0)
  return error
}

describe.each(Object.entries(files))("a folder for temporary files that has no room for %s", (_, content) => {
  test("is named in the error if it is full, and the load is not tried again", async ({ skip }) => {
    await using disk = await fullDisk("64k")
    if (disk === undefined) return skip("no file system may be mounted here")
    expect(await loadWith(disk.path, content)).toMatchObject({
      code: "TEMP_FOLDER_UNUSABLE",
      retryable: false,
      message: expect.stringMatching(`${disk.path}, is full: ENOSPC`),
      remedy: expect.stringContaining("TMPDIR"),
    })
  })

  test("is also named if it is missing or not a folder", async () => {
    const missing = join(folder, "missing")
    const message = expect.stringContaining(`${missing}, does not exist: ENOENT`)
    expect(await loadWith(missing, content)).toMatchObject({ code: "TEMP_FOLDER_UNUSABLE", retryable: false, message })
    const file = join(folder, "file")
    await writeFile(file, "")
    expect(await loadWith(file, content)).toMatchObject({
      code: "TEMP_FOLDER_UNUSABLE",
      message: expect.stringContaining("is not a folder"),
    })
  })
})
