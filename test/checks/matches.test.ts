import { expect, test } from "vitest"
import { matches } from "../../src/checks/matches.ts"
import { textLayouts } from "../model/layouts.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

test("fails the values that do not match, in every layout", async () => {
  const cells = ["ABC-1234", "abc-1234", null, "ABC-1234 ", "ABC-1234"]
  for (const make of Object.values(textLayouts))
    expect(await rowsFailedBy(matches("code", /^[A-Z]{3}-\d{4}$/), { code: make(cells) })).toEqual([1, 3])
  expect(await rowsFailedBy(matches("code", /^\d{4}$/), { code: [1234, 123] })).toEqual([1])
  expect(await foundBy(matches("code", /^\d+$/, { name: "a number" }), [{ code: ["x"] }])).toMatchObject([
    { code: "pattern.mismatch", message: '"x" is not a number.', column: "code", dimension: "validity", rule: "matches.code" },
  ])
  expect(await foundBy(matches("code", /^\d+$/), [{ code: ["x"] }])).toMatchObject([
    { message: '"x" is not a text that matches /^\\d+$/.' },
  ])
})

test("a pattern that does not end is interrupted, and the message has no cell in it", async () => {
  const endless = foundBy(matches("code", /^(\w+\s?)+$/, { timeoutMs: 50 }), [{ code: ["fine", `${"secret ".repeat(30)}!`] }])
  await expect(endless).rejects.toMatchObject({
    code: "PIPELINE_INVALID",
    message: "The pattern of matches.code took more than 50 ms; it was at a text of 211 characters.",
  })
})
