import { createHash } from "node:crypto"
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type ArchiveObjectOptions, archiveObject } from "../../../src/lambda/archive/archive-object.ts"
import type { S3ClientLike } from "../../../src/sources/s3/s3-options.ts"
import { type MemoryS3, startMemoryS3 } from "../../sources/s3/memory-s3.ts"
import { bucket as landing, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"

const archive = "archive"
let plain: S3Server
let unversioned: MemoryS3
let versioned: MemoryS3
beforeAll(async () => {
  ;[plain, unversioned, versioned] = await Promise.all([startS3Server(), startMemoryS3(), startMemoryS3({ versions: true })])
  await plain.client.send(new CreateBucketCommand({ Bucket: archive }))
})
afterAll(async () => {
  await Promise.all([plain, unversioned, versioned].map((server) => server[Symbol.asyncDispose]()))
})
afterEach(() => {
  plain.refuse = undefined
  plain.ignoresConditionalDeletes = false
  unversioned.refuse = undefined
  versioned.refuse = undefined
})

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")
let keys = 0

/** Puts an object into the landing bucket, and returns what archives it. */
async function deliver(client: S3ClientLike, content: string | Buffer, key = `in/${++keys}.csv`) {
  const bytes = Buffer.from(content)
  const command = new PutObjectCommand({
    Bucket: landing,
    Key: key,
    Body: bytes,
    ContentType: "text/csv",
    Metadata: { sender: "acme" },
    Tagging: "team=data&kind=a%20b",
  })
  const { VersionId: versionId, ETag: etag } = (await client.send(command)) as { VersionId?: string; ETag?: string }
  const source = { bucket: landing, key, versionId, etag, size: bytes.length, sha256: sha256(bytes) }
  return { client, source, to: { bucket: archive, key: `loaded/orders/2026/11/30/d1/${key}` } } satisfies ArchiveObjectOptions
}

/** The sha256 of an object or of a version of it, or undefined if it does not exist. */
async function hashOf(client: S3ClientLike, bucket: string, key: string, versionId?: string): Promise<string | undefined> {
  const memory = [unversioned, versioned].find((server) => server.client === client)
  if (memory !== undefined) {
    const path = `${bucket}/${key}`
    const found = versionId === undefined ? memory.current(path) : memory.objects.get(path)?.find(({ id }) => id === versionId)
    return found === undefined ? undefined : sha256(found.bytes)
  }
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) })
  try {
    const { Body } = (await client.send(command)) as { Body: { transformToByteArray(): Promise<Uint8Array> } }
    return sha256(await Body.transformToByteArray())
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) return undefined
    throw error
  }
}

