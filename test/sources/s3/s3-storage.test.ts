import { randomBytes } from "node:crypto"
import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, expect, test } from "vitest"
import { s3Storage } from "../../../src/sources/s3/s3-storage.ts"
import { bucket, type S3Server, startS3Server } from "./s3-server.ts"

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server[Symbol.asyncDispose]())

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function contentOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return Buffer.concat(parts)
}

test.each([0, 1, 8 * 1024 * 1024, 8 * 1024 * 1024 + 1, 20_000_000])(
  "%i bytes can be written and read back, whole and in part",
  async (size) => {
    const storage = s3Storage({ bucket, prefix: "work/", client: server.client })
    const bytes = randomBytes(size)
    expect(await storage.write("a/b.bin", chunksOf(bytes, 700_001))).toEqual({ size })
    expect((await contentOf(storage.read("a/b.bin"))).equals(bytes)).toBe(true)
    if (size > 1) expect((await contentOf(storage.read("a/b.bin", { start: 1, end: size - 1 }))).equals(bytes.subarray(1, -1))).toBe(true)
  },
)

test("list() gives keys without the prefix, and remove() removes an object", async () => {
  const storage = s3Storage({ bucket, prefix: "list/", client: server.client })
  for (const key of ["x/1", "x/2", "y/1"]) await storage.write(key, chunksOf(Buffer.from(key), 10))
  const below = async (prefix: string) => {
    const found: unknown[] = []
    for await (const object of storage.list(prefix)) found.push(object)
    return found
  }
  expect(await below("x/")).toEqual([
    { key: "x/1", size: 3 },
    { key: "x/2", size: 3 },
  ])
  await storage.remove("x/1")
  await storage.remove("x/1")
  expect(await below("")).toEqual([
    { key: "x/2", size: 3 },
    { key: "y/1", size: 3 },
  ])
})

test("a write leaves nothing if its input fails, not even parts of an upload", async () => {
  const storage = s3Storage({ bucket, client: server.client })
  async function* failing() {
    yield randomBytes(20_000_000)
    throw new Error("the bytes fail")
  }
  await expect(storage.write("failed.bin", failing())).rejects.toThrow("the bytes fail")
  await expect(contentOf(storage.read("failed.bin"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" })
  const { Uploads } = await server.client.send(new ListMultipartUploadsCommand({ Bucket: bucket })).catch(() => ({ Uploads: [] }))
  expect(Uploads ?? []).toEqual([])
})

test("a read from the storage resumes after the connection breaks", async () => {
  const storage = s3Storage({ bucket, client: server.client })
  const bytes = randomBytes(1_000_000)
  await storage.write("broken.bin", chunksOf(bytes, 100_000))
  server.troubles.push({ kind: "cut", afterBytes: 300_000 }, { kind: "cut", afterBytes: 200_000 })
  expect((await contentOf(storage.read("broken.bin"))).equals(bytes)).toBe(true)
})
