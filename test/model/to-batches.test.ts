import fc from "fast-check"
import { expect, test } from "vitest"
import { toBatches } from "../../src/model/to-batches.ts"

async function collect<T>(rows: Iterable<T> | AsyncIterable<T>, batchRows?: number) {
  const batches = []
  for await (const batch of toBatches(rows, { batchRows, table: "t" })) batches.push(batch)
  return batches
}

test("rows come back as they were, in batches of the given size", async () => {
  const row = fc.record({ a: fc.integer(), b: fc.option(fc.string()) })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), async (rows, size) => {
      const batches = await collect(rows, size)
      expect(batches.flatMap((batch) => [...batch.rows])).toEqual(rows)
      expect(batches.slice(0, -1).every(({ length }) => length === size)).toBe(true)
    }),
  )
})

test("origins continue counting from batch to batch", async () => {
  const batches = await collect([{ a: 1 }, { a: 2 }, { a: 3 }], 2)
  expect(batches[1]?.origin(0)).toEqual({ uri: "t", table: "t", row: 3 })
})

test("without rows there is one batch of length 0, so that the table is known", async () => {
  const [batch, ...more] = await collect([])
  expect([batch?.length, more.length, batch?.table.name]).toEqual([0, 0, "t"])
})

test("a column that appears late is null before that, and the facts of the table change only with its header", async () => {
  const [first, second, third] = await collect([{ a: 1 }, { a: 2, b: "x" }, { a: 3 }], 1)
  expect([first?.names, second?.names, third?.names]).toEqual([["a"], ["a", "b"], ["a", "b"]])
  expect(third?.rows.at(0)).toEqual({ a: 3, b: null })
  expect(third?.table).toBe(second?.table)
  expect(second?.table).not.toBe(first?.table)
})

test("asynchronous rows are read as they arrive", async () => {
  async function* rows() {
    yield { a: 1 }
    yield { a: 2 }
  }
  expect((await collect(rows())).flatMap((batch) => [...batch.rows])).toEqual([{ a: 1 }, { a: 2 }])
})
