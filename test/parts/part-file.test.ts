import { deflateSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import { ValueColumn } from "../../src/model/columns/value-column.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import type { TableFacts } from "../../src/model/table-facts.ts"
import { encodeBatch } from "../../src/parts/encode-batch.ts"
import { packFrame } from "../../src/parts/frame.ts"
import { openPart } from "../../src/parts/part-index.ts"
import { readPart } from "../../src/parts/read-part.ts"
import { writePart } from "../../src/parts/write-part.ts"
import { bytesColumn, cellsOf } from "../model/layouts.ts"
import { batchesOf, listOf, partOf, streamOf, throughPart } from "./part-bytes.ts"

const facts: TableFacts = { name: "t", header: ["id", "text"] }

function batchOf(values: readonly unknown[], table: TableFacts = facts): TableBatch<unknown> {
  const columns = [columnOf(values.map((_, at) => at)), new ValueColumn(values)]
  const origins = { at: (row: number) => ({ uri: "file:///t", row: row + 1 }) }
  return TableBatch.of({ length: values.length, table, names: ["id", "text"], columns, origins })
}

const fileOf = (bytes: Buffer) => ({ size: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end) })
const damaged = expect.objectContaining({ code: "PART_DAMAGED", retryable: false })
const unreadable = (part: Uint8Array) =>
  batchesOf(part).then(
    () => undefined,
    (error: unknown) => error,
  )

describe("a part file", () => {
  test("may have no batch", async () => {
    const part = await partOf([])
    expect(await batchesOf(part)).toEqual([])
    expect(await openPart(fileOf(part))).toMatchObject({ rows: 0, frames: [] })
  })

  test("gives batches of one table the same facts, and those of another table other ones", async () => {
    const same = { ...facts }
    const read = await throughPart([batchOf(["a"]), batchOf(["b"]), batchOf(["c"], same), batchOf(["d"], same), batchOf(["e"])])
    const [first, second, third, fourth, fifth] = read.map(({ table }) => table)
    expect(first).toBe(second)
    expect(third).toBe(fourth)
    expect(new Set([first, third, fifth]).size).toBe(3)
  })

  test("names the frame of each row, also beside frames without rows", async () => {
    const part = await partOf([batchOf([]), batchOf(["a", "b"]), batchOf([]), batchOf(["c"]), batchOf([])])
    const index = await openPart(fileOf(part))
    const texts = await Promise.all(
      [0, 1, 2].map(async (row) => {
        const frame = index.frameOf(row)
        return frame === undefined ? undefined : (await index.batch(frame)).column("text")?.at(row - frame.firstRow)
      }),
    )
    expect(texts).toEqual(["a", "b", "c"])
    expect(index.frameOf(3)).toBeUndefined()
  })

  test("is opened with one read if its index is short, and with two if it is long", async () => {
    const reads: number[] = []
    const open = async (part: Buffer) => {
      reads.length = 0
      const read = async (start: number, end: number) => {
        reads.push(end - start)
        return part.subarray(start, end)
      }
      return (await openPart({ size: part.length, read })).frames.length
    }
    expect([await open(await partOf([batchOf(["a"])])), reads.length]).toEqual([1, 1])
    const many = Array.from({ length: 4000 }, (_, at) => batchOf(at % 7 === 0 ? [] : new Array(at % 5).fill(at)))
    expect([await open(await partOf(many)), reads.length]).toEqual([4000, 2])
  })

  test("does not depend on what happens to a batch after the next one was requested", async () => {
    const texts = Array.from({ length: 12 }, (_, at) => `row ${at}`)
    const column = bytesColumn(["room for text"])
    async function* reused() {
      for (const text of texts) {
        column.bytes.fill(0)
        column.bytes.write(text, column.starts[0] as number)
        column.ends[0] = (column.starts[0] as number) + text.length
        const origins = { at: () => ({ uri: "file:///t", row: 1 }) }
        yield TableBatch.of({ length: 1, table: { name: "t", header: ["text"] }, names: ["text"], columns: [column], origins })
      }
    }
    const part = Buffer.concat(await listOf(writePart(reused())))
    const read = await batchesOf(part)
    expect(read.map((batch) => cellsOf(batch.column("text") as ValueColumn)[0])).toEqual(
      texts.map((text) => text.slice(0, column.bytes.length - 1)),
    )
  })

  test("ends its source if nobody reads on", async () => {
    let ended = 0
    async function* source<V>(values: readonly V[]) {
      try {
        yield* values
      } finally {
        ended++
      }
    }
    const batches = Array.from({ length: 20 }, (_, at) => batchOf([at]))
    const writing = writePart(source(batches))
    await writing.next()
    await writing.next()
    await writing.return()
    expect(ended).toBe(1)
    const pieces = await listOf(writePart(streamOf(batches)))
    const reading = readPart(source(pieces))
    await reading.next()
    await reading.return()
    expect(ended).toBe(2)
  })

  test("passes on the error of its source", async () => {
    async function* failing() {
      yield batchOf(["a"])
      throw new Error("the source is gone")
    }
    await expect(listOf(writePart(failing()))).rejects.toThrow("the source is gone")
  })

  test.each([
    ["a Map", new Map([[1, 2]]), "an object of the class Map"],
    ["a function", () => undefined, "a function"],
    ["a symbol", Symbol("s"), "a symbol"],
    ["an object with a Set in it", { a: [new Set([1])] }, "a value with a part of another kind"],
    ["a value that contains itself", endless(), "nested too deep"],
  ])("refuses %s and names its column", async (_, value, named) => {
    await expect(partOf([batchOf(["x", value])])).rejects.toMatchObject({
      code: "PIPELINE_INVALID",
      message: expect.stringContaining(named),
      origin: { column: "text" },
      remedy: expect.stringContaining("Return text, numbers"),
    })
  })
})

