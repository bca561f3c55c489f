import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3"
import type { Context } from "../../contract/context.ts"
import type { ByteRange, Source, SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkOptions } from "../../options/check-options.ts"
import { anyText, needed, text } from "../../options/option-kinds.ts"
import { listObjects } from "./list-objects.ts"
import { type ObjectVersion, readObject, versionIdOf } from "./read-object.ts"
import { type S3Connection, s3Connection } from "./s3-connection.ts"
import { s3Error } from "./s3-errors.ts"
import { type S3ConnectionOptions, s3ConnectionSpec } from "./s3-options.ts"
import { send } from "./send.ts"

/** Options of `s3`. */
export interface S3Options extends S3ConnectionOptions {
  /** The bucket's name. */
  readonly bucket: string
  /** Reads every object whose key begins with this text, in the order of the keys. Default: all objects of the bucket. */
  readonly prefix?: string | undefined
  /** Reads only the object with this key. */
  readonly key?: string | undefined
  /** The version id of `key` to read. Default: the newest version. */
  readonly versionId?: string | undefined
}

/**
 * Reads objects of an S3 bucket. Each object is one delivery. Every read uses the version that the object had when it was listed: its version
 * id, or its etag in a bucket without versions. Of workbooks and parquet files only the needed ranges are read.
 *
 * Throws `DEPENDENCY_MISSING` if `@aws-sdk/client-s3` is not installed, `SOURCE_NOT_FOUND` (also if no object has the prefix),
 * `SOURCE_UNREADABLE`, and `SOURCE_CHANGED` if an object without versions is replaced while it is read.
 */
export function s3(options: S3Options): Source {
  checkOptions("s3()", options, { ...s3ConnectionSpec, bucket: needed(text()), prefix: anyText(), key: text(), versionId: text() })
  const { bucket, prefix = "", key, versionId } = options
  const connect = s3Connection(options)
  return {
    name: "s3",
    async *files(context) {
      if (key !== undefined) {
        yield await objectFile(connect, { bucket, key, versionId }, context)
        return
      }
      let found = 0
      for await (const each of keysBelow(connect, bucket, prefix, context)) {
        found++
        yield await objectFile(connect, { bucket, key: each }, context)
      }
      if (found === 0) throw nothingThere(bucket, prefix)
    },
  }
}

/** Lists keys page by page. It skips empty objects whose key ends in a slash, because consoles create them for folders. */
async function* keysBelow(
  connect: () => Promise<S3Connection>,
  bucket: string,
  prefix: string,
  { signal }: Context,
): AsyncGenerator<string> {
  const connection = await connect()
  try {
    for await (const { key, size } of listObjects(connection, bucket, { prefix, signal })) if (!(key.endsWith("/") && size === 0)) yield key
  } catch (error) {
    signal.throwIfAborted()
    throw s3Error(error, `s3://${bucket}/${prefix}`)
  }
}

/** Looks up the object's current version, because listings do not contain version ids. */
async function objectFile(connect: () => Promise<S3Connection>, object: ObjectVersion, context: Context): Promise<SourceFile> {
  const { bucket, key } = object
  const uri = `s3://${bucket}/${key}`
  const head = await headObject(await connect(), object, uri, context.signal)
  const versionId = object.versionId ?? versionIdOf(head.VersionId)
  const pinned = { bucket, key, versionId, etag: head.ETag }
  const version = versionId ?? head.ETag?.replaceAll('"', "")
  const size = head.ContentLength
  const sequence = head.LastModified === undefined ? undefined : head.LastModified.getTime() * 1000
  async function* stream({ start, end = size }: ByteRange = { start: 0 }): AsyncGenerator<Uint8Array> {
    const last = size === undefined || end === undefined ? end : Math.min(end, size)
    if (last !== undefined && start >= last) return
    yield* readObject(
      connect,
      pinned,
      { start, ...(last === undefined || (start === 0 && last === size) ? {} : { end: last }) },
      context.signal,
    )
  }
  return {
    uri,
    ...(version === undefined ? {} : { version }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(head.LastModified === undefined ? {} : { modifiedAt: head.LastModified }),
    ...(size === undefined ? {} : { size }),
    stream,
    async read(start, end) {
      const parts: Uint8Array[] = []
      for await (const part of stream({ start, end })) parts.push(part)
      return Buffer.concat(parts)
    },
  }
}

async function headObject(
  connection: S3Connection,
  { bucket, key, versionId }: ObjectVersion,
  uri: string,
  signal: AbortSignal,
): Promise<HeadObjectCommandOutput> {
  const target = { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }
  try {
    return await send(connection, new connection.sdk.HeadObjectCommand(target), { uri, signal })
  } catch (error) {
    signal.throwIfAborted()
    throw s3Error(error, uri)
  }
}

function nothingThere(bucket: string, prefix: string): RowgateError {
  return new RowgateError({
    code: "SOURCE_NOT_FOUND",
    message: `No object in the bucket ${bucket} has a key that begins with "${prefix}".`,
    remedy: "Correct the prefix, or wait for the file to arrive.",
    origin: { uri: `s3://${bucket}/${prefix}` },
  })
}
