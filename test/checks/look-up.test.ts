import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, test } from "vitest"
import { type Answer, lookUp } from "../../src/checks/look-up.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

const unknown: Answer = { code: "company.unknown", message: "Nobody knows this company." }
const texts = Array.from({ length: 40 }, (_, at) => `v${at % 25}`)

describe("lookUp", () => {
  test("asks about each distinct value once, at most so many at a time, and blames every row that has it", async () => {
    const asked: string[] = []
    let [now, most] = [0, 0]
    const rule = lookUp(
      "vat",
      async (value) => {
        asked.push(value)
        most = Math.max(most, ++now)
        await sleep(1)
        now--
        return value === "v3" ? unknown : undefined
      },
      { concurrency: 4 },
    )
    const found = await foundBy(rule, [{ vat: [...texts, null] }, { vat: ["v3", "new"] }])
    expect(found.map(({ row }) => row)).toEqual([3, 28, 41])
    expect(found[0]).toMatchObject({ code: "company.unknown", column: "vat", rule: "lookUp.vat", dimension: "accuracy" })
    expect(asked.length).toBe(26)
    expect(most).toBe(4)
  })

  test("tries again after a failure, and then stops the delivery without quoting the value", async () => {
    let failures = 0
    const fails = (times: number) => async () => {
      if (failures++ < times) throw new TypeError("secret")
      return unknown
    }
    expect(await rowsFailedBy(lookUp("a", fails(2), { delayMs: 1 }), { a: ["x"] })).toEqual([0])
    failures = 0
    const stopped = rowsFailedBy(lookUp("a", fails(3), { delayMs: 1 }), { a: ["secret"] })
    await expect(stopped).rejects.toMatchObject({
      code: "LOOKUP_FAILED",
      retryable: true,
      message: "The check lookUp.a got no answer about a value after 3 attempts: TypeError.",
    })
  })

  test("gives a warning that costs nothing if it may go on without an answer, and asks about the value again", async () => {
    let asked = 0
    const rule = lookUp("a", () => Promise.reject(new Error(String(asked++))), { attempts: 1, onFailure: "warn" })
    const found = await foundBy(rule, [{ a: ["x", "x"] }, { a: ["x"] }])
    expect(found.map(({ row, code, severity, confidence }) => [row, code, severity, confidence])).toEqual([
      [0, "lookUp.failed", "warning", 0],
      [1, "lookUp.failed", "warning", 0],
      [2, "lookUp.failed", "warning", 0],
    ])
    expect(asked).toBe(2)
  })

  test("gives up an answer that takes too long, even if the function ignores the signal", async () => {
    let aborted = 0
    const slow = lookUp(
      "a",
      (_, { signal }) => {
        signal.addEventListener("abort", () => aborted++)
        return new Promise(() => undefined)
      },
      { timeoutMs: 10, attempts: 2, delayMs: 1 },
    )
    await expect(foundBy(slow, [{ a: ["x"] }])).rejects.toMatchObject({
      code: "LOOKUP_FAILED",
      message: expect.stringContaining("TimeoutError"),
    })
    expect(aborted).toBe(2)
  })

  test("ends at once if the run is aborted, and leaves no timer", async () => {
    const controller = new AbortController()
    const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length
    const waiting = foundBy(
      lookUp("a", () => new Promise(() => undefined)),
      [{ a: ["x", "y"] }],
      { signal: controller.signal },
    )
    await sleep(5)
    controller.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow()
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length).toBeLessThanOrEqual(before)
  })

  test("remembers only so many answers, and an error of rowgate passes through", async () => {
    let asked = 0
    const rule = lookUp("a", async () => void asked++ as undefined, { cache: 2 })
    await foundBy(rule, [{ a: ["1", "2", "3"] }, { a: ["3"] }, { a: ["1"] }])
    expect(asked).toBe(4)
    const refused = new RowgateError({ code: "CONFIG_INVALID", message: "No.", remedy: "Stop." })
    await expect(
      foundBy(
        lookUp("a", () => Promise.reject(refused)),
        [{ a: ["1"] }],
      ),
    ).rejects.toBe(refused)
  })
})
