import { randomBytes } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import type { S3ClientLike } from "../../../src/sources/s3/s3-options.ts"
import { s3Storage } from "../../../src/sources/s3/s3-storage.ts"
import { bucket, type S3Server, startS3Server } from "./s3-server.ts"

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  server.refuse = undefined
})

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
    expect(await storage.write("a/b.bin", chunksOf(bytes, 700_001))).toMatchObject({ key: "a/b.bin", size })
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
  const at = expect.any(Date)
  expect(await below("x/")).toEqual([
    { key: "x/1", size: 3, etag: expect.any(String), modifiedAt: at },
    { key: "x/2", size: 3, etag: expect.any(String), modifiedAt: at },
  ])
  await storage.remove("x/1")
  await storage.remove("x/1")
  expect((await below("")).map((object) => (object as { key: string }).key)).toEqual(["x/2", "y/1"])
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

const small = [Buffer.from("small")]
const large = randomBytes(17_000_000)

/** A client that runs `then` after each command that succeeded. */
function clientThen(then: (command: object) => void): S3ClientLike {
  return {
    async send(command, options) {
      const answer = await server.client.send(command as never, options)
      then(command)
      return answer
    },
  }
}

/** A client of its own, which leaves it to rowgate to try again. */
function impatientClient(): S3Client {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" }
  return new S3Client({ endpoint: server.endpoint, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 })
}

test.each([
  ["short", small],
  ["long", [large]],
])("a %s object is written by one of several writers, and the others learn that it exists", async (name, bytes) => {
  const storage = s3Storage({ bucket, prefix: `once/${name}/`, client: server.client })
  const written = await Promise.all(Array.from({ length: 4 }, () => storage.write("claim", bytes, { unlessExists: true })))
  expect(written.filter((each) => each !== undefined)).toHaveLength(1)
  expect(await storage.write("claim", [Buffer.from("other")], { unlessExists: true })).toBeUndefined()
  expect((await contentOf(storage.read("claim"))).equals(bytes[0] ?? Buffer.alloc(0))).toBe(true)
  await storage.write("claim", [Buffer.from("other")])
  expect(String(await contentOf(storage.read("claim")))).toBe("other")
})

test.each([
  ["short", small, "PutObjectCommand"],
  ["long", [large], "CompleteMultipartUploadCommand"],
])("a writer whose response is lost does not take its own %s object for another's", async (name, bytes, last) => {
  let losses = 0
  const client = clientThen((command) => {
    if (command.constructor.name === last && losses++ === 0) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })
  })
  const storage = s3Storage({ bucket, prefix: `lost/${name}/`, client })
  const written = await storage.write("claim", bytes, { unlessExists: true })
  expect(losses).toBeGreaterThan(0)
  expect(written).toMatchObject({ key: "claim", size: bytes[0]?.length })
  expect(await storage.write("claim", bytes, { unlessExists: true })).toBeUndefined()
})

test.each([
  [503, "SlowDown"],
  [409, "ConditionalRequestConflict"],
])("requests that S3 answers with %i %s are sent again", async (status, code) => {
  await using _ = { [Symbol.asyncDispose]: async () => client.destroy() }
  const client = impatientClient()
  const storage = s3Storage({ bucket, prefix: `again/${code}/`, client })
  let left = 0
  // Only a request that changes something meets another one.
  const takesPart = (method: string) => code === "SlowDown" || method === "PUT" || method === "DELETE"
  server.refuse = (method) => (takesPart(method) && left-- > 0 ? { status, code } : undefined)
  const trying = <T>(work: () => Promise<T>) => {
    left = 2
    return work()
  }
  expect(await trying(() => storage.write("a", small, { unlessExists: true }))).toMatchObject({ size: 5 })
  expect(await trying(() => storage.stat("a"))).toMatchObject({ size: 5 })
  const listed = await trying(async () => {
    const keys: string[] = []
    for await (const { key } of storage.list("")) keys.push(key)
    return keys
  })
  expect(listed).toEqual(["a"])
  await trying(() => storage.remove("a"))
  expect(await storage.stat("a")).toBeUndefined()
})