describe.each([
  ["without versions", () => plain],
  ["without versions, with checksums", () => unversioned],
  ["with versions", () => versioned],
])("in a bucket %s", (name, serverOf) => {
  const hasVersions = name === "with versions"

  test("a delivered object is moved to the archive, with its metadata and tags", async () => {
    const { client } = serverOf()
    const options = await deliver(client, "a,b\n1,2\n")
    const outcome = await archiveObject(options)
    expect(outcome).toEqual({
      status: "archived",
      uri: `s3://${archive}/${options.to.key}`,
      source: "removed",
      verifiedBy: name === "without versions" ? "etag" : "sha256",
      ...(hasVersions ? { version: expect.any(String) } : {}),
    })
    expect(await hashOf(client, archive, options.to.key)).toBe(options.source.sha256)
    expect(await hashOf(client, landing, options.source.key, options.source.versionId)).toBeUndefined()
    const head = await client.send(new HeadObjectCommand({ Bucket: archive, Key: options.to.key }))
    expect(head).toMatchObject({ ContentType: "text/csv", Metadata: { sender: "acme" } })
    if (name === "without versions") return
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: archive, Key: options.to.key }))
    expect(TagSet).toEqual([
      { Key: "team", Value: "data" },
      { Key: "kind", Value: "a b" },
    ])
  })

  test("an object that is too large for one request is copied in parts, with its metadata and tags", async () => {
    const { client } = serverOf()
    // One of the servers refuses smaller parts.
    const copyBytes = 5 * 1024 ** 2
    const options = await deliver(client, Buffer.alloc(copyBytes + 1, "row\n"))
    expect(await archiveObject({ ...options, copyBytes })).toMatchObject({
      status: "archived",
      source: "removed",
      verifiedBy: "bytes",
    })
    expect(await hashOf(client, archive, options.to.key)).toBe(options.source.sha256)
    const head = await client.send(new HeadObjectCommand({ Bucket: archive, Key: options.to.key }))
    expect(head.ETag).toMatch(/-2"$/)
    expect(head).toMatchObject({ ContentType: "text/csv", Metadata: { sender: "acme" } })
    if (name === "without versions") return
    expect(head.TagCount).toBe(2)
  })

  test("archiving again finds that it is done", async () => {
    const { client } = serverOf()
    const options = await deliver(client, "again")
    const first = await archiveObject(options)
    expect(await archiveObject(options)).toMatchObject({ status: "archived", uri: first.uri, source: "gone" })
  })

  test("an object that was copied but not removed is removed, and not copied again", async () => {
    const { client } = serverOf()
    const options = await deliver(client, "copied")
    await client.send(
      new CopyObjectCommand({
        Bucket: archive,
        Key: options.to.key,
        CopySource: `${landing}/${options.source.key}`,
        ChecksumAlgorithm: "SHA256",
      }),
    )
    const sent: string[] = []
    const outcome = await archiveObject({ ...options, client: watched(client, async ({ name: command }) => void sent.push(command)) })
    expect(outcome).toMatchObject({ status: "archived", source: "removed" })
    expect(sent).not.toContain("CopyObjectCommand")
  })

  test("several attempts at once move the object once", async () => {
    const { client } = serverOf()
    const options = await deliver(client, "at once")
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => archiveObject(options)))
    expect(new Set(outcomes.map(({ status, uri }) => `${status} ${uri}`)).size).toBe(1)
    expect(await hashOf(client, archive, options.to.key)).toBe(options.source.sha256)
    expect(await hashOf(client, landing, options.source.key)).toBeUndefined()
  })

  test("an object that is neither in its bucket nor in the archive is ARCHIVE_LOST", async () => {
    const { client } = serverOf()
    const options = await deliver(client, "lost")
    const { bucket, key, versionId } = options.source
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }))
    await expect(archiveObject(options)).rejects.toMatchObject({
      code: "ARCHIVE_LOST",
      retryable: false,
      message: expect.stringContaining(options.to.key),
    })
  })

  test("another object under the key in the archive is ARCHIVE_MISMATCH, and both objects stay", async () => {
    const { client } = serverOf()
    for (const other of ["other bytes", "same size"]) {
      const options = await deliver(client, "SAME SIZE")
      await client.send(new PutObjectCommand({ Bucket: archive, Key: options.to.key, Body: other }))
      await expect(archiveObject(options)).rejects.toMatchObject({ code: "ARCHIVE_MISMATCH", retryable: false })
      expect(await hashOf(client, landing, options.source.key, options.source.versionId)).toBe(options.source.sha256)
      expect(await hashOf(client, archive, options.to.key)).toBe(sha256(Buffer.from(other)))
    }
  })

  test("an object that replaces the delivered one is never removed", async () => {
    const { client } = serverOf()
    const calls = (await countCalls(client, await deliver(client, "old"))).length
    for (let at = 0; at <= calls; at++) {
      const options = await deliver(client, "old")
      let call = 0
      let newer: string | undefined
      const replace = async () => {
        newer = (await deliver(client, "new", options.source.key)).source.versionId
      }
      if (at === 0) await replace()
      const meddling = watched(client, async () => {
        if (++call === at) await replace()
      })
      const outcome = await archiveObject({ ...options, client: meddling })
      if (at === calls) await replace()
      // The last request removed the old object before the new one came.
      expect(await hashOf(client, landing, options.source.key), `replaced after request ${at}`).toBe(sha256(Buffer.from("new")))
      if (hasVersions) {
        expect(outcome).toMatchObject({ status: "archived", source: "removed" })
        expect(await hashOf(client, landing, options.source.key, newer)).toBe(sha256(Buffer.from("new")))
      }
      const archived = await hashOf(client, archive, options.to.key)
      expect(archived).toBe(outcome.status === "archived" ? options.source.sha256 : undefined)
      if (!hasVersions && at === 0) expect(outcome).toEqual({ status: "replaced", source: "replaced" })
    }
  })

  test("killed before or after any request, the object is in one of the places, and the next attempt moves it", async () => {
    const inParts = hasVersions ? [Buffer.alloc(2_500, "parts")] : []
    for (const content of ["killed", ...inParts]) {
      const copying = typeof content === "string" ? {} : { copyBytes: 1_000 }
      const calls = (await countCalls(serverOf().client, { ...(await deliver(serverOf().client, content)), ...copying })).length
      expect(calls).toBeGreaterThan(4)
      for (const moment of ["before", "after"] as const)
        for (let at = 1; at <= calls; at++) {
          const { client } = serverOf()
          const options = { ...(await deliver(client, content)), ...copying }
          const isSafe = async () => {
            const places = await placesOf(client, options)
            expect(places.landing ?? places.archive, `${moment} request ${at}`).toBe(options.source.sha256)
          }
          await archiveObject({ ...options, client: killed(client, moment, at) }).catch(() => undefined)
          await isSafe()
          await archiveObject({ ...options, client: watched(client, isSafe) })
          expect(await placesOf(client, options)).toEqual({ landing: undefined, archive: options.source.sha256 })
        }
    }
  })

  test("a request whose response is lost is repeated without harm", async () => {
    const { client } = serverOf()
    const calls = (await countCalls(client, await deliver(client, "lost response"))).length
    for (let at = 1; at <= calls; at++) {
      const options = await deliver(client, "lost response")
      let call = 0
      const losing = watched(client, async () => {
        if (++call === at) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })
      })
      expect(await archiveObject({ ...options, client: losing })).toMatchObject({ status: "archived" })
      expect(await placesOf(client, options)).toEqual({ landing: undefined, archive: options.source.sha256 })
    }
  })

  test("keys with spaces, signs, accents and dots survive", async () => {
    const { client } = serverOf()
    for (const key of ["in/a b+c%20?x=1&y#z.csv", "in/Übung (1) – 'été'.csv", "in/tom\u{1f600}.csv"]) {
      const options = await deliver(client, key, key)
      expect(await archiveObject(options)).toMatchObject({ status: "archived", source: "removed" })
      expect(await placesOf(client, options)).toEqual({ landing: undefined, archive: options.source.sha256 })
    }
  })
})

