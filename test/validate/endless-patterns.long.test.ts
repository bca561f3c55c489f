import { expect, test } from "vitest"
import { isEndless } from "../../src/validate/patterns/is-endless.ts"
import { endless } from "./endless.ts"

test.each(endless.slice(2))("a pattern with a repetition that two ways lead through is endless: %s", (pattern) => {
  expect(isEndless(pattern)).toBe(true)
})
