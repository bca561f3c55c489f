import { expect, test } from "vitest"
import { fuzzCsv } from "./csv.ts"

test("made-up and damaged text is read or refused with a code, whatever chunks and batches it comes in", async () => {
  const run = await fuzzCsv(2, 20_261_122)
  expect(run.faults).toEqual([])
  expect(run.files).toBeGreaterThan(50)
  expect(run.outcomes["rows"]).toBeGreaterThan(20)
})
