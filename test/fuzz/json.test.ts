import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryJson } from "./json.ts"

test("generated and damaged JSON is read as JSON.parse reads it, or refused with a code, in any chunks", async () => {
  const run = await fuzz(tryJson, 20_261_122, { files: 500 })
  expect(run.failures).toEqual([])
  expect(run.outcomes["rows"]).toBeGreaterThan(20)
})
