import { createHash, randomBytes } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import exceljs from "exceljs"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import type { SourceFile } from "../../../src/contract/source.ts"
import { readTables } from "../../../src/pipeline/tables/read-tables.ts"
import { type S3Options, s3 } from "../../../src/sources/s3/s3.ts"
import { readContext } from "../../parsers/read-table.ts"
import { bucket, type S3Server, startS3Server } from "./s3-server.ts"

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  server.troubles.length = 0
  server.ranges.length = 0
})

const big = randomBytes(3_000_000)

async function filesOf(options: Partial<S3Options>, signal = new AbortController().signal): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for await (const file of s3({ bucket, client: server.client, ...options }).files(readContext({ signal }))) files.push(file)
  return files
}

async function onlyFile(options: Partial<S3Options>, signal?: AbortSignal): Promise<SourceFile> {
  const [file, ...others] = await filesOf(options, signal)
  if (file === undefined || others.length > 0) throw new Error(`${others.length + 1} files`)
  return file
}

async function contentOf(file: SourceFile, range?: { start: number; end?: number }): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of file.stream(range)) parts.push(part)
  return Buffer.concat(parts)
}

test("every object below a prefix is a file, in the order of the keys, across several pages", async () => {
  const keys = Array.from({ length: 40 }, (_, at) => `many/${String(at).padStart(5, "0")}.csv`)
  await Promise.all(keys.map((key) => server.put(key, key)))
  await server.put("many/folder/", "")
  const files = await filesOf({ prefix: "many/" })
  expect(files.map(({ uri }) => uri)).toEqual(keys.map((key) => `s3://${bucket}/${key}`))
  expect(String(await contentOf(files[11] ?? (await onlyFile({}))))).toBe("many/00011.csv")
})

test("a file knows its size and version, and is read whole or by ranges", async () => {
  await server.put("whole/a.bin", big)
  const file = await onlyFile({ prefix: "whole/" })
  expect(file.size).toBe(big.length)
  expect(file.version).toBe(createHash("md5").update(big).digest("hex"))
  expect((await contentOf(file)).equals(big)).toBe(true)
  expect((await contentOf(file, { start: 1_000, end: 2_500_000 })).equals(big.subarray(1_000, 2_500_000))).toBe(true)
  expect((await contentOf(file, { start: 2_999_990 })).equals(big.subarray(2_999_990))).toBe(true)
  expect((await contentOf(file, { start: 2_999_990, end: 9_999_999 })).equals(big.subarray(2_999_990))).toBe(true)
  expect(Buffer.from((await file.read?.(5, 10)) ?? []).equals(big.subarray(5, 10))).toBe(true)
  expect(await contentOf(file, { start: big.length })).toHaveLength(0)
})

test("an object that is replaced after it was listed is SOURCE_CHANGED", async () => {
  await server.put("replaced/a.csv", "a,b\n1,2\n")
  const file = await onlyFile({ prefix: "replaced/" })
  await server.put("replaced/a.csv", "a,b\n3,4\n")
  await expect(contentOf(file)).rejects.toMatchObject({ code: "SOURCE_CHANGED", retryable: true, origin: { uri: file.uri } })
})

test("a read that resumes does not mix two versions of an object", async () => {
  await server.put("mixed/a.bin", big)
  const file = await onlyFile({ prefix: "mixed/" })
  server.troubles.push({ kind: "cut", afterBytes: 1_000_000 })
  const reading = file.stream()[Symbol.asyncIterator]()
  await reading.next()
  await server.put("mixed/a.bin", randomBytes(3_000_000))
  const rest = (async () => {
    while ((await reading.next()).done !== true);
  })()
  await expect(rest).rejects.toMatchObject({ code: "SOURCE_CHANGED" })
})

test("a read resumes at the byte that it reached, as often as the connection breaks", async () => {
  await server.put("broken/a.bin", big)
  const file = await onlyFile({ prefix: "broken/" })
  server.troubles.push(...[700_000, 1, 500_000, 0, 900_000].map((afterBytes) => ({ kind: "cut" as const, afterBytes })))
  expect((await contentOf(file)).equals(big)).toBe(true)
  expect(server.ranges).toHaveLength(6)
  expect(server.ranges.slice(1).every((range) => /^bytes=\d+-2999999$/.test(range))).toBe(true)
  server.troubles.push({ kind: "cut", afterBytes: 1_000 })
  expect((await contentOf(file, { start: 10, end: 500_000 })).equals(big.subarray(10, 500_000))).toBe(true)
})

