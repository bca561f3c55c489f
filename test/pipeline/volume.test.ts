import { expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline, memory } from "../../src/index.ts"

async function outcome(volume: { readonly least?: number; readonly most?: number }) {
  const sink = memory<{ id: number }>()
  const pipeline = createPipeline({ name: "volume", volume })
    .from(bytes("id\n1\nx\n3\n4\n"))
    .validate(z.object({ id: z.number() }))
    .filter(({ id }) => id !== 4)
    .into(sink)
  const [delivery] = (await pipeline.run()).deliveries
  return [delivery?.outcome, delivery?.reason, sink.rows.length]
}

test("a delivery with too few or too many rows is refused; rejects and filtered rows count", async () => {
  expect(await outcome({ least: 4, most: 4 })).toEqual(["loaded", undefined, 2])
  expect(await outcome({ least: 5 })).toEqual(["refused", "the delivery has 4 rows (minimum 5)", 0])
  expect(await outcome({ most: 3 })).toEqual(["refused", "the delivery has 4 rows (maximum 3)", 0])
  expect(await outcome({})).toEqual(["loaded", undefined, 2])
})

test("a misspelt bound is refused", () => {
  expect(() => createPipeline({ name: "a", volume: { last: 1 } as never })).toThrow(
    "createPipeline() has no option volume.last; did you mean volume.least?",
  )
})
