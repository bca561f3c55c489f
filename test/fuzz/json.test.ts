import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryJson } from "./json.ts"

test("made-up and damaged JSON is read as JSON.parse reads it, or refused with a code, whatever chunks it comes in", async () => {
  const run = await fuzz(tryJson, 20_261_122, { files: 500 })
  expect(run.faults).toEqual([])
  expect(run.outcomes["rows"]).toBeGreaterThan(20)
})
