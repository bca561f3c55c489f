import { expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import type { Issue } from "../../src/model/issue.ts"
import { TableBatch } from "../../src/model/table-batch.ts"

const batchOf = () =>
  TableBatch.of({
    length: 2,
    table: { name: "t", header: ["a"], facts: {} },
    names: ["a"],
    columns: [columnOf([1, 2])],
    origins: { at: (row) => ({ uri: "memory", row: row + 1 }) },
  })

const issueOf = (column: string, severity: Issue["severity"] = "error"): Issue => ({
  code: "number.unreadable",
  message: `"x" of ${column}`,
  rule: `read.${column}`,
  dimension: "validity",
  column,
  severity,
  confidence: 1,
})

test("a row of sixteen thousand bad cells keeps a hundred issues, and one that says how many more", () => {
  const batch = batchOf()
  for (let at = 0; at < 16_384; at++) batch.mark(0, issueOf(`c${at}`))
  const { issues } = batch.reject(0)
  expect(issues).toHaveLength(101)
  expect(issues.slice(0, 100).map(({ column }) => column)).toEqual(Array.from({ length: 100 }, (_, at) => `c${at}`))
  expect(issues[100]).toMatchObject({ code: "issues.more", severity: "error", message: expect.stringContaining("16284 more issues") })
  expect([...batch.issues]).toHaveLength(101)
  expect([batch.selection.has(0), batch.selection.has(1)]).toEqual([false, true])
})

test("all issues of such a row count for the score and for whether a cell has one, without their messages", () => {
  const batch = batchOf()
  for (let round = 0; round < 3; round++) for (let at = 0; at < 200; at++) batch.mark(0, issueOf(`c${at}`))
  expect(Array.from(batch.issues.found(0))).toHaveLength(600)
  expect([batch.issues.size, batch.issues.concerns(0, "c199"), batch.issues.concerns(0, "c200")]).toEqual([600, true, false])
  const beyond = Array.from(batch.issues.found(0)).slice(100)
  expect(new Set(beyond).size).toBe(200)
})

test("a hundred issues are all of them, and a hundred and one warnings reject no row", () => {
  const batch = batchOf()
  for (let at = 0; at < 100; at++) batch.mark(0, issueOf("a", "warning"))
  expect(batch.issues.of(0).every(({ code }) => code === "number.unreadable")).toBe(true)
  batch.mark(0, issueOf("a", "warning"))
  expect(batch.issues.of(0)[100]).toMatchObject({
    code: "issues.more",
    severity: "warning",
    message: expect.stringContaining("1 more issue "),
  })
  expect(batch.selection.has(0)).toBe(true)
})

test("a copy of a batch says how many issues the original had", () => {
  const batch = batchOf()
  for (let at = 0; at < 150; at++) batch.mark(1, issueOf(`c${at}`))
  const copy = batchOf()
  for (const { row, issue } of batch.issues) copy.mark(row, issue)
  expect(copy.issues.of(1)).toEqual(batch.issues.of(1))
})
