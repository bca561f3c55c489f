import type { ListObjectsV2CommandOutput } from "@aws-sdk/client-s3"
import type { S3Connection } from "./s3-connection.ts"
import { send } from "./send.ts"

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string
  readonly size: number
  readonly etag?: string | undefined
  readonly modifiedAt?: Date | undefined
}

/** What to list. */
export interface ListObjectsOptions {
  readonly prefix: string
  /** Only keys after this one. */
  readonly after?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Lists the objects of a bucket page by page. Throws errors as the SDK throws them. */
export async function* listObjects(
  connection: S3Connection,
  bucket: string,
  { prefix, after, signal }: ListObjectsOptions,
): AsyncGenerator<ListedObject, void, undefined> {
  const uri = `s3://${bucket}/${prefix}`
  let token: string | undefined
  do {
    const command = new connection.sdk.ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      // XML has no control characters, but keys may contain them.
      EncodingType: "url",
      ...(token === undefined ? (after === undefined ? {} : { StartAfter: after }) : { ContinuationToken: token }),
    })
    const page: ListObjectsV2CommandOutput = await send(connection, command, { uri, signal })
    const decoded = page.EncodingType === "url" ? (key: string) => decodeURIComponent(key.replaceAll("+", " ")) : (key: string) => key
    for (const { Key: key, Size: size = 0, ETag: etag, LastModified: modifiedAt } of page.Contents ?? [])
      if (key !== undefined)
        yield { key: decoded(key), size, ...(etag === undefined ? {} : { etag: etag.replaceAll('"', "") }), modifiedAt }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}