/** A client that tells `then` the name of each command after it succeeded. */
function watched(client: S3ClientLike, then: (command: { readonly name: string }) => Promise<void>): S3ClientLike {
  return {
    async send(command, options) {
      const answer = await client.send(command, options)
      await then({ name: command.constructor.name })
      return answer
    },
  }
}

async function countCalls(client: S3ClientLike, options: ArchiveObjectOptions): Promise<readonly string[]> {
  const sent: string[] = []
  await archiveObject({ ...options, client: watched(client, async ({ name }) => void sent.push(name)) })
  return sent
}

/** A client of a process that dies before or after its n-th request. */
function killed(client: S3ClientLike, moment: "before" | "after", at: number): S3ClientLike {
  const death = new DOMException("killed", "AbortError")
  let call = 0
  return {
    async send(command, options) {
      call++
      if (call > at || (call === at && moment === "before")) throw death
      const answer = await client.send(command, options)
      if (call === at) throw death
      return answer
    },
  }
}

async function placesOf(client: S3ClientLike, { source, to }: ArchiveObjectOptions) {
  return { landing: await hashOf(client, source.bucket, source.key, source.versionId), archive: await hashOf(client, to.bucket, to.key) }
}

test("without versions, an object is not archived if the service ignores the condition of its removal", async () => {
  const { client } = plain
  const fresh = { send: (command: object, options?: object) => client.send(command as never, options) }
  plain.ignoresConditionalDeletes = true
  const options = { ...(await deliver(client, "kept")), client: fresh as S3ClientLike }
  await expect(archiveObject(options)).rejects.toMatchObject({ code: "CONFIG_INVALID", remedy: expect.stringContaining("versioning") })
  expect(await placesOf(client, options)).toEqual({ landing: options.source.sha256, archive: undefined })
  expect(await archiveObject({ ...options, unconditionalDelete: true })).toMatchObject({ status: "archived", source: "removed" })
})

test.each([
  [403, "AccessDenied", { code: "STORAGE_UNWRITABLE", retryable: false }],
  [404, "NoSuchBucket", { code: "STORAGE_UNWRITABLE", retryable: false }],
  [503, "SlowDown", { code: "STORAGE_UNWRITABLE", retryable: true }],
  [409, "OperationAborted", { code: "STORAGE_UNWRITABLE", retryable: true }],
])("a copy or removal that S3 answers with %i %s is a typed error, and the object is safe", async (status, code, error) => {
  for (const method of ["PUT", "DELETE"]) {
    const options = await deliver(versioned.client, "refused")
    versioned.refuse = (asked) => (asked === method ? { status, code } : undefined)
    const failing = archiveObject({ ...options, attempts: 2 })
    if (method === "PUT" || code !== "NoSuchBucket") await expect(failing).rejects.toMatchObject(error)
    else await failing.catch(() => undefined)
    versioned.refuse = undefined
    expect((await placesOf(versioned.client, options)).landing).toBe(options.source.sha256)
    expect(await archiveObject(options)).toMatchObject({ status: "archived", source: "removed" })
  }
})

