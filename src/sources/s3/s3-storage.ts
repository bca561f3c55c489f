import type { ListObjectsV2CommandOutput } from "@aws-sdk/client-s3"
import type { Storage, StoredObject } from "../../contract/storage.ts"
import { checkOptions } from "../../options/check-options.ts"
import { anyText, needed, text } from "../../options/option-kinds.ts"
import { readObject } from "./read-object.ts"
import { type S3Connection, s3Connection } from "./s3-connection.ts"
import { s3Error } from "./s3-errors.ts"
import { type S3ConnectionOptions, s3ConnectionSpec } from "./s3-options.ts"
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
 * nothing.
 *
 * Throws what `s3` throws.
 */
export function s3Storage(options: S3StorageOptions): Storage {
  checkOptions("s3Storage()", options, { ...s3ConnectionSpec, bucket: needed(text()), prefix: anyText() })
  const { bucket, prefix = "" } = options
  const connect = s3Connection(options)
  const uriOf = (key: string) => `s3://${bucket}/${prefix}${key}`
  return {
    name: `s3://${bucket}/${prefix}`,
    read: (key, range = { start: 0 }) => readObject(connect, { bucket, key: prefix + key }, range, undefined),
    async write(key, bytes) {
      return translated(uriOf(key), async () => writeObject(await connect(), bucket, prefix + key, bytes))
    },
    list: (below) => listObjects(connect, bucket, prefix, below),
    async remove(key, version) {
      await translated(uriOf(key), async () => {
        const { sdk, client } = await connect()
        const target = { Bucket: bucket, Key: prefix + key, ...(version === undefined ? {} : { VersionId: version }) }
        await client.send(new sdk.DeleteObjectCommand(target))
      })
    },
  }
}

async function* listObjects(
  connect: () => Promise<S3Connection>,
  bucket: string,
  prefix: string,
  below: string,
): AsyncGenerator<StoredObject> {
  let token: string | undefined
  do {
    const page: ListObjectsV2CommandOutput = await translated(`s3://${bucket}/${prefix}${below}`, async () => {
      const { sdk, client } = await connect()
      const from = token === undefined ? {} : { ContinuationToken: token }
      return (await client.send(
        new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix + below, ...from }),
      )) as ListObjectsV2CommandOutput
    })
    for (const { Key: key, Size: size } of page.Contents ?? [])
      if (key !== undefined) yield { key: key.slice(prefix.length), size: size ?? 0 }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}

async function translated<T>(uri: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw s3Error(error, uri)
  }
}
