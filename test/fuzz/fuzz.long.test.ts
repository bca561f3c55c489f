import { env } from "node:process"
import { expect, test } from "vitest"
import { fuzzCsv } from "./csv.ts"
import { fuzzJson } from "./json.ts"
import { fuzzParquet } from "./parquet.ts"
import { fuzzXlsx } from "./xlsx.ts"

/** `ROWGATE_FUZZ_SECONDS` and `ROWGATE_FUZZ_SEED` make it longer, or run it again. */
const seconds = Number(env["ROWGATE_FUZZ_SECONDS"] ?? 60)
const seed = Number(env["ROWGATE_FUZZ_SEED"] ?? Date.now() % 2 ** 31)

test.each([
  ["csv", fuzzCsv],
  ["json", fuzzJson],
  ["parquet", fuzzParquet],
  ["xlsx", fuzzXlsx],
])("a minute of %s finds no crash, hang or other table", async (format, fuzz) => {
  const { files, faults } = await fuzz(seconds, seed)
  process.stdout.write(`${format}: ${files} files from seed ${seed}, ${faults.length} faults\n`)
  expect(faults).toEqual([])
})
