import { expect, test } from "vitest"
import { tryCsv } from "./csv.ts"
import { fuzz } from "./fuzz.ts"

test("made-up and damaged text is read or refused with a code, whatever chunks and batches it comes in", async () => {
  const run = await fuzz(tryCsv, 20_261_122, { files: 60 })
  expect(run.faults).toEqual([])
  expect(run.outcomes["rows"]).toBeGreaterThan(20)
})
