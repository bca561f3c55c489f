import { expect, test } from "vitest"
import { fuzzJson } from "./json.ts"

test("made-up and damaged JSON is read as JSON.parse reads it, or refused with a code, whatever chunks it comes in", async () => {
  const run = await fuzzJson(2, 20_261_122)
  expect(run.faults).toEqual([])
  expect(run.files).toBeGreaterThan(100)
  expect(run.outcomes["rows"]).toBeGreaterThan(20)
})
