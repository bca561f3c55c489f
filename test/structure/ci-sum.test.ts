import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, expect, test } from "vitest"

const sum = fileURLToPath(new URL("../../.ci/sum.mjs", import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-reports-"))
})
afterEach(() => rm(folder, { recursive: true }))

test("the reports of all suites are added up in the last line", async () => {
  await report("test", { numPassedTests: 40, numPendingTests: 2, numTodoTests: 1 })
  await report("test-fault", { numPassedTests: 2 })
  expect(await lastLine()).toEqual({ line: "42 passed, 0 failed, 3 skipped", code: 0 })
})

test("a failed test fails the whole, and its step is not counted again", async () => {
  await report("test-fault", { numPassedTests: 9, numFailedTests: 1 })
  expect(await lastLine("test:fault")).toEqual({ line: "9 passed, 1 failed, 0 skipped", code: 1 })
})

test("a step that failed without a failed test counts as a failure", async () => {
  await report("test", { numPassedTests: 9 })
  expect(await lastLine("test", "build")).toEqual({ line: "9 passed, 2 failed, 0 skipped", code: 1 })
})

test("a file whose set-up failed counts as a failure, although its tests were only skipped", async () => {
  const testResults = [{ status: "failed", assertionResults: [{ status: "skipped" }] }]
  await report("test", { numPassedTests: 9, numPendingTests: 1, testResults })
  expect(await lastLine("test")).toEqual({ line: "9 passed, 1 failed, 1 skipped", code: 1 })
})

test("a missing report is a failure", async () => {
  expect(await lastLine()).toEqual({ line: "0 passed, 1 failed, 0 skipped", code: 1 })
})

function report(name: string, counts: object): Promise<void> {
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  return writeFile(join(folder, `${name}.json`), JSON.stringify({ ...none, ...counts }))
}

function lastLine(...failedSteps: string[]): Promise<{ readonly line: string | undefined; readonly code: number }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [sum, folder, ...failedSteps], (error, stdout) => {
      resolve({ line: stdout.trimEnd().split("\n").at(-1), code: Number(error?.code ?? 0) })
    })
  })
}
