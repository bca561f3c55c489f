import type { Batch } from "../../src/model/batch.ts"
import type { ContractRow, SinkUnderTest } from "../../src/testing.ts"

/** Writes straight into the target, and takes it back where it has to. */
export function hasty(): SinkUnderTest {
  const rows: ContractRow[] = []
  return {
    sink: {
      name: "hasty",
      delivery: "at-least-once",
      async open() {
        let own: ContractRow[] = []
        return {
          async write(batch) {
            const written = [...batch.rows]
            own.push(...written)
            rows.push(...written)
          },
          async commit() {
            own = []
          },
          async [Symbol.asyncDispose]() {
            for (const row of own) rows.splice(rows.indexOf(row), 1)
          },
        }
      },
    },
    rows: () => rows,
  }
}

/** Keeps batches to the end, and forgets rows that have no id without a word. */
export function forgetful(): SinkUnderTest {
  const rows: ContractRow[] = []
  return {
    sink: {
      name: "forgetful",
      delivery: "at-least-once",
      async open() {
        const batches: Batch<ContractRow>[] = []
        return {
          async write(batch) {
            batches.push(batch)
          },
          async commit() {
            rows.push(...batches.flatMap((batch) => [...batch.rows]).filter(({ id }) => id !== null))
          },
          async [Symbol.asyncDispose]() {},
        }
      },
    },
    rows: () => rows,
  }
}
