import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import { describe, expect, test } from "vitest"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { xlsx } from "../../src/parsers/xlsx/xlsx.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readContext } from "../parsers/read-table.ts"
import { type WorkbookTruth, workbookDifferences } from "./workbook-truth.ts"

/** `ROWGATE_CORPUS_DIR` names another corpus with the same layout: `xlsx/truth.jsonl` with its workbooks, and `bad/` with broken ones. */
const corpus = env.ROWGATE_CORPUS_DIR ?? join(import.meta.dirname, "../../../shared/corpus")
const folder = existsSync(join(corpus, "xlsx")) ? join(corpus, "xlsx") : corpus
const truths: WorkbookTruth[] = existsSync(join(folder, "truth.jsonl"))
  ? readFileSync(join(folder, "truth.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
  : []
/** Workbooks without a truth are read too. Their content is not compared, but they must not crash the program. */
const workbooks = existsSync(folder) ? readdirSync(folder).filter((name) => /\.xl(?:sx|sm|tx|tm)$/i.test(name)) : []
const bad = existsSync(join(corpus, "bad")) ? readdirSync(join(corpus, "bad")) : []
if (workbooks.length === 0) console.info(`there is no corpus of workbooks in ${corpus}: these tests are skipped`)

/** The number of rows in all tables of a file, or the code of the error. */
async function outcome(path: string): Promise<number | string> {
  let rows = 0
  try {
    for await (const batch of xlsx({ sheet: /(?:)/ }).parse(chunkedFile(readFileSync(path)), readContext())) rows += batch.length
    return rows
  } catch (error) {
    if (error instanceof RowgateError) return error.code
    throw error
  }
}

describe.runIf(workbooks.length > 0)("public workbooks", () => {
  test.runIf(truths.length > 0)(
    "every cell of every sheet has the type and value that two independent readers agree on",
    { timeout: 300_000 },
    async () => {
      const counted = { cells: 0 }
      const wrong: string[] = []
      for (const truth of truths) {
        const differences = await workbookDifferences(truth, folder, counted).catch((error: unknown) => [String(error)])
        if (differences.length > 0)
          wrong.push(
            `${truth.file}: ${differences.slice(0, 5).join("; ")}${differences.length > 5 ? ` and ${differences.length - 5} more` : ""}`,
          )
      }
      console.info(`workbooks: ${truths.length - wrong.length} of ${truths.length} right, ${counted.cells} cells`)
      expect(wrong).toEqual([])
    },
  )

  test("every workbook gives its tables, or an error code if it has no truth", { timeout: 300_000 }, async () => {
    const known = new Set(truths.map(({ file }) => file))
    const wrong: string[] = []
    for (const file of new Set([...known, ...workbooks])) {
      const read = await outcome(join(folder, file)).catch(String)
      if (typeof read === "number" || read === "TABLE_NOT_FOUND") continue
      if (!known.has(file) && /^[A-Z_]+$/.test(read)) console.info(`${file}, which has no truth, gives ${read}`)
      else wrong.push(`${file}: ${read}`)
    }
    console.info(`workbooks: ${workbooks.filter((file) => !known.has(file)).length} without a truth were read too`)
    expect(wrong).toEqual([])
  })
})

describe.runIf(bad.length > 0)("broken workbooks", () => {
  const refused = [
    "FORMAT_ENCRYPTED",
    "FORMAT_UNSUPPORTED",
    "FILE_CORRUPT",
    "FILE_TRUNCATED",
    "FILE_HOSTILE",
    "LIMIT_EXCEEDED",
    "FORMAT_UNKNOWN",
  ]

  test.each(bad)("%s is refused with a code, or read", async (file) => {
    const read = await outcome(join(corpus, "bad", file))
    if (typeof read === "string") expect(refused).toContain(read)
    else expect(read).toBeGreaterThanOrEqual(0)
  })

  test("encrypted workbooks are FORMAT_ENCRYPTED", async () => {
    const encrypted = bad.filter((file) => /pwd|protected|TestExcel_2040/.test(file))
    for (const file of encrypted) expect(await outcome(join(corpus, "bad", file)), file).toBe("FORMAT_ENCRYPTED")
  })
})
