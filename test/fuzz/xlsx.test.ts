import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryXlsx } from "./xlsx.ts"

test("generated and damaged workbooks are read or refused with a code, with the same result in any chunks", async () => {
  const run = await fuzz(tryXlsx, 20_261_122, { files: 25 })
  expect(run.failures).toEqual([])
  expect(run.outcomes["cells"]).toBeGreaterThan(0)
})
