import { expect, test } from "vitest"
import { DeltaInts, DeltaLongs } from "../../../src/parsers/parquet/delta-reader.ts"

function varint(value: bigint): number[] {
  const low = Number(value & 127n)
  return value < 128n ? [low] : [low | 128, ...varint(value >> 7n)]
}

const zigzag = (value: bigint) => varint(value < 0n ? -value * 2n - 1n : value * 2n)

/** One block of 128 differences in four miniblocks. Every difference has `bits` bits, all of them set. */
function block(first: bigint, least: bigint, bits: number): Uint8Array {
  const head = [...varint(128n), ...varint(4n), ...varint(129n), ...zigzag(first), ...zigzag(least), bits, bits, bits, bits]
  return Uint8Array.from([...head, ...new Array<number>(4 * 4 * bits).fill(255), 77])
}

test.each([
  ["small ones", 5n, 1n, 0],
  ["negative ones", -5n, -1n, 3],
  ["unsigned ones, their first value stated beyond 32 bits", 4_294_967_295n, -1n, 0],
  ["unsigned ones with a difference beyond 32 bits", 0n, 4_294_967_000n, 7],
  ["differences of all 32 bits", 7n, -2_147_483_648n, 32],
  ["differences of 33 bits", 7n, -4_294_967_295n, 33],
  ["differences of 17 bits, which begin within bytes", 1n, 0n, 17],
])("32-bit differences give the same integers as 64-bit ones, modulo 2^32: %s", (_, first, least, bits) => {
  const bytes = block(first, least, bits)
  const longs = [...new DeltaLongs(bytes, 0, 129).read(129)]
  const expected = longs.map((long) => Number(BigInt.asIntN(32, long)))
  const ints = new DeltaInts(bytes, 0, 129)
  expect([...ints.read(1), ...ints.read(40), ...ints.read(88)]).toEqual(expected)
  expect(bytes[new DeltaInts(bytes, 0, 129).end()]).toBe(77)
})

test("a block that ends early, has an invalid size, or states too many integers throws instead of looping", () => {
  expect(() => new DeltaInts(block(1n, 1n, 9).subarray(0, 40), 0, 129).read(129)).toThrow("ends early")
  expect(() => new DeltaInts(Uint8Array.of(0, 4, 2, 2, 0, 0, 0, 0, 0), 0, 2)).toThrow("no valid size")
  expect(() => new DeltaInts(block(1n, 1n, 9), 0, 100)).toThrow("states 129 integers as differences, and has 100 values")
  expect(() => new DeltaInts(block(1n, 1n, 9), 0, 200).read(130)).toThrow("129 more integers, and 130 values")
})
