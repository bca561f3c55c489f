import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3"
import type { Storage, StorageListOptions, StorageReadOptions, StoredObject } from "../../contract/storage.ts"
import { checkOptions } from "../../options/check-options.ts"
import { anyText, needed, text } from "../../options/option-kinds.ts"
import { listObjects } from "./list-objects.ts"
import { readObject, versionIdOf } from "./read-object.ts"
import { type S3Connection, s3Connection } from "./s3-connection.ts"
import { changeError, isMissing, s3Error } from "./s3-errors.ts"
import { type S3ConnectionOptions, s3ConnectionSpec } from "./s3-options.ts"
import { send } from "./send.ts"
import { writeObject } from "./write-object.ts"

/** Options of `s3Storage`. */
export interface S3StorageOptions extends S3ConnectionOptions {
  /** The bucket's name. */
  readonly bucket: string
  /** Put before every key, such as `work/`. Users of the storage do not see it. Default: none. */
  readonly prefix?: string | undefined
}

/**
 * Uses a bucket, or the keys below a prefix, as a storage. A read resumes after a failure and sees one version. A write of any length is all or
 * nothing. Requests are sent again after network errors, throttling and errors of the server, `attempts` times in all.
 *
 * Throws what `s3` throws, and `STORAGE_UNWRITABLE` if an object cannot be written or removed.
 */
export function s3Storage(options: S3StorageOptions): Storage {
  checkOptions("s3Storage()", options, { ...s3ConnectionSpec, bucket: needed(text()), prefix: anyText() })
  const { bucket, prefix = "" } = options
  const connect = s3Connection(options)
  const uriOf = (key: string) => `s3://${bucket}/${prefix}${key}`
  return {
    name: `s3://${bucket}/${prefix}`,
    read: (key, reading) => read(connect, { bucket, key: prefix + key }, reading),
    async write(key, bytes, writing = {}) {
      const connection = await connect()
      let inputError: unknown
      const watched = watch(bytes, (error) => {
        inputError = error
      })
      try {
        const written = await writeObject(connection, { bucket, key: prefix + key }, watched, writing)
        return written === undefined ? undefined : { key, ...written }
      } catch (error) {
        writing.signal?.throwIfAborted()
        throw error === inputError ? error : changeError(error, uriOf(key), "write")
      }
    },
    async stat(key) {
      const connection = await connect()
      try {
        const command = new connection.sdk.HeadObjectCommand({ Bucket: bucket, Key: prefix + key })
        return stated(key, await send<HeadObjectCommandOutput>(connection, command, { uri: uriOf(key) }))
      } catch (error) {
        if (isMissing(error)) return undefined
        throw s3Error(error, uriOf(key))
      }
    },
    list: (below, listing) => list(connect, { bucket, prefix }, below, listing),
    async remove(key, version) {
      const connection = await connect()
      const target = { Bucket: bucket, Key: prefix + key, ...(version === undefined ? {} : { VersionId: version }) }
      try {
        await send(connection, new connection.sdk.DeleteObjectCommand(target), { uri: uriOf(key) })
      } catch (error) {
        if (!isMissing(error)) throw changeError(error, uriOf(key), "remove")
      }
    },
  }
}

/** The keys of a bucket below a prefix. */
interface Below {
  readonly bucket: string
  readonly prefix: string
}

async function* read(
  connect: () => Promise<S3Connection>,
  object: { readonly bucket: string; readonly key: string },
  { start = 0, end, version, etag, signal }: StorageReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const pinned = { ...object, versionId: version, etag: etag === undefined ? undefined : `"${etag.replaceAll('"', "")}"` }
  yield* readObject(connect, pinned, { start, ...(end === undefined ? {} : { end }) }, signal)
}

async function* list(
  connect: () => Promise<S3Connection>,
  { bucket, prefix }: Below,
  below: string,
  { after }: StorageListOptions = {},
): AsyncGenerator<StoredObject, void, undefined> {
  const connection = await connect()
  try {
    const listing = { prefix: prefix + below, after: after === undefined ? undefined : prefix + after }
    for await (const object of listObjects(connection, bucket, listing)) yield { ...object, key: object.key.slice(prefix.length) }
  } catch (error) {
    throw s3Error(error, `s3://${bucket}/${prefix}${below}`)
  }
}

function stated(key: string, { VersionId, ETag, ContentLength, LastModified: modifiedAt }: HeadObjectCommandOutput): StoredObject {
  const version = versionIdOf(VersionId)
  return {
    key,
    size: ContentLength ?? 0,
    ...(version === undefined ? {} : { version }),
    ...(ETag === undefined ? {} : { etag: ETag.replaceAll('"', "") }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  }
}

/** Passes the bytes on and reports an error of reading them, which is no error of the storage. */
async function* watch(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  report: (error: unknown) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* bytes
  } catch (error) {
    report(error)
    throw error
  }
}
