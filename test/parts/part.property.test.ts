import fc from "fast-check"
import { expect, test } from "vitest"
import { decodeBatch } from "../../src/parts/decode-batch.ts"
import { encodeBatch } from "../../src/parts/encode-batch.ts"
import { openPart } from "../../src/parts/part-index.ts"
import { pictureOf } from "./batch-picture.ts"
import { anyBatch } from "./batches.ts"
import { batchesOf, partOf } from "./part-bytes.ts"

test("a batch is the same after it was encoded and decoded, and once more", () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const expected = pictureOf(batch)
      const once = decodeBatch(encodeBatch(batch))
      expect(pictureOf(once)).toStrictEqual(expected)
      expect(pictureOf(decodeBatch(encodeBatch(once)))).toStrictEqual(expected)
    }),
    { numRuns: 150 },
  )
})

test("the batches of a part are the same after they were written and read, in chunks of any length or one by one", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyBatch, { maxLength: 6 }), fc.integer({ min: 1, max: 5000 }), async (batches, chunkBytes) => {
      const expected = batches.map(pictureOf)
      const part = await partOf(batches)
      const read = await batchesOf(part, chunkBytes)
      expect(read.map(pictureOf)).toStrictEqual(expected)

      const index = await openPart({ size: part.length, read: async (start, end) => part.subarray(start, end) })
      expect(index.rows).toBe(batches.reduce((sum, { length }) => sum + length, 0))
      const found = await Promise.all(index.frames.toReversed().map((frame) => index.batch(frame)))
      expect(found.toReversed().map(pictureOf)).toStrictEqual(expected)
    }),
    { numRuns: 60 },
  )
})
