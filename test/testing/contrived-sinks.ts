import type { Batch } from "../../src/model/batch.ts"
import { createIssue } from "../../src/model/create-issue.ts"
import type { Reject } from "../../src/model/reject.ts"
import type { ContractRow, SinkUnderTest } from "../../src/testing.ts"

/** Writes directly into the target, and removes the rows later if it must. */
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

/** Refuses rows without an id, can be settled once, and lists the refused rows until it is told to commit. All of this is allowed. */
export function strict(): SinkUnderTest {
  const rows: ContractRow[] = []
  return {
    sink: {
      name: "strict",
      delivery: "at-least-once",
      async open() {
        const own: ContractRow[] = []
        const refused: Reject[] = []
        let settled = false
        return {
          async write(batch) {
            const given = [...batch.rows]
            const places = [...batch.selection]
            given.forEach((row, at) => {
              const place = places[at] ?? 0
              const issues = [createIssue({ code: "strict.no_id", message: "The row has no id." })]
              if (row["id"] === null) refused.push({ origin: batch.origin(place), raw: batch.raw(place), issues })
              else own.push(row)
            })
          },
          async settle() {
            if (settled) throw new Error("settled twice")
            settled = true
            const listed = {
              length: refused.length,
              async *[Symbol.asyncIterator]() {
                if (refused.length !== this.length) throw new Error("the refused rows are gone")
                yield* refused
              },
            }
            return { loaded: own.length, superseded: 0, skipped: 0, refused: listed }
          },
          async commit() {
            rows.push(...own)
            refused.length = 0
          },
          async [Symbol.asyncDispose]() {},
        }
      },
    },
    rows: () => rows,
  }
}

/** Keeps batches until the end, and silently drops rows without an id. */
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
