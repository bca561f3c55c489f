import { expect, test } from "vitest"
import { tryCsv } from "./csv.ts"
import { fuzz } from "./fuzz.ts"

test("generated and damaged text is read or refused with a code, with the same result in any chunks and batches", async () => {
  const run = await fuzz(tryCsv, 20_261_122, { files: 60 })
  expect(run.failures).toEqual([])
  expect(run.outcomes["rows"]).toBeGreaterThan(20)
})
