import { Readable } from "node:stream"
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3"
import type { ByteRange } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { S3Connection } from "./s3-connection.ts"
import { isTransient, s3Error } from "./s3-errors.ts"
import { pause } from "./send.ts"
import { withIdleTimeout } from "./with-idle-timeout.ts"

/** An object and the version to read. */
export interface ObjectVersion {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string | undefined
  /** With its quotes, as S3 sends it. */
  readonly etag?: string | undefined
}

/**
 * Reads an object or a range of it, all from one version. If the connection breaks, the read resumes at the byte that it reached. If the object
 * was replaced meanwhile, it throws `SOURCE_CHANGED`.
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
        // Only a fast enough stretch resets the count, so a connection that trickles, fails and trickles again is given up too.
        if (at - before >= (connection.minBytesPerSecond * (performance.now() - begun)) / 1_000) failures = 0
        yield wanted
        if (at >= end) break
      }
      if (end === Number.POSITIVE_INFINITY) return
      // A response may contain less than was requested (RFC 9110, 14.2). The next request asks for the rest.
      if (at < end && at === before) throw new Error("the response has no body")
    } catch (error) {
      signal?.throwIfAborted()
      if (!isTransient(error) || ++failures >= connection.attempts) throw s3Error(error, uri)
      await pause(failures, signal)
    }
  }
}

/** The object's length according to a response that begins at `start`; infinite if the response does not say. */
function sizeOf({ ContentRange: part, ContentLength: length }: GetObjectCommandOutput, start: number): number {
  const stated = /\/(\d+)$/.exec(part ?? "")?.[1]
  if (stated !== undefined) return Number(stated)
  return length === undefined ? Number.POSITIVE_INFINITY : start + length
}

/** Sends a GET and returns the response with its body unread, or undefined if the object is empty and was requested whole. */
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
  const error = responseError(answer, etag, start, isWhole)
  if (error !== undefined) {
    if (answer.Body instanceof Readable) answer.Body.on("error", () => {}).destroy()
    throw error
  }
  return isWhole && answer.ContentLength === 0 ? undefined : answer
}

/** The error if a response has another version or range than was requested. Some services ignore If-Match or Range. */
function responseError({ ETag, ContentRange: part }: GetObjectCommandOutput, etag: string | undefined, start: number, isWhole: boolean) {
  if (etag !== undefined && ETag !== undefined && ETag !== etag)
    return Object.assign(new Error("the response has another version"), { name: "PreconditionFailed" })
  if (isWhole) return undefined
  if (part === undefined) return start > 0 ? new TypeError("the service does not support range requests") : undefined
  return part.startsWith(`bytes ${start}-`) ? undefined : new TypeError("the service returned another range than was requested")
}

/** The chunks of a body. The body is always destroyed at the end: an unread one keeps its connection, and its later error would have no listener. */
async function* bodyOf(
  answer: GetObjectCommandOutput,
  { idleTimeoutMs, minBytesPerSecond }: S3Connection,
  signal: AbortSignal | undefined,
  uri: string,
) {
  const { Body: body } = answer
  if (!(body instanceof Readable)) throw new TypeError("the S3 client returns bodies that are not Node.js streams")
  body.on("error", () => {})
  const giveUp = () => body.destroy(new Error("given up"))
  signal?.addEventListener("abort", giveUp, { once: true })
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  // Only the time spent waiting for the connection counts, not the time that the reader takes.
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
    message: `The connection to ${uri} sent only ${bytes} bytes in ${Math.round(waitedMs)} ms.`,
    remedy: "Check the network and the service, or lower the option minBytesPerSecond.",
    origin: { uri },
    retryable: true,
  })
}

/** A bucket whose versioning is suspended uses the version id "null". */
export function versionIdOf(versionId: string | undefined): string | undefined {
  return versionId === "null" ? undefined : versionId
}