test("a silent connection is dropped, and the read resumes on a new one", async () => {
  await server.put("silent/a.bin", big)
  const file = await onlyFile({ prefix: "silent/", idleTimeoutMs: 200 })
  server.troubles.push({ kind: "hang", afterBytes: 1_000_000 }, { kind: "hang", afterBytes: 0 })
  const started = performance.now()
  expect((await contentOf(file)).equals(big)).toBe(true)
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(server.ranges).toHaveLength(3)
})

test("a connection slower than minBytesPerSecond is dropped, and the read resumes or fails", async () => {
  await server.put("slow/a.bin", big)
  const patience = { idleTimeoutMs: 200, attempts: 3 }
  const file = await onlyFile({ prefix: "slow/", ...patience })
  server.troubles.push({ kind: "drip", afterBytes: 1_000_000 })
  expect((await contentOf(file)).equals(big)).toBe(true)
  expect(server.ranges).toHaveLength(2)
  server.troubles.push(...new Array(3).fill({ kind: "drip", afterBytes: 0 }))
  await expect(contentOf(file)).rejects.toMatchObject({
    code: "SOURCE_UNREADABLE",
    message: expect.stringContaining("only"),
    retryable: true,
  })
  const patient = await onlyFile({ prefix: "slow/", ...patience, minBytesPerSecond: 0 })
  server.troubles.push({ kind: "drip", afterBytes: 2_999_980 })
  expect((await contentOf(patient)).equals(big)).toBe(true)
  expect(server.ranges.slice(-1)).toEqual([""])
})

test("a read that always breaks fails with a retryable error after the given attempts", async () => {
  await server.put("dead/a.bin", big)
  const file = await onlyFile({ prefix: "dead/", attempts: 3 })
  server.troubles.push(...new Array(3).fill({ kind: "cut", afterBytes: 0 }))
  await expect(contentOf(file)).rejects.toMatchObject({ code: "SOURCE_UNREADABLE", retryable: true, origin: { uri: file.uri } })
  expect(server.ranges).toHaveLength(3)
})

test.each([
  ["a key that does not exist", { key: "missing.csv" }, /missing\.csv does not exist/],
  ["a prefix that no key has", { prefix: "nothing/" }, /No object in the bucket landing/],
  ["a bucket that does not exist", { bucket: "elsewhere", prefix: "" }, /elsewhere\/ does not exist/],
])("%s is SOURCE_NOT_FOUND", async (_, options, message) => {
  await expect(filesOf(options)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND", message: expect.stringMatching(message) })
})

test("an abort ends a hanging read with the abort's reason", async () => {
  await server.put("aborted/a.bin", big)
  const abort = new AbortController()
  const file = await onlyFile({ prefix: "aborted/" }, abort.signal)
  server.troubles.push({ kind: "hang", afterBytes: 100 })
  setTimeout(() => abort.abort(new Error("enough")), 100)
  await expect(contentOf(file)).rejects.toThrow("enough")
})

test("a reader that stops early leaves no connection in use", async () => {
  await server.put("early/a.bin", big)
  const file = await onlyFile({ prefix: "early/" })
  for (let times = 0; times < 120; times++) for await (const part of file.stream()) if (part.length > 0) break
  // The SDK keeps at most 50 connections, so connections that are not released would block this read.
  expect((await contentOf(file, { start: 0, end: 10 })).equals(big.subarray(0, 10))).toBe(true)
})

test("without a client, one is made from region and endpoint", async () => {
  await server.put("made/a.csv", "a\n1\n")
  const source = s3({ bucket, prefix: "made/", region: "us-east-1", endpoint: server.endpoint })
  process.env["AWS_ACCESS_KEY_ID"] = "test"
  process.env["AWS_SECRET_ACCESS_KEY"] = "test"
  try {
    for await (const file of source.files(readContext())) expect(String(await contentOf(file))).toBe("a\n1\n")
  } finally {
    delete process.env["AWS_ACCESS_KEY_ID"]
    delete process.env["AWS_SECRET_ACCESS_KEY"]
  }
})

test("in a bucket with versions, the listed version is read", async () => {
  const requests: string[] = []
  const versioned = createServer((incoming, outgoing) => {
    requests.push(
      `${incoming.method} ${incoming.url?.replace(/&?x-id=GetObject/, "").replace(/\?$/, "")} ${incoming.headers["if-match"] ?? ""}`.trim(),
    )
    outgoing.setHeader("x-amz-version-id", "v7")
    outgoing.setHeader("etag", '"e7"')
    outgoing.setHeader("content-length", "4")
    outgoing.end(incoming.method === "HEAD" ? undefined : "a\n1\n")
  })
  await new Promise<void>((resolve) => versioned.listen(0, "127.0.0.1", resolve))
  const endpoint = `http://127.0.0.1:${(versioned.address() as AddressInfo).port}`
  const client = new (await import("@aws-sdk/client-s3")).S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  })
  try {
    const file = await onlyFile({ key: "a.csv", client })
    expect(file.version).toBe("v7")
    expect(String(await contentOf(file))).toBe("a\n1\n")
    expect(requests).toEqual([`HEAD /${bucket}/a.csv`, `GET /${bucket}/a.csv?versionId=v7`])
  } finally {
    client.destroy()
    versioned.close()
  }
})

