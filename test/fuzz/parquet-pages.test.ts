import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryParquetPages } from "./parquet-pages.ts"

test("pages of every encoding and codec are read as they were written, and damaged ones are read or refused with a clear message", async () => {
  const run = await fuzz(tryParquetPages, 20_261_129, { files: 200 })
  expect(run.failures).toEqual([])
  expect(run.outcomes["sound rows"]).toBeGreaterThan(30)
  expect(run.outcomes["FILE_CORRUPT"]).toBeGreaterThan(30)
})
