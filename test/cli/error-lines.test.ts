import { expect, test } from "vitest"
import { errorLines } from "../../src/cli/error-lines.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"

test("an error is three short lines: code and what happened, where, what to do", () => {
  const error = new RowgateError({
    code: "COLUMN_MISSING",
    message: "The file has no column amount.",
    remedy: "Add an alias for it.",
    origin: { uri: "file:///data/orders.csv", table: "orders", row: 3, column: "amount", offset: 120 },
  })
  expect(errorLines(error)).toEqual([
    "COLUMN_MISSING: The file has no column amount.",
    "  at: file:///data/orders.csv, table orders, row 3, column amount, byte 120",
    "  do: Add an alias for it.",
  ])
})

test("the place in a workbook is an address, and unknown parts are left out", () => {
  expect(errorLines(new RowgateError({ code: "FILE_CORRUPT", message: "Cut off.", origin: { row: 9, address: "B9" } }))).toEqual([
    "FILE_CORRUPT: Cut off.",
    "  at: B9",
  ])
  expect(errorLines(new RowgateError({ code: "ABORTED", message: "Stopped." }))).toEqual(["ABORTED: Stopped."])
})

test("the stack is shown on request only, with those of the causes", () => {
  const error = new RowgateError({
    code: "SINK_UNREACHABLE",
    message: "No answer.",
    cause: Object.assign(new Error("ECONNREFUSED"), { syscall: "connect" }),
  })
  expect(errorLines(error).join()).not.toContain("error-lines.test")
  expect(errorLines(error, { stack: true }).join()).toMatch(/error-lines\.test[\s\S]*ECONNREFUSED/)
})

test("an unexpected error says how to learn more, and does not show a message that may quote a row", () => {
  const error = new TypeError("no such rate: 4711\n    at 4712")
  expect(errorLines(error)).toEqual([
    "INTERNAL: TypeError was thrown; its message is not shown because it may quote a row",
    "  do: Run again with LOG_LEVEL=debug to see where. Report it unless your own code threw it.",
  ])
  const shown = errorLines(error, { stack: true }).join("\n")
  expect(shown).toContain("error-lines.test")
  expect(shown).not.toMatch(/471[12]/)
})

test("a message with line ends stays one line, above the frames of its stack", () => {
  const error = Object.assign(
    new Error("cut\n    at forged (a.js:1:1)\nSINK_REFUSED: none", { cause: new RowgateError({ code: "ABORTED", message: "a\nb" }) }),
    { syscall: "open" },
  )
  const lines = errorLines(error, { stack: true })
  expect(lines[0]).toBe("INTERNAL: cut\n    at forged (a.js:1:1)\nSINK_REFUSED: none")
  expect(lines.filter((line) => line.includes("\n"))).toHaveLength(3)
  expect(lines.slice(2).filter((line) => !/^ {4}at /.test(line))).toEqual([
    "Error: cut\n    at forged (a.js:1:1)\nSINK_REFUSED: none",
    expect.stringMatching(/RowgateError.*: a\nb$/s),
  ])
})
