import { expect, test } from "vitest"
import { archiveReport, keysBeside } from "../../../src/lambda/archive/archive-report.ts"
import type { StoredReject, StoredRejects } from "../../../src/model/stored-reject.ts"
import { memoryStorage } from "../../memory-storage.ts"

function rejectsOf(count: number): StoredRejects & { reads: number } {
  const rejects = {
    reads: 0,
    columns: async () => ["id", "amount"],
    async *[Symbol.asyncIterator](): AsyncGenerator<StoredReject> {
      rejects.reads++
      for (let number = 1; number <= count; number++)
        yield {
          delivery: "d1",
          number,
          origin: { uri: "s3://landing/a.csv", row: number + 1 },
          raw: { id: number, amount: "x" },
          issues: [{ code: "number.unreadable", message: "no", rule: "number", severity: "error", dimension: "validity" } as never],
        }
    },
  }
  return rejects
}

test("rejects and report are written beside the object, as rejectsNdjson writes them", async () => {
  const archive = memoryStorage()
  const keys = await archiveReport({
    archive,
    key: "loaded/a.csv",
    report: { deliveryId: "d1", rejected: 1_200 },
    rejects: rejectsOf(1_200),
  })
  expect(keys).toEqual(keysBeside("loaded/a.csv"))
  expect([...archive.objects.keys()].sort()).toEqual(["loaded/a.csv.rejects.ndjson", "loaded/a.csv.report.json"])
  const lines = String(archive.objects.get(keys.rejects)?.bytes).trim().split("\n")
  expect(lines).toHaveLength(1_200)
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    _reject: 1,
    id: 1,
    amount: "x",
    _row: 2,
    _run: "d1",
    _reasons: [{ code: "number.unreadable" }],
  })
  expect(JSON.parse(String(archive.objects.get(keys.report)?.bytes))).toEqual({ deliveryId: "d1", rejected: 1_200 })
})

test("a second attempt reads no rejects again and changes nothing", async () => {
  const archive = memoryStorage()
  const rejects = rejectsOf(2)
  await archiveReport({ archive, key: "k", report: { attempt: 1 }, rejects })
  const before = new Map(archive.objects)
  await archiveReport({ archive, key: "k", report: { attempt: 2 }, rejects })
  expect(archive.objects).toEqual(before)
  expect(rejects.reads).toBe(1)
})

test("a delivery without rejects has only a report", async () => {
  const archive = memoryStorage()
  await archiveReport({ archive, key: "k", report: {}, rejects: rejectsOf(0) })
  expect([...archive.objects.keys()]).toEqual(["k.report.json"])
})

test("if the rejects cannot be read, neither they nor the report are written", async () => {
  const archive = memoryStorage()
  const failing: StoredRejects = {
    columns: async () => ["id"],
    // biome-ignore lint/correctness/useYield: it fails before the first reject
    async *[Symbol.asyncIterator](): AsyncGenerator<StoredReject> {
      throw new Error("the ledger is away")
    },
  }
  await expect(archiveReport({ archive, key: "k", report: {}, rejects: failing })).rejects.toThrow("the ledger is away")
  expect(archive.objects.size).toBe(0)
})
