import { expect, test } from "vitest"
import { Printer } from "../../src/cli/printer.ts"
import { ProgressLine } from "../../src/cli/progress.ts"
import { TextStream } from "./text-stream.ts"

test("the line says what was read and how fast, and is written at most ten times a second", () => {
  const stream = new TextStream()
  let now = 0
  const line = new ProgressLine(new Printer(stream), () => now)
  now = 500
  line.show({ uri: "file:///data/my%20orders.csv", read: 8192, rejected: 3 })
  now = 550
  line.show({ uri: "file:///data/my%20orders.csv", read: 9000, rejected: 3 })
  expect(stream.text).toBe("\rmy orders.csv: 8,192 rows read, 3 rejected, 16,384 rows/s")
})

test("a shorter line covers the longer one before it, and clearing leaves nothing behind", () => {
  const stream = new TextStream()
  let now = 0
  const line = new ProgressLine(new Printer(stream), () => now)
  line.show({ uri: "a-long-name.csv", read: 1000, rejected: 0 })
  now = 1000
  line.show({ uri: "a.csv", read: 1, rejected: 0 })
  const [, long = "", short = ""] = stream.text.split("\r")
  expect(short).toHaveLength(long.length)
  stream.text = ""
  line.clear()
  expect(stream.text).toBe(`\r${" ".repeat(long.length)}\r`)
  stream.text = ""
  line.clear()
  expect(stream.text).toBe("")
})
