import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import { describe, expect, test } from "vitest"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { json } from "../../src/parsers/json/json.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readTable } from "../parsers/read-table.ts"

/** `ROWGATE_CORPUS_DIR` names another corpus with the same layout. */
const suite = join(env.ROWGATE_CORPUS_DIR ?? join(import.meta.dirname, "../../../shared/corpus"), "JSONTestSuite/test_parsing")
const files = existsSync(suite) ? readdirSync(suite).filter((name) => name.endsWith(".json")) : []
if (files.length === 0) console.info("there is no JSONTestSuite: these tests are skipped")

const malformed = ["FILE_CORRUPT", "FILE_TRUNCATED", "SOURCE_EMPTY", "LIMIT_EXCEEDED", "ENCODING_INVALID"]

/** `"rows"`, or the code of the error. JSON without a table is TABLE_NOT_FOUND. */
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
  test("has its well-known files", () => {
    expect(files.filter((name) => name.startsWith("y_")).length).toBeGreaterThan(90)
    expect(files.filter((name) => name.startsWith("n_")).length).toBeGreaterThan(180)
  })

  test.each([1, 3, 65_536])("every valid document is read or has no table, in chunks of %i bytes", async (chunkBytes) => {
    const wrong: string[] = []
    for (const name of files.filter((each) => each.startsWith("y_"))) {
      const outcome = await read(name, chunkBytes)
      if (outcome !== "rows" && outcome !== "TABLE_NOT_FOUND") wrong.push(`${name}: ${outcome}`)
    }
    expect(wrong).toEqual([])
  })

  test.each([1, 3, 65_536])("every invalid document is refused, in chunks of %i bytes", async (chunkBytes) => {
    const wrong: string[] = []
    for (const name of files.filter((each) => each.startsWith("n_"))) {
      const outcome = await read(name, name.includes("100000") ? 65_536 : chunkBytes)
      if (!malformed.includes(outcome)) wrong.push(`${name}: ${outcome}`)
    }
    expect(wrong).toEqual([])
  })

  test("documents that the standard leaves open give rows or a code, the same in any chunks", async () => {
    for (const name of files.filter((each) => each.startsWith("i_"))) {
      const whole = await read(name, 65_536)
      expect(["rows", "TABLE_NOT_FOUND", ...malformed]).toContain(whole)
      expect([name, await read(name, 1)]).toEqual([name, whole])
    }
  })

  test("every document can be read as JSON lines, with rows and issues and without an exception", async () => {
    for (const name of files) {
      const { rows, issues, batches } = await readTable(ndjson(), chunkedFile(readFileSync(join(suite, name))))
      const rejected = batches.reduce((sum, batch) => sum + batch.length - batch.selection.size, 0)
      expect(rows.length - rejected).toBeGreaterThanOrEqual(0)
      if (rejected > 0) expect(issues.length).toBeGreaterThanOrEqual(rejected)
    }
  })
})
