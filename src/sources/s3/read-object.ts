import { Readable } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3"
import type { ByteRange } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { S3Connection } from "./s3-connection.ts"
import { isTransient, s3Error } from "./s3-errors.ts"
import { withIdleTimeout } from "./with-idle-timeout.ts"

/** An object, and the version of it that is meant. */
export interface ObjectVersion {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string | undefined
  /** As S3 writes it, with its quotes. */
  readonly etag?: string | undefined
}

const firstDelayMs = 100
const longestDelayMs = 5_000

/**
 * The bytes of an object or a range of it, all from one version: a read that breaks off is taken up at the byte that it reached, and if the
 * object was replaced meanwhile it fails with `SOURCE_CHANGED`.
 */
export async function* readObject(
  connect: () => Promise<S3Connection>,
  object: ObjectVersion,
  range: ByteRange,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const uri = `s3://${object.bucket}/${object.key}`
  const connection = await connect()
  let pinned = object
  let at = range.start
  let end = range.end
  let failures = 0
  while (end === undefined || at < end) {
    signal?.throwIfAborted()
    const before = at
    const begun = performance.now()
    try {
      const answer = await requestRange(connection, pinned, { start: at, ...(end === undefined ? {} : { end }) }, signal, uri)
      if (answer === undefined) return
      pinned = { ...object, versionId: object.versionId ?? versionIdOf(answer.VersionId), etag: object.etag ?? answer.ETag }
      end = Math.min(range.end ?? Number.POSITIVE_INFINITY, sizeOf(answer, at))
      for await (const chunk of bodyOf(answer, connection, signal, uri)) {
        const wanted = chunk.subarray(0, end - at)
        at += chunk.length
        // A connection that trickles, fails and trickles again must come to an end too.
        if (at - before >= (connection.minBytesPerSecond * (performance.now() - begun)) / 1_000) failures = 0
        yield wanted
        if (at >= end) break
      }
      if (end === Number.POSITIVE_INFINITY) return
      // An answer may give less than was asked for (RFC 9110, 14.2): the rest is asked for next.
      if (at < end && at === before) throw new Error("the answer has no body")
    } catch (error) {
      signal?.throwIfAborted()
      if (!isTransient(error) || ++failures >= connection.attempts) throw s3Error(error, uri)
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
      await sleep(delayMs * (0.5 + Math.random() / 2), undefined, { ...(signal === undefined ? {} : { signal }) })
    }
  }
}

/** The object's length, as far as an answer that begins at a byte tells it. */
function sizeOf({ ContentRange: part, ContentLength: length }: GetObjectCommandOutput, start: number): number {
  const stated = /\/(\d+)$/.exec(part ?? "")?.[1]
  if (stated !== undefined) return Number(stated)
  return length === undefined ? Number.POSITIVE_INFINITY : start + length
}

/** The answer to a GET, its body unread; undefined where the whole of an empty object was asked for. */
async function requestRange(
  { sdk, client, idleTimeoutMs }: S3Connection,
  { bucket, key, versionId, etag }: ObjectVersion,
  { start, end }: ByteRange,
  signal: AbortSignal | undefined,
  uri: string,
): Promise<GetObjectCommandOutput | undefined> {
  const isWhole = start === 0 && end === undefined
  const command = new sdk.GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(isWhole ? {} : { Range: `bytes=${start}-${end === undefined ? "" : end - 1}` }),
    ...(versionId === undefined ? {} : { VersionId: versionId }),
    ...(versionId === undefined && etag !== undefined ? { IfMatch: etag } : {}),
  })
  const giveUp = new AbortController()
  const abortSignal = signal === undefined ? giveUp.signal : AbortSignal.any([signal, giveUp.signal])
  const answer = (await withIdleTimeout(
    client.send(command, { abortSignal }),
    idleTimeoutMs,
    () => giveUp.abort(),
    uri,
  )) as GetObjectCommandOutput
  const fault = faultOf(answer, etag, start, isWhole)
  if (fault !== undefined) {
    if (answer.Body instanceof Readable) answer.Body.on("error", () => {}).destroy()
    throw fault
  }
  return isWhole && answer.ContentLength === 0 ? undefined : answer
}

/** What is wrong with an answer: not every service heeds If-Match, or reads ranges. */
function faultOf({ ETag, ContentRange: part }: GetObjectCommandOutput, etag: string | undefined, start: number, isWhole: boolean) {
  if (etag !== undefined && ETag !== undefined && ETag !== etag)
    return Object.assign(new Error("another version was answered with"), { name: "PreconditionFailed" })
  if (isWhole) return undefined
  if (part === undefined) return start > 0 ? new TypeError("The service does not read ranges.") : undefined
  return part.startsWith(`bytes ${start}-`) ? undefined : new TypeError("The service answers with another range than was asked for.")
}

/** The chunks of a body. It is let go of in any case: an unread body keeps its connection, and fails later where nobody listens. */
async function* bodyOf(
  answer: GetObjectCommandOutput,
  { idleTimeoutMs, minBytesPerSecond }: S3Connection,
  signal: AbortSignal | undefined,
  uri: string,
) {
  const { Body: body } = answer
  if (!(body instanceof Readable)) throw new TypeError("The S3 client gives bodies that are no Node.js streams.")
  body.on("error", () => {})
  const giveUp = () => body.destroy(new Error("given up"))
  signal?.addEventListener("abort", giveUp, { once: true })
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  // What the reader takes its time for does not count against the connection.
  let waitedMs = 0
  let bytes = 0
  try {
    for (;;) {
      const asked = performance.now()
      const next = await withIdleTimeout(chunks.next(), idleTimeoutMs, giveUp, uri)
      if (next.done === true) return
      waitedMs += performance.now() - asked
      bytes += next.value.length
      if (waitedMs >= idleTimeoutMs) {
        if (bytes < (minBytesPerSecond * waitedMs) / 1_000) throw tooSlow(uri, bytes, waitedMs)
        waitedMs = 0
        bytes = 0
      }
      yield next.value
    }
  } finally {
    signal?.removeEventListener("abort", giveUp)
    body.destroy()
  }
}

function tooSlow(uri: string, bytes: number, waitedMs: number): RowgateError {
  return new RowgateError({
    code: "SOURCE_UNREADABLE",
    message: `${uri} brought only ${bytes} bytes in ${Math.round(waitedMs)} ms.`,
    remedy: "Check the network and the service, or lower minBytesPerSecond.",
    origin: { uri },
    retryable: true,
  })
}

/** Buckets whose versioning was suspended call their versions "null". */
export function versionIdOf(versionId: string | undefined): string | undefined {
  return versionId === "null" ? undefined : versionId
}
