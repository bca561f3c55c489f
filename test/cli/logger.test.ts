import { expect, test } from "vitest"
import { lineLogger } from "../../src/cli/logger.ts"
import { Printer } from "../../src/cli/printer.ts"
import { TextStream } from "./text-stream.ts"

test("each event from the level upwards is one line of JSON", () => {
  const stream = new TextStream()
  const logger = lineLogger(new Printer(stream), "warn")
  logger.debug({ a: 1 }, "no")
  logger.info({}, "no")
  logger.warn({ rows: 3 }, "slow")
  logger.error({ code: "X" })
  expect(stream.text).toBe('{"level":"warn","message":"slow","rows":3}\n{"level":"error","code":"X"}\n')
})

test("silent says nothing", () => {
  const stream = new TextStream()
  lineLogger(new Printer(stream), "silent").error({}, "no")
  expect(stream.text).toBe("")
})
