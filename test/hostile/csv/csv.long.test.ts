import { join } from "node:path"
import { expect, test } from "vitest"
import { excesses } from "../cost-watch.ts"
import { measureCase } from "../measure-case.ts"
import { cases } from "./cases.ts"
import { expected } from "./expected.ts"

const path = join(import.meta.dirname, "cases.ts")

test("every case has an expected end", () => {
  expect(Object.keys(expected).sort()).toEqual(Object.keys(cases).sort())
})

test.each(Object.keys(cases))("%s: ends as expected, in bounded time and memory", async (name) => {
  const { outcome, message, rows, rejected, issues, ...cost } = await measureCase(path, name)
  const wanted = expected[name]
  if (typeof wanted === "string")
    expect([outcome, message]).toEqual([wanted, expect.stringMatching(wanted === "LIMIT_EXCEEDED" ? /limits\.\w+/ : /\S/)])
  else expect({ outcome, rows, rejected, issues }).toEqual({ outcome: "read", ...wanted })
  // The bound counts from what an honest file takes. Measured only if needed.
  const honestBytes = excesses(cost).length === 0 ? 0 : (await measureCase(path, "honest lines, 4000000 bytes")).grownBytes
  expect(excesses(cost, honestBytes)).toEqual([])
  expect([cost.leftFiles, cost.leftHandles]).toEqual([[], []])
})
