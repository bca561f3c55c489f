import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryMarkup } from "./markup.ts"

test("made-up pages, documents and tables that begin as such are told apart at once, or refused with a code", async () => {
  const run = await fuzz(tryMarkup, 20_261_129, { files: 150 })
  expect(run.faults).toEqual([])
  expect(Object.keys(run.outcomes).length).toBeGreaterThan(2)
})
