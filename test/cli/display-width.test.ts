import { expect, test } from "vitest"
import { cutToWidth, displayWidth, padToWidth } from "../../src/cli/display-width.ts"

test.each([
  ["orders", 6],
  ["Zürich", 6],
  ["Zu\u0308rich", 6],
  ["注文", 4],
  ["주문 1", 6],
  ["ｶﾅ", 2],
  ["１２", 4],
  ["📦 box", 6],
])("%s takes %i columns", (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

test("a text is cut and padded by columns, not by characters", () => {
  expect(cutToWidth("注文の一覧", 10)).toBe("注文の一覧")
  expect(cutToWidth("注文の一覧", 9)).toBe("注文の一…")
  expect(cutToWidth("注文の一覧", 8)).toBe("注文の…")
  expect(cutToWidth("orders", 1)).toBe("…")
  expect(cutToWidth("orders", 0)).toBe("")
  expect(padToWidth("注文", 6)).toBe("注文  ")
})
