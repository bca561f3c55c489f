import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryJsonGrammar } from "./json-grammar.ts"

test("JSON from its grammar, with rules repeated many times, is read or refused with a code, in time", async () => {
  const run = await fuzz(tryJsonGrammar, 20_261_129, { files: 150 })
  expect(run.failures).toEqual([])
  expect(Object.keys(run.outcomes).length).toBeGreaterThan(2)
})
