import { expect, test } from "vitest"
import { fuzzParquet } from "./parquet.ts"

test("parquet files are read as they were written, and damaged ones read or refused with a code", async () => {
  const run = await fuzzParquet(2, 20_261_122)
  expect(run.faults).toEqual([])
  expect(run.files).toBeGreaterThan(50)
  expect(run.outcomes["sound rows"]).toBeGreaterThan(5)
})
