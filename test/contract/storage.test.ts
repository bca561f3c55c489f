import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Storage } from "../../src/contract/storage.ts"
import { s3Storage } from "../../src/sources/s3/s3-storage.ts"
import { memoryStorage } from "../memory-storage.ts"
import { type MemoryS3, startMemoryS3 } from "../sources/s3/memory-s3.ts"
import { bucket, type S3Server, startS3Server } from "../sources/s3/s3-server.ts"

let server: S3Server
let versioned: MemoryS3
beforeAll(async () => {
  ;[server, versioned] = await Promise.all([startS3Server(), startMemoryS3({ versions: true })])
})
afterAll(async () => {
  await Promise.all([server, versioned].map((each) => each[Symbol.asyncDispose]()))
})

async function textOf(storage: Storage, ...[key, options]: Parameters<Storage["read"]>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of storage.read(key, options)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function keysOf(storage: Storage, ...[prefix, options]: Parameters<Storage["list"]>): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of storage.list(prefix, options)) keys.push(key)
  return keys
}

/** What the functions rely on. It holds for each storage that the tests use, so that they can stand for one another. */
describe.each([
  ["in memory", () => memoryStorage()],
  ["in a bucket", () => s3Storage({ bucket, prefix: "contract/", client: server.client })],
  ["in a bucket with versions", () => s3Storage({ bucket: "v", prefix: "contract/", client: versioned.client })],
])("a storage %s", (_, make) => {
  let storage: Storage
  beforeAll(() => {
    storage = make()
  })

  test("gives back what was written, whole and in part", async () => {
    const written = await storage.write("read/a", [Buffer.from("abc"), Buffer.from("def")])
    expect(written).toMatchObject({ key: "read/a", size: 6 })
    expect(await textOf(storage, "read/a")).toBe("abcdef")
    expect(await textOf(storage, "read/a", { start: 1, end: 3 })).toBe("bc")
    expect(await textOf(storage, "read/a", { start: 4 })).toBe("ef")
    await storage.write("read/empty", [])
    expect(await textOf(storage, "read/empty")).toBe("")
    await expect(textOf(storage, "read/none")).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" })
  })

  test("describes an object, and refuses to read it once it has changed", async () => {
    expect(await storage.stat("stat/a")).toBeUndefined()
    const written = await storage.write("stat/a", [Buffer.from("one")])
    const found = await storage.stat("stat/a")
    expect(found).toMatchObject({ key: "stat/a", size: 3, etag: written?.etag, modifiedAt: expect.any(Date) })
    expect(await textOf(storage, "stat/a", { etag: found?.etag })).toBe("one")
    await storage.write("stat/a", [Buffer.from("two")])
    await expect(textOf(storage, "stat/a", { etag: found?.etag })).rejects.toMatchObject({ code: "SOURCE_CHANGED", retryable: true })
    if (found?.version !== undefined) expect(await textOf(storage, "stat/a", { version: found.version })).toBe("one")
  })

  test("lets one of several writers create an object", async () => {
    const writes = ["a", "b", "c", "d"].map((text) => storage.write("claim", [Buffer.from(text)], { unlessExists: true }))
    const written = await Promise.all(writes)
    const winner = written.findIndex((each) => each !== undefined)
    expect(written.filter((each) => each !== undefined)).toHaveLength(1)
    expect(await textOf(storage, "claim")).toBe("abcd"[winner])
    await storage.remove("claim")
    expect(await storage.write("claim", [Buffer.from("e")], { unlessExists: true })).toMatchObject({ size: 1 })
  })

  test("lists keys below a prefix in their order, also after one of them", async () => {
    const keys = ["list/1", "list/10", "list/2/a", "list/2/b", "list/é"]
    for (const key of [...keys].reverse()) await storage.write(key, [Buffer.from(key)])
    expect(await keysOf(storage, "list/")).toEqual(keys)
    expect(await keysOf(storage, "list/2")).toEqual(["list/2/a", "list/2/b"])
    expect(await keysOf(storage, "list/", { after: "list/10" })).toEqual(keys.slice(2))
    expect(await keysOf(storage, "list/", { after: "list/2/\u{10ffff}" })).toEqual(keys.slice(4))
  })

  test("removes an object, and does not mind if there is none", async () => {
    await storage.write("remove/a", [Buffer.from("x")])
    await storage.remove("remove/a")
    await storage.remove("remove/a")
    expect(await storage.stat("remove/a")).toBeUndefined()
    expect(await keysOf(storage, "remove/")).toEqual([])
  })

  test("ends a read and a write with the reason of an aborted signal", async () => {
    await storage.write("abort/a", [Buffer.from("x")])
    const signal = AbortSignal.abort(new Error("enough"))
    await expect(textOf(storage, "abort/a", { signal })).rejects.toThrow("enough")
    await expect(storage.write("abort/b", [Buffer.from("x")], { signal })).rejects.toThrow("enough")
    expect(await storage.stat("abort/b")).toBeUndefined()
  })
})
