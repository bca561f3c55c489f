import { expect, test } from "vitest"
import { decodeDeltaInts, decodeDeltaLongs } from "../../../src/parsers/parquet/delta-decoder.ts"

function varint(value: bigint): number[] {
  const low = Number(value & 127n)
  return value < 128n ? [low] : [low | 128, ...varint(value >> 7n)]
}

const zigzag = (value: bigint) => varint(value < 0n ? -value * 2n - 1n : value * 2n)

/** One block of 128 in four parts, of differences with a number of bits, all bits of them set. */
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
])("32-bit integers as differences are those of 64 bits, modulo 2^32: %s", (_, first, least, bits) => {
  const bytes = block(first, least, bits)
  const ints = decodeDeltaInts(bytes, 0, 129)
  expect([...ints.values]).toEqual(Array.from(decodeDeltaLongs(bytes, 0, 129), (long) => Number(BigInt.asIntN(32, long))))
  expect(bytes[ints.end]).toBe(77)
})

test("a block that ends early, or has no valid size, is a fault and no endless loop", () => {
  expect(() => decodeDeltaInts(block(1n, 1n, 9).subarray(0, 40), 0, 129)).toThrow("ends early")
  expect(() => decodeDeltaInts(Uint8Array.of(0, 4, 2, 2, 0, 0, 0, 0, 0), 0, 2)).toThrow("no valid size")
})