describe("a damaged part file", () => {
  test("is refused wherever one bit is wrong", async () => {
    const part = await partOf([batchOf(["a", "b"]), batchOf(["c"])])
    let versions = 0
    for (let bit = 0; bit < part.length * 8; bit++) {
      const wrong = Buffer.from(part)
      wrong[bit >> 3] = (wrong[bit >> 3] as number) ^ (1 << (bit & 7))
      const error = await unreadable(wrong)
      expect(["PART_DAMAGED", "PART_VERSION"]).toContain((error as { code?: string } | undefined)?.code)
      if ((error as { code?: string }).code === "PART_VERSION") versions++
    }
    // The last byte of the first and the last magic.
    expect(versions).toBe(16)
  })

  test("is refused wherever it ends too early, and if bytes follow it", async () => {
    const part = await partOf([batchOf(["a", "b"]), batchOf(["c"])])
    for (let length = 0; length < part.length; length++) {
      expect(await unreadable(part.subarray(0, length))).toEqual(damaged)
      await expect(openPart(fileOf(part.subarray(0, length)))).rejects.toEqual(damaged)
    }
    expect(await unreadable(Buffer.concat([part, Buffer.from([0])]))).toMatchObject({
      code: "PART_DAMAGED",
      message: expect.stringContaining("bytes follow its end"),
    })
  })

  test("is refused if a frame is missing, repeated or moved", async () => {
    const part = await partOf([batchOf(["a"]), batchOf(["b"]), batchOf([])])
    const { frames } = await openPart(fileOf(part))
    const [first, second, third] = frames.map(({ at, bytes }) => part.subarray(at, at + bytes)) as [Buffer, Buffer, Buffer]
    const head = part.subarray(0, frames[0]?.at)
    const end = part.subarray((frames[2]?.at ?? 0) + (frames[2]?.bytes ?? 0))
    const whole = [head, first, second, third, end]
    expect(Buffer.concat(whole).equals(part)).toBe(true)
    for (const wrong of [
      [head, first, third, end],
      [head, first, second, end],
      [head, first, second, second, third, end],
      [head, second, first, third, end],
    ])
      expect(await unreadable(Buffer.concat(wrong))).toEqual(damaged)
  })

  test("is refused by its version if another rowgate wrote it", async () => {
    const part = await partOf([batchOf(["a"])])
    part[7] = 2
    part[part.length - 1] = 2
    expect(await unreadable(part)).toMatchObject({ code: "PART_VERSION", message: expect.stringContaining("version 2") })
    await expect(openPart(fileOf(part))).rejects.toMatchObject({ code: "PART_VERSION" })
  })

  test("is refused before it takes memory that a forged header claims", async () => {
    const rows = 0
    const frame = async (content: Uint8Array, patch: (header: Buffer) => void) => {
      const [header, stored] = (await packFrame(content, { kind: "batch", rows, firstRow: 0, table: 0 })) as [Buffer, Buffer]
      patch(header)
      return Buffer.concat([(await partOf([])).subarray(0, 8), header, stored])
    }
    const before = process.memoryUsage().rss
    const tooLong = await frame(encodeBatch(batchOf([])), (header) => header.writeUInt32LE(0xffff_ffff, 20))
    const tooLarge = await frame(encodeBatch(batchOf([])), (header) => header.writeUInt32LE(0xffff_ffff, 24))
    const cutOff = await frame(encodeBatch(batchOf([])), (header) => header.writeUInt32LE(2 ** 30, 20))
    for (const part of [tooLong, tooLarge, cutOff]) expect(await unreadable(part)).toEqual(damaged)
    const zeros = await frame(headOf({ rows: 2 ** 26, arrays: 40 }), () => undefined)
    expect(await unreadable(zeros)).toEqual(damaged)
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
  })

  test.each([
    ["no JSON", Buffer.from([2, 0, 0, 0, 0x7b, 0x7b, 0, 0])],
    ["a head beyond the end", Buffer.from([255, 255, 255, 255])],
    ["nothing", Buffer.alloc(0)],
    ["other compressed bytes", deflateSync("x")],
    ["a head without columns", headBytes({ rows: 1 })],
    ["a negative number of rows", headBytes({ rows: -1 })],
    ["a head that is null", headBytes(null)],
  ])("is refused if a batch of it is %s", async (_, content) => {
    const start = (await partOf([])).subarray(0, 8)
    const frame = await packFrame(content, { kind: "batch", rows: 1, firstRow: 0, table: 0 })
    expect(await unreadable(Buffer.concat([start, ...frame]))).toEqual(damaged)
  })
})

function endless(): object {
  const list: unknown[] = []
  list.push(list)
  return list
}

function headBytes(head: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, Buffer.alloc((4 - (json.length & 7)) & 7)])
}

/** A head with many arrays that take no bytes of the file. */
function headOf({ rows, arrays }: { readonly rows: number; readonly arrays: number }): Buffer {
  const same = ["same", 0]
  return headBytes({
    rows,
    table: { name: "t", header: [] },
    bytes: [],
    ranges: [],
    codes: new Array(arrays).fill(same),
    texts: [],
    numbers: [],
    flags: [],
    columns: [],
    raw: { columns: [] },
    origins: { files: [], file: same, row: ["ints", same, { base: 0, unit: 1, per: 1 }] },
    selection: "all",
    filtered: "none",
    distrusted: "none",
    issues: [],
    found: [],
  })
}
