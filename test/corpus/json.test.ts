import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import { describe, expect, test } from "vitest"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { json } from "../../src/parsers/json/json.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readTable } from "../parsers/read-table.ts"

/** `ROWGATE_CORPUS_DIR` names another corpus of the same form. */
const suite = join(env.ROWGATE_CORPUS_DIR ?? join(import.meta.dirname, "../../../shared/corpus"), "JSONTestSuite/test_parsing")
const files = existsSync(suite) ? readdirSync(suite).filter((name) => name.endsWith(".json")) : []
if (files.length === 0) console.info("JSONTestSuite is not here: its files are not read")

const malformed = ["FILE_CORRUPT", "FILE_TRUNCATED", "SOURCE_EMPTY", "LIMIT_EXCEEDED", "ENCODING_INVALID"]

/** `"rows"`, or the code of the error. A document that is JSON and no table has a code of its own. */
async function read(name: string, chunkBytes: number): Promise<string> {
  try {
    await readTable(json(), chunkedFile(readFileSync(join(suite, name)), chunkBytes))
    return "rows"
  } catch (error) {
    if (error instanceof RowgateError) return error.code
    throw error
  }
}

describe.runIf(files.length > 0)("JSONTestSuite", () => {
  test("holds the files that it is known for", () => {
    expect(files.filter((name) => name.startsWith("y_")).length).toBeGreaterThan(90)
    expect(files.filter((name) => name.startsWith("n_")).length).toBeGreaterThan(180)
  })

  test.each([1, 3, 65_536])("every document that is JSON is read, or named as no table, in chunks of %i bytes", async (chunkBytes) => {
    const wrong: string[] = []
    for (const name of files.filter((each) => each.startsWith("y_"))) {
      const outcome = await read(name, chunkBytes)
      if (outcome !== "rows" && outcome !== "TABLE_NOT_FOUND") wrong.push(`${name}: ${outcome}`)
    }
    expect(wrong).toEqual([])
  })

  test.each([1, 3, 65_536])("every document that is no JSON is refused as that, in chunks of %i bytes", async (chunkBytes) => {
    const wrong: string[] = []
    for (const name of files.filter((each) => each.startsWith("n_"))) {
      const outcome = await read(name, name.includes("100000") ? 65_536 : chunkBytes)
      if (!malformed.includes(outcome)) wrong.push(`${name}: ${outcome}`)
    }
    expect(wrong).toEqual([])
  })

  test("what the standard leaves open gives rows or a code, whatever the chunks", async () => {
    for (const name of files.filter((each) => each.startsWith("i_"))) {
      const whole = await read(name, 65_536)
      expect(["rows", "TABLE_NOT_FOUND", ...malformed]).toContain(whole)
      expect([name, await read(name, 1)]).toEqual([name, whole])
    }
  })

  test("as lines, every document gives rows and issues and no exception", async () => {
    for (const name of files) {
      const { rows, issues, batches } = await readTable(ndjson(), chunkedFile(readFileSync(join(suite, name))))
      const rejected = batches.reduce((sum, batch) => sum + batch.length - batch.selection.size, 0)
      expect(rows.length - rejected).toBeGreaterThanOrEqual(0)
      if (rejected > 0) expect(issues.length).toBeGreaterThanOrEqual(rejected)
    }
  })
})
