import { createHash } from "node:crypto"
import { appendFile, mkdtemp, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Context } from "../../src/contract/context.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import type { SourceFile } from "../../src/contract/source.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { file } from "../../src/sources/file.ts"

const context: Context = { runId: "test", signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0) }
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-file-"))
})
afterAll(() => rm(folder, { recursive: true }))

const content = Buffer.from(Uint8Array.from({ length: 1_300_000 }, (_, at) => (at * 7919) >> 3))

async function written(name: string): Promise<SourceFile> {
  await writeFile(join(folder, name), content)
  return only(file(join(folder, name)))
}

async function collect<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function only(source: ReturnType<typeof file>): Promise<SourceFile> {
  const files = await collect(source.files(context))
  expect(files.length).toBe(1)
  return files[0] as SourceFile
}

async function all(stream: AsyncIterable<Uint8Array> | Uint8Array[]): Promise<Buffer> {
  return Buffer.concat(await collect(stream))
}

test("a file is streamed whole and by range, and read by range", async () => {
  const one = await written("whole.bin")
  expect(one).toMatchObject({ size: content.length, rereadable: true, uri: pathToFileURL(join(folder, "whole.bin")).href })
  expect((await all(one.stream())).equals(content)).toBe(true)
  expect((await all(one.stream({ start: 1000, end: 900_000 }))).equals(content.subarray(1000, 900_000))).toBe(true)
  expect((await all(one.stream({ start: 1_299_000, end: 9_999_999 }))).equals(content.subarray(1_299_000))).toBe(true)
  expect(Buffer.from((await one.read?.(5, 25)) ?? []).equals(content.subarray(5, 25))).toBe(true)
})

test("sha256 works for any length and repeatedly, and fails once the file has changed", async () => {
  for (const length of [0, 1, 512 * 1024, 512 * 1024 + 1, content.length]) {
    const path = join(folder, "hashed.bin")
    await writeFile(path, content.subarray(0, length))
    const one = await only(file(path))
    const digest = createHash("sha256").update(content.subarray(0, length)).digest("hex")
    expect([await one.sha256?.(), await one.sha256?.()]).toEqual([digest, digest])
    const other = await only(file(path))
    await appendFile(path, "x")
    await expect(other.sha256?.()).rejects.toMatchObject({ code: "SOURCE_CHANGED", retryable: true })
  }
})

test("a large file is hashed without blocking the process, and a change is found", async () => {
  const path = join(folder, "large.bin")
  const large = Buffer.alloc((64 << 20) + 12_345)
  for (let at = 0; at < large.length; at += content.length) content.copy(large, at)
  await writeFile(path, large)
  const digest = createHash("sha256").update(large).digest("hex")
  let turns = 0
  const turning = setInterval(() => turns++, 0)
  expect(await (await only(file(path))).sha256?.()).toBe(digest)
  clearInterval(turning)
  expect(turns).toBeGreaterThan(2)

  const shrinking = await only(file(path))
  // Hashing may fail before the truncation has returned.
  const hashed = expect(shrinking.sha256?.()).rejects.toMatchObject({ code: "SOURCE_CHANGED", retryable: true })
  await truncate(path, 1000)
  await hashed
})

test("each chunk has its own memory, so it can be kept or transferred", async () => {
  const chunks = await collect((await written("chunks.bin")).stream())
  expect(new Set(chunks.map((chunk) => chunk.buffer)).size).toBe(chunks.length)
  for (const chunk of chunks) expect(chunk.buffer.byteLength).toBe(chunk.length)
})

test("file() takes URLs and several paths, and follows links", async () => {
  const { uri } = await written("url.bin")
  await symlink(join(folder, "url.bin"), join(folder, "link.bin"))
  const files = await collect(file(new URL(uri), join(folder, "link.bin")).files(context))
  expect(files.map((one) => one.size)).toEqual([content.length, content.length])
})

test("a path that is missing or not a regular file is an error with its place and a remedy", async () => {
  await expect(only(file(join(folder, "none.csv")))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND", remedy: expect.any(String) })
  await expect(only(file(join(folder, "whole.bin", "x")))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" })
  await expect(only(file(folder))).rejects.toMatchObject({ code: "SOURCE_NOT_A_FILE", origin: { uri: pathToFileURL(folder).href } })
  await expect(only(file("/dev/null"))).rejects.toMatchObject({ code: "SOURCE_NOT_A_FILE" })
})

test("a file that grows, is replaced or is deleted while it is read is SOURCE_CHANGED", async () => {
  const growing = await written("growing.bin")
  await expect(
    (async () => {
      let first = true
      for await (const _ of growing.stream()) {
        if (first) await appendFile(join(folder, "growing.bin"), "more")
        first = false
      }
    })(),
  ).rejects.toMatchObject({ code: "SOURCE_CHANGED", retryable: true })
  const replaced = await written("replaced.bin")
  await writeFile(join(folder, "new.bin"), content)
  await rename(join(folder, "new.bin"), join(folder, "replaced.bin"))
  await expect(replaced.read?.(0, 10)).rejects.toMatchObject({ code: "SOURCE_CHANGED" })
  await rm(join(folder, "replaced.bin"))
  await expect(all(replaced.stream())).rejects.toMatchObject({ code: "SOURCE_CHANGED" })
})

test("a reader that stops early leaves no handle open", async () => {
  const open = async () => (await readdir("/proc/self/fd")).length
  const one = await written("early.bin")
  const before = await open()
  for (let i = 0; i < 20; i++) for await (const _ of one.stream()) break
  expect(await open()).toBeLessThanOrEqual(before)
})

test("bytes() reads bytes and text in memory as a file", async () => {
  const [one] = await collect(bytes("größe", { name: "memo.csv" }).files(context))
  expect(one).toMatchObject({ uri: "memo.csv", size: 7, rereadable: true })
  expect((await all(one?.stream() ?? [])).toString()).toBe("größe")
  expect((await all(one?.stream({ start: 2, end: 4 }) ?? [])).toString()).toBe("ö")
  expect(Buffer.from((await one?.read?.(0, 2)) ?? []).toString()).toBe("gr")
})

test("a file: URL may be a string, as in reports", async () => {
  await writeFile(join(folder, "by url.csv"), "a\n1\n")
  const found = await only(file(pathToFileURL(join(folder, "by url.csv")).href))
  expect(found.size).toBe(4)
})
