import { RowgateError } from "rowgate"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { jsonLogger } from "../../../src/lambda/observe/json-logger.ts"
import { linesOf } from "./lines-of.ts"

beforeEach(() => {
  vi.stubEnv("LOG_LEVEL", undefined)
  vi.stubEnv("AWS_LAMBDA_LOG_LEVEL", undefined)
})
afterEach(() => vi.unstubAllEnvs())

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const logAll = () => {
  const logger = jsonLogger()
  logger.debug({}, "d")
  logger.info({}, "i")
  logger.warn({}, "w")
  logger.error({}, "e")
}

test("each message is a line of JSON with its time, level, text and fields", async () => {
  expect(await linesOf(() => jsonLogger().info({ uri: "s3://landing/a", rows: 3 }, "loaded"))).toEqual([
    { timestamp, level: "info", message: "loaded", uri: "s3://landing/a", rows: 3 },
  ])
})

test.each([
  [undefined, undefined, "iwe"],
  ["debug", undefined, "diwe"],
  ["WARN", undefined, "we"],
  ["error", "DEBUG", "e"],
  ["silent", undefined, ""],
  [undefined, "TRACE", "diwe"],
  [undefined, "FATAL", "e"],
  ["loud", undefined, "iwe"],
])("LOG_LEVEL=%s and AWS_LAMBDA_LOG_LEVEL=%s log %s", async (own, lambda, logged) => {
  vi.stubEnv("LOG_LEVEL", own)
  vi.stubEnv("AWS_LAMBDA_LOG_LEVEL", lambda)
  expect((await linesOf(logAll)).map(({ message }) => message).join("")).toBe(logged)
})

test("no field replaces the time, the level or the text of a line", async () => {
  const [line] = await linesOf(() => jsonLogger().warn({ level: "fake", timestamp: 0, message: "the reason" }, "tried again"))
  expect(line).toEqual({ timestamp, level: "warn", message: "tried again", cause: "the reason" })
})

test("an error of rowgate is logged with its message, any other only with its name and place", async () => {
  const foreign = new TypeError("the row {secret} is odd\n    at secret (secret.ts:1:1)")
  const error = new RowgateError({ code: "SINK_BUSY", message: "Locked.", remedy: "Wait.", retryable: true, cause: foreign })
  const lines = await linesOf(() => {
    jsonLogger().error({ error }, "failed")
    jsonLogger().error({ error: Object.assign(foreign, { code: "22P02" }) }, "failed")
  })
  expect(lines).toMatchObject([
    {
      error: {
        name: "RowgateError",
        code: "SINK_BUSY",
        message: "Locked.",
        remedy: "Wait.",
        retryable: true,
        cause: { name: "TypeError" },
      },
    },
    {
      error: {
        name: "TypeError 22P02",
        stack: expect.stringMatching(/^TypeError: \(no message, because it may quote a row\)\n {4}at .*json-logger\.test\.ts/),
      },
    },
  ])
  expect(JSON.stringify(lines)).not.toContain("secret")
})

test("fields that JSON cannot hold do not stop a load", async () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  const lines = await linesOf(() => {
    jsonLogger().info({ rows: 10n, circle: 1 }, "big")
    jsonLogger().info({ circle }, "circle")
  })
  expect(lines).toEqual([
    { timestamp, level: "info", message: "big", rows: "10", circle: 1 },
    { timestamp, level: "info", message: "circle", unloggable: ["circle"] },
  ])
})
