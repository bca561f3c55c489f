import { expect, test } from "vitest"
import { errorText } from "../../src/cli/error-text.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"

test("an error is three short lines: code and what happened, where, what to do", () => {
  const error = new RowgateError({
    code: "COLUMN_MISSING",
    message: "The file has no column amount.",
    remedy: "Add an alias for it.",
    origin: { uri: "file:///data/orders.csv", table: "orders", row: 3, column: "amount", offset: 120 },
  })
  expect(errorText(error)).toBe(
    "COLUMN_MISSING: The file has no column amount.\n  at: file:///data/orders.csv, table orders, row 3, column amount, byte 120\n  do: Add an alias for it.\n",
  )
})

test("a workbook's place is its address, and what is not known is left out", () => {
  expect(errorText(new RowgateError({ code: "FILE_CORRUPT", message: "Cut off.", origin: { row: 9, address: "B9" } }))).toBe(
    "FILE_CORRUPT: Cut off.\n  at: B9\n",
  )
  expect(errorText(new RowgateError({ code: "ABORTED", message: "Stopped." }))).toBe("ABORTED: Stopped.\n")
})

test("the stack is shown on request only, with those of the causes", () => {
  const error = new RowgateError({
    code: "SINK_UNREACHABLE",
    message: "No answer.",
    cause: Object.assign(new Error("ECONNREFUSED"), { syscall: "connect" }),
  })
  expect(errorText(error)).not.toContain("error-text.test")
  expect(errorText(error, { stack: true })).toMatch(/error-text\.test[\s\S]*ECONNREFUSED/)
})

test("an error that nobody foresaw says how to learn more, and not what may quote a row", () => {
  const error = new TypeError("no such rate: 4711\n    at 4712")
  expect(errorText(error)).toBe(
    "INTERNAL: TypeError was thrown, whose message may quote a row\n  do: Run again with LOG_LEVEL=debug to see where, and report it if it is not thrown by code of your own.\n",
  )
  const shown = errorText(error, { stack: true })
  expect(shown).toContain("error-text.test")
  expect(shown).not.toMatch(/471[12]/)
})