test("a missing permission names what to grant", async () => {
  const options = await deliver(versioned.client, "denied")
  versioned.refuse = (method) => (method === "PUT" ? { status: 403, code: "AccessDenied" } : undefined)
  await expect(archiveObject(options)).rejects.toMatchObject({ remedy: expect.stringContaining("s3:PutObjectTagging") })
  versioned.refuse = (method) => (method === "DELETE" ? { status: 403, code: "AccessDenied" } : undefined)
  await expect(archiveObject(options)).rejects.toMatchObject({ remedy: expect.stringContaining("s3:DeleteObjectVersion") })
  versioned.refuse = (method) => (method === "HEAD" ? { status: 403, code: "AccessDenied" } : undefined)
  await expect(archiveObject(options)).rejects.toMatchObject({
    code: "SOURCE_UNREADABLE",
    remedy: expect.stringContaining("s3:ListBucket"),
  })
})

test("a service without conditional copies is asked again without the condition", async () => {
  const options = await deliver(versioned.client, "old service")
  versioned.refuse = (_, __, headers) => (headers["if-none-match"] === undefined ? undefined : { status: 501, code: "NotImplemented" })
  const before = versioned.requests.length
  expect(await archiveObject(options)).toMatchObject({ status: "archived", source: "removed" })
  // Two looks, the copy with and without its condition, two looks, and the removal.
  expect(versioned.requests.slice(before)).toHaveLength(7)
})

test("an object without a version id or etag, or one that is its own archive, is refused before any request", async () => {
  const { source, to, client } = await deliver(versioned.client, "unpinned")
  const before = versioned.requests.length
  await expect(archiveObject({ client, to, source: { bucket: source.bucket, key: source.key } })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  })
  await expect(archiveObject({ client, source, to: { bucket: source.bucket, key: source.key } })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  })
  expect(versioned.requests).toHaveLength(before)
})

test("in a bucket with versions, the version before the archived one can be delivered next", async () => {
  const older = await deliver(versioned.client, "first", "in/twice.csv")
  const newer = await deliver(versioned.client, "second", "in/twice.csv")
  await archiveObject(newer)
  expect(await hashOf(versioned.client, landing, "in/twice.csv")).toBe(older.source.sha256)
})

test("an object from before its bucket had versions is removed, and leaves no delete marker", async () => {
  const { client, source, to } = await deliver(versioned.client, "old", "in/old.csv")
  const [only] = versioned.objects.get(`${landing}/${source.key}`) ?? []
  if (only === undefined) throw new Error("no object")
  versioned.objects.set(`${landing}/${source.key}`, [{ ...only, id: "null" }])
  const old = { client, source: { ...source, versionId: "null" }, to }
  expect(await archiveObject(old)).toMatchObject({ status: "archived", source: "removed" })
  expect(versioned.objects.has(`${landing}/${source.key}`)).toBe(false)
})

test.each([
  ["without versions", () => unversioned],
  ["with versions", () => versioned],
])("in a bucket %s, attempts that overlap and die at random never leave the object in neither place", async (_, serverOf) => {
  const server = serverOf()
  for (let round = 0; round < 8; round++) {
    const options = await deliver(server.client, `round ${round}`)
    const { source, to } = options
    const holds = (path: string) => (server.objects.get(path) ?? []).some(({ bytes }) => sha256(bytes) === source.sha256)
    const missing: string[] = []
    server.refuse = (method, url) => {
      if (!holds(`${landing}/${source.key}`) && !holds(`${archive}/${to.key}`)) missing.push(`${method} ${url}`)
      return undefined
    }
    const attempts = Array.from({ length: 4 }, async () => {
      const lives = 1 + Math.floor(Math.random() * 8)
      const mortal = killed(server.client, Math.random() < 0.5 ? "before" : "after", lives)
      const slow: S3ClientLike = {
        async send(command, sending) {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 4))
          return mortal.send(command, sending)
        },
      }
      await archiveObject({ ...options, client: slow }).catch((error) => {
        if (!(error instanceof DOMException)) throw error
      })
    })
    await Promise.all(attempts)
    await archiveObject(options)
    expect(missing).toEqual([])
    expect(await placesOf(server.client, options)).toEqual({ landing: undefined, archive: source.sha256 })
  }
})
