import { expect, test } from "vitest"
import { fuzzXlsx } from "./xlsx.ts"

test("made-up and damaged workbooks are read or refused with a code, whatever chunks they come in", async () => {
  const run = await fuzzXlsx(2, 20_261_122)
  expect(run.faults).toEqual([])
  expect(run.files).toBeGreaterThan(2)
  expect(run.outcomes["cells"]).toBeGreaterThan(0)
})
