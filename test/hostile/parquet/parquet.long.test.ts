import { join } from "node:path"
import { expect, test } from "vitest"
import { excesses } from "../cost-watch.ts"
import { measureCase } from "../measure-case.ts"
import { cases } from "./cases.ts"
import { expected } from "./expected.ts"

test("every case has an expected outcome", () => {
  expect(Object.keys(expected).sort()).toEqual(Object.keys(cases).sort())
})

test.each(Object.keys(cases))("%s is read or refused with a code, in bounded time and memory", async (name) => {
  const { outcome, message, rows, issues, ...cost } = await measureCase(join(import.meta.dirname, "cases.ts"), name)
  const wanted = expected[name]
  if (typeof wanted === "number") expect({ outcome, rows, issues }).toEqual({ outcome: "read", rows: wanted, issues: [] })
  else
    expect([outcome, wanted === "LIMIT_EXCEEDED" ? message : ""]).toEqual([
      wanted,
      expect.stringMatching(wanted === "LIMIT_EXCEEDED" ? /limits\.\w+/ : /^$/),
    ])
  expect(excesses(cost)).toEqual([])
  expect([cost.leftFiles, cost.leftHandles]).toEqual([[], []])
})