/** Runs `use` against a service with one object. Each GET takes the next of `answers`. Returns the ranges that were requested. */
async function withAnswers(
  answers: ((range: string | undefined) => { status?: number; headers: { [name: string]: string }; body: string })[],
  use: (client: S3Options["client"]) => Promise<void>,
): Promise<string[]> {
  const requested: string[] = []
  const service = createServer((incoming, outgoing) => {
    const { range } = incoming.headers
    if (incoming.method === "HEAD") {
      outgoing.writeHead(200, { etag: '"e1"', "content-length": "8" }).end()
      return
    }
    requested.push(range ?? "")
    const { status = 206, headers, body } = answers.shift()?.(range) ?? { status: 500, headers: {}, body: "" }
    outgoing.writeHead(status, { "content-length": String(body.length), ...headers }).end(body)
  })
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve))
  const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const credentials = { accessKeyId: "test", secretAccessKey: "test" }
  const client = new (await import("@aws-sdk/client-s3")).S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials })
  try {
    await use(client)
  } finally {
    client.destroy()
    service.close()
  }
  return requested
}

test("a short response is followed by a request for the rest, and a long one is cut", async () => {
  const part = (range: string, body: string) => () => ({ headers: { etag: '"e1"', "content-range": `bytes ${range}/8` }, body })
  const short = await withAnswers([part("2-4", "cde"), part("5-5", "f")], async (client) => {
    expect(String(await contentOf(await onlyFile({ key: "a", client }), { start: 2, end: 6 }))).toBe("cdef")
  })
  expect(short).toEqual(["bytes=2-5", "bytes=5-5"])
  const whole = () => ({ status: 200, headers: { etag: '"e1"' }, body: "abcdefgh" })
  const long = await withAnswers([whole], async (client) => {
    expect(String(await contentOf(await onlyFile({ key: "a", client }), { start: 0, end: 3 }))).toBe("abc")
  })
  expect(long).toEqual(["bytes=0-2"])
})

test("another version or range is refused if the service ignores If-Match or Range", async () => {
  const other = () => ({ status: 200, headers: { etag: '"e2"' }, body: "xxxxxxxx" })
  await withAnswers([other], async (client) => {
    await expect(contentOf(await onlyFile({ key: "a", client }))).rejects.toMatchObject({ code: "SOURCE_CHANGED", retryable: true })
  })
  await withAnswers([(range) => ({ status: 200, headers: { etag: '"e1"' }, body: String(range) })], async (client) => {
    await expect(contentOf(await onlyFile({ key: "a", client }), { start: 2, end: 6 })).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" })
  })
})

test("reading a workbook requests only the ranges it needs, not the pictures", async () => {
  const workbook = new exceljs.Workbook()
  workbook.addWorksheet("Orders").addRows([
    ["id", "amount"],
    [1, 2.5],
    [2, 3.5],
  ])
  const sheet = workbook.addWorksheet("Cover")
  sheet.addImage(workbook.addImage({ base64: randomBytes(2_000_000).toString("base64"), extension: "png" }), "A1:B2")
  await server.put("books/orders.xlsx", new Uint8Array(await workbook.xlsx.writeBuffer()))
  const rows: unknown[] = []
  for await (const table of readTables(s3({ bucket, prefix: "books/", client: server.client }), { sheet: "Orders" }))
    for await (const row of table.rows()) rows.push(row)
  expect(rows).toEqual([
    { id: 1, amount: 2.5 },
    { id: 2, amount: 3.5 },
  ])
  const requestedBytes = server.ranges
    .map((range) => /^bytes=(\d+)-(\d+)$/.exec(range))
    .reduce((sum, range) => sum + Number(range?.[2]) - Number(range?.[1]) + 1, 0)
  expect(requestedBytes).toBeLessThan(500_000)
})
