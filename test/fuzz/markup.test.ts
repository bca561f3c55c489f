import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryMarkup } from "./markup.ts"

test("generated pages, XML documents and tables that look like markup are detected quickly, or refused with a code", async () => {
  const run = await fuzz(tryMarkup, 20_261_129, { files: 150 })
  expect(run.failures).toEqual([])
  expect(Object.keys(run.outcomes).length).toBeGreaterThan(2)
})
