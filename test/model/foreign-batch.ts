import type { Batch } from "../../src/model/batch.ts"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { RowIssues } from "../../src/model/issue-table.ts"
import { RowSelection } from "../../src/model/selection.ts"

/** Three rows in a batch that the library did not make: one passes, the second has failed, the third was filtered. */
export function foreignBatch(): Batch<{ readonly a: number }> {
  const selection = new RowSelection(3)
  const issues = new RowIssues()
  issues.add(1, { code: "bad", message: "bad", rule: "bad", dimension: "validity", severity: "error", confidence: 1 })
  selection.drop(1)
  selection.drop(2)
  const batch: Batch<{ readonly a: number }> = {
    length: 3,
    columns: { a: columnOf([1, null, 3]) as Column<number> },
    names: ["a"],
    rows: { size: 1, at: (row) => (row === 0 ? { a: 1 } : undefined), [Symbol.iterator]: () => [{ a: 1 }][Symbol.iterator]() },
    selection,
    issues,
    quality: undefined,
    table: { name: "theirs", header: ["A"] },
    origin: (row) => ({ uri: "theirs", row: row + 1 }),
    raw: (row) => ({ A: ["1", "two", "3"][row] ?? null }),
    fail: () => undefined,
    filter: () => batch,
    map: () => Reflect.apply(notHere, undefined, []),
    withColumn: () => Reflect.apply(notHere, undefined, []),
  }
  return batch
}

function notHere(): never {
  throw new Error("not part of this batch")
}
