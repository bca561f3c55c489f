import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryParquet } from "./parquet.ts"

test("parquet files are read as they were written, and damaged ones are read or refused with a code", async () => {
  const run = await fuzz(tryParquet, 20_261_122, { files: 120 })
  expect(run.failures).toEqual([])
  expect(run.outcomes["sound rows"]).toBeGreaterThan(5)
})