test("a service that stays busy is a retryable error after the given attempts", async () => {
  await using _ = { [Symbol.asyncDispose]: async () => client.destroy() }
  const client = impatientClient()
  let requests = 0
  server.refuse = () => {
    requests++
    return { status: 503, code: "SlowDown" }
  }
  const writing = s3Storage({ bucket, client, attempts: 3 }).write("busy", small)
  await expect(writing).rejects.toMatchObject({ code: "STORAGE_UNWRITABLE", retryable: true, origin: { uri: `s3://${bucket}/busy` } })
  expect(requests).toBe(3)
})

test("missing permissions and buckets are errors that say what to grant or that the bucket does not exist", async () => {
  const storage = s3Storage({ bucket, client: server.client })
  server.refuse = () => ({ status: 403, code: "AccessDenied" })
  await expect(storage.write("a", small)).rejects.toMatchObject({
    code: "STORAGE_UNWRITABLE",
    retryable: false,
    message: `s3://${bucket}/a cannot be written: these credentials do not allow it.`,
    remedy: expect.stringContaining("s3:PutObject"),
  })
  await expect(storage.remove("a")).rejects.toMatchObject({ remedy: expect.stringContaining("s3:DeleteObject") })
  await expect(storage.stat("a")).rejects.toMatchObject({ code: "SOURCE_UNREADABLE", remedy: expect.stringContaining("s3:ListBucket") })
  server.refuse = undefined
  const elsewhere = s3Storage({ bucket: "elsewhere", client: server.client })
  await expect(elsewhere.write("a", small)).rejects.toMatchObject({ code: "STORAGE_UNWRITABLE", retryable: false })
})

test("stat() describes an object, and a read can be pinned to what it described", async () => {
  const storage = s3Storage({ bucket, prefix: "pinned/", client: server.client })
  expect(await storage.stat("a")).toBeUndefined()
  const written = await storage.write("a", small)
  const found = await storage.stat("a")
  expect(found).toEqual({ key: "a", size: 5, etag: written?.etag, modifiedAt: expect.any(Date) })
  expect(String(await contentOf(storage.read("a", { start: 1, etag: found?.etag })))).toBe("mall")
  await storage.write("a", [Buffer.from("other")])
  await expect(contentOf(storage.read("a", { etag: found?.etag }))).rejects.toMatchObject({ code: "SOURCE_CHANGED" })
})

test("a listing can begin after a key", async () => {
  const storage = s3Storage({ bucket, prefix: "after/", client: server.client })
  const keys = Array.from({ length: 20 }, (_, at) => `k/${String(at).padStart(2, "0")}`)
  for (const key of keys) await storage.write(key, small)
  const found: string[] = []
  for await (const { key } of storage.list("k/", { after: "k/04" })) found.push(key)
  expect(found).toEqual(keys.slice(5))
})

test("a listing of a service that encodes keys has the keys themselves", async () => {
  const keys = ["a b+c%20", "line\nbreak\u0001", "ünïcode/ok"]
  const service = createServer((incoming, outgoing) => {
    expect(new URL(incoming.url ?? "", "http://x").searchParams.get("encoding-type")).toBe("url")
    const shown = keys.map((key) => encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/"))
    const contents = shown.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join("")
    outgoing.end(`<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`)
  })
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve))
  const credentials = { accessKeyId: "test", secretAccessKey: "test" }
  const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials })
  try {
    const found: string[] = []
    for await (const { key } of s3Storage({ bucket, client }).list("")) found.push(key)
    expect(found).toEqual(keys)
  } finally {
    client.destroy()
    service.close()
  }
})

test("a silent service is given up after the idle time-out", async () => {
  const service = createServer(() => {})
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve))
  const credentials = { accessKeyId: "test", secretAccessKey: "test" }
  const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 })
  try {
    const storage = s3Storage({ bucket, client, idleTimeoutMs: 50, attempts: 2 })
    await expect(storage.write("a", small)).rejects.toMatchObject({ code: "STORAGE_UNWRITABLE", retryable: true })
    await expect(storage.stat("a")).rejects.toMatchObject({ code: "SOURCE_UNREADABLE", retryable: true })
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error("enough")), 20)
    await expect(storage.write("a", small, { signal: abort.signal })).rejects.toThrow("enough")
  } finally {
    client.destroy()
    service.closeAllConnections()
    service.close()
  }
})
