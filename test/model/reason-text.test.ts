import { expect, test } from "vitest"
import { createIssue } from "../../src/model/create-issue.ts"
import { reasonText } from "../../src/model/reason-text.ts"

test("the reason names the column, and the place within a nested value", () => {
  const reason = (column?: string, path?: readonly (string | number)[], message = "Too small") =>
    reasonText(createIssue({ code: "odd", message, column, path }))
  expect(reason()).toBe("Too small")
  expect(reason("size")).toBe("size: Too small")
  expect(reason("lines", [1, "quantity"])).toBe("lines[1].quantity: Too small")
  expect(reason("to", ["city", "zip"])).toBe("to.city.zip: Too small")
  expect(reason("size", undefined, "size is 3")).toBe("size is 3")
})
