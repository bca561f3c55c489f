import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { unpackHadoopLz4, unpackLz4 } from "../../../src/parsers/parquet/codecs/lz4.ts"
import { unpackZstd } from "../../../src/parsers/parquet/codecs/zstd.ts"
import { Random } from "../../fuzz/random.ts"
import { zstdCopies, zstdFrame, zstdRun } from "../../hostile/parquet/stored-bytes.ts"

const random = new Random(7)
const words = Buffer.from(Array.from({ length: 400 }, () => random.pick(["ada", "grace", "order", "amount"]) + random.below(50)).join(" "))
const letters = Buffer.from(Array.from({ length: 3000 }, () => 97 + Math.min(random.below(26), random.below(26))))
const numbers = Buffer.from(Int32Array.from({ length: 500 }, (_, at) => at * at).buffer)

const frame = (name: string) => readFileSync(new URL(`zstd/${name}.zst`, import.meta.url))

/** Frames of the command `zstd` 1.5.4 at its lowest and highest levels. */
test.each([
  ["words-1", words],
  ["words-19", words],
  ["letters-1", letters],
  ["numbers-1", numbers],
  ["numbers-19", numbers],
])("the frame %s is unpacked, but refused if the page states another length", async (name, bytes) => {
  expect(Buffer.from(await unpackZstd(frame(name), bytes.length))).toEqual(bytes)
  await expect(unpackZstd(frame(name), bytes.length - 1)).rejects.toThrow(`a page unpacks to ${bytes.length} bytes or more instead of`)
  await expect(unpackZstd(frame(name), bytes.length + 1)).rejects.toThrow(`a page unpacks to ${bytes.length} bytes instead of`)
})

test("zstd data may have several frames, and skippable frames between them", async () => {
  const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
  const packed = Buffer.concat([frame("words-1"), skipped, frame("letters-1"), zstdFrame([zstdRun(5, true)])])
  const unpacked = await unpackZstd(packed, words.length + letters.length + 5)
  expect(Buffer.from(unpacked)).toEqual(Buffer.concat([words, letters, Buffer.alloc(5)]))
})

test("zstd data that is cut off or changed is refused, or gives as many bytes as the page states", async () => {
  const whole = frame("words-19")
  for (let length = 0; length < whole.length; length += 7)
    await expect(unpackZstd(whole.subarray(0, length), words.length)).rejects.toMatchObject({ name: "ParquetFault" })
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole)
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
    const end = await unpackZstd(changed, words.length).catch((error: Error) => error)
    expect(end instanceof Uint8Array ? end.length : end.name).toBe(end instanceof Uint8Array ? words.length : "ParquetFault")
  }
})

test("a zstd block is refused if it unpacks to more than the page", async () => {
  await expect(unpackZstd(zstdFrame([zstdCopies(90_000, 52, true)]), 1 << 20)).rejects.toMatchObject({ name: "ParquetFault" })
})

test("LZ4 data that unpacks to more or less than the page states is refused", () => {
  // A literal, a copy of 8 from one before, and a last literal.
  const packed = Buffer.from([0x14, 0x61, 1, 0, 0x10, 0x62])
  expect(Buffer.from(unpackLz4(packed, 10)).toString()).toBe("aaaaaaaaab")
  expect(() => unpackLz4(packed, 9)).toThrow("more than the 9 bytes")
  expect(() => unpackLz4(packed, 11)).toThrow("unpacks to 10 bytes instead of 11")
  expect(() => unpackLz4(Buffer.from([0x14, 0x61, 2, 0, 0]), 9)).toThrow("damaged LZ4 data")
  const framed = Buffer.concat([Buffer.from([0, 0, 0, 10, 0, 0, 0, 6]), packed])
  expect(Buffer.from(unpackHadoopLz4(Buffer.concat([framed, framed]), 20)).toString()).toBe("aaaaaaaaabaaaaaaaaab")
  expect(Buffer.from(unpackHadoopLz4(packed, 10)).toString()).toBe("aaaaaaaaab")
})
