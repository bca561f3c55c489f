import { mkdtemp, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline, file, memory, type SourceInput } from "../../src/index.ts"
import { s3 } from "../../src/s3.ts"
import { bucket, startS3Server } from "../sources/s3/s3-server.ts"

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

describe("the age of a file", () => {
  const asOf = new Date("2025-07-01T12:00:00Z")
  const reasonOf = async (source: SourceInput, mostAgeHours: number) => {
    const pipeline = createPipeline({ name: "age", volume: { mostAgeHours } }).into(memory())
    const [delivery] = (await pipeline.run({ source, asOf })).deliveries
    return [delivery?.outcome, delivery?.reason]
  }

  test("is counted from the last change of a file on disk to asOf", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "age-")), "a.csv")
    await writeFile(path, "id\n1\n")
    await utimes(path, asOf, new Date("2025-06-30T09:30:00Z"))
    expect(await reasonOf(file(path), 26.5)).toEqual(["loaded", undefined])
    const reason = "the file was last changed 26.5 hours ago, at 2025-06-30T09:30:00.000Z (maximum 26 hours)"
    expect(await reasonOf(file(path), 26)).toEqual(["refused", reason])
  })

  test("is that of the object in S3, and of an upload", async () => {
    await using server = await startS3Server()
    await server.put("a.csv", "id\n1\n")
    const object = s3({ bucket, key: "a.csv", client: server.client })
    // The object is newer than asOf.
    expect(await reasonOf(object, 1)).toEqual(["loaded", undefined])
    const later = createPipeline({ name: "age", volume: { mostAgeHours: 1 } })
      .from(object)
      .into(memory())
    const [delivery] = (await later.run({ asOf: new Date(Date.now() + 7_200_000) })).deliveries
    expect(delivery?.reason).toMatch(/^the file was last changed 2\.0 hours ago, at .*Z \(maximum 1 hour\)$/)
    const upload = new File(["id\n1\n"], "a.csv", { lastModified: Date.parse("2025-07-01T00:00:00Z") })
    expect(await reasonOf(upload, 11)).toEqual([
      "refused",
      "the file was last changed 12.0 hours ago, at 2025-07-01T00:00:00.000Z (maximum 11 hours)",
    ])
  })

  test("must be known: bytes in memory are refused", async () => {
    expect(await reasonOf(bytes("id\n1\n"), 24)).toEqual(["refused", "the source does not know how old the file is (maximum 24 hours)"])
  })
})

test("a misspelt bound is refused", () => {
  expect(() => createPipeline({ name: "a", volume: { last: 1 } as never })).toThrow(
    "createPipeline() has no option volume.last; did you mean volume.least?",
  )
})
