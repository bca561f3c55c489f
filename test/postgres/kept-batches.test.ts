import { expect, test } from "vitest"
import { CellError } from "../../src/model/cell-error.ts"
import { createIssue } from "../../src/model/create-issue.ts"
import { KeptBatches } from "../../src/postgres/retain/kept-batches.ts"
import { batchOf } from "./batch-of.ts"

const rows = [
  { id: 1, list: [1, { deep: null }], cell: new CellError("#N/A"), big: 2n ** 70n },
  { id: 2, list: [], cell: "text", big: 5n },
]

async function rejectsOf(batch: ReturnType<typeof batchOf>, memoryBytes: number) {
  await using kept = new KeptBatches(memoryBytes, ["id"])
  const index = await kept.add(kept.copyOf(batch, new Uint8Array(batch.length).fill(1)))
  const held = await kept.get(index)
  return { rejects: rows.map((_, row) => held.reject(row)), ids: rows.map((_, row) => held.column("id")?.at(row)) }
}

test("a batch that moved to a file gives the same rejects as one that stayed in memory", async () => {
  const batch = batchOf(rows)
  for (let at = 0; at < 120; at++) batch.mark(0, createIssue({ code: "c", message: `m${at}`, severity: "warning" }))
  const inMemory = await rejectsOf(batch, Number.POSITIVE_INFINITY)
  const fromFile = await rejectsOf(batch, 0)
  expect(fromFile).toStrictEqual(inMemory)
  expect(fromFile.rejects[0]?.issues).toHaveLength(101)
  expect(fromFile.ids).toEqual([1, 2])
})

test("a value of a class that the file cannot hold becomes its text there", async () => {
  const url = new URL("https://example.test/a")
  const { rejects } = await rejectsOf(batchOf(rows.map((row) => ({ ...row, url }))), 0)
  expect(rejects[0]?.raw).toMatchObject({ url: "https://example.test/a" })
})
