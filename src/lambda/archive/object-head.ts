import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3"
import type { ObjectVersion } from "../../sources/s3/read-object.ts"
import type { S3Connection } from "../../sources/s3/s3-connection.ts"
import { isMissing, s3Error } from "../../sources/s3/s3-errors.ts"
import { send } from "../../sources/s3/send.ts"

/** What a HEAD request says about an object. */
export type ObjectHead = HeadObjectCommandOutput

/** Looks up an object or a version of it. Returns undefined if it does not exist. */
export async function objectHead(
  connection: S3Connection,
  { bucket, key, versionId }: ObjectVersion,
  signal: AbortSignal | undefined,
): Promise<ObjectHead | undefined> {
  const uri = `s3://${bucket}/${key}`
  const target = { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }
  try {
    return await send<ObjectHead>(connection, new connection.sdk.HeadObjectCommand({ ...target, ChecksumMode: "ENABLED" }), { uri, signal })
  } catch (error) {
    signal?.throwIfAborted()
    if (isMissing(error)) return undefined
    throw s3Error(error, uri)
  }
}
