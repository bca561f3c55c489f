import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryXlsx } from "./xlsx.ts"

test("made-up and damaged workbooks are read or refused with a code, whatever chunks they come in", async () => {
  const run = await fuzz(tryXlsx, 20_261_122, { files: 25 })
  expect(run.faults).toEqual([])
  expect(run.outcomes["cells"]).toBeGreaterThan(0)
})
