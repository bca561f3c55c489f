import { expect, test } from "vitest"
import { BlockPool } from "../../src/postgres/retain/block-pool.ts"

test("a returned block is reused for about the same size", () => {
  const pool = new BlockPool()
  const block = pool.take(500_000)
  pool.give(block)
  expect(pool.take(480_000)).toBe(block)
  expect(pool.take(480_000)).not.toBe(block)
})

test.each([0, 1, 4096, 10_000, 500_000, 3_000_001])("a block for %d bytes has at most a quarter more, or a page", (bytes) => {
  const { byteLength } = new BlockPool().take(bytes)
  expect(byteLength).toBeGreaterThanOrEqual(bytes)
  expect(byteLength).toBeLessThanOrEqual(Math.max(bytes * 1.25, bytes + 4096))
})

test("a large block is never used for few bytes, and blocks that no longer fit are dropped", () => {
  const pool = new BlockPool()
  const large = pool.take(1_000_000)
  pool.give(large)
  expect(pool.take(1_000).byteLength).toBe(4096)
  expect(pool.take(1_000_000)).not.toBe(large)
})
