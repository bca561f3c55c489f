import type { ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3"
import type { S3Connection } from "./s3-connection.ts"
import { isMissing } from "./s3-errors.ts"
import { send } from "./send.ts"

/** What to remove. */
export interface RemoveVersionsOptions {
  readonly bucket: string
  readonly key: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Removes an object for good: all of its versions, and the marks of earlier deletions. A removal without a version only puts a mark on an object in a
 * bucket with versions. Resolves with whether there was anything. Throws errors as the SDK throws them.
 */
export async function removeVersions(connection: S3Connection, { bucket, key, signal }: RemoveVersionsOptions): Promise<boolean> {
  const { sdk } = connection
  const sending = { uri: `s3://${bucket}/${key}`, signal }
  const target = { Bucket: bucket, Key: key }
  const ids = await versionsOf(connection, { bucket, key, signal })
  for (const VersionId of ids) await send(connection, new sdk.DeleteObjectCommand({ ...target, VersionId }), sending)
  if (ids.length > 0) return true
  // Some services cannot list versions.
  try {
    await send(connection, new sdk.HeadObjectCommand(target), sending)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  await send(connection, new sdk.DeleteObjectCommand(target), sending)
  return true
}

/** The ids of an object's versions. The only one of an object in a bucket without versions has the id `null`. */
async function versionsOf(connection: S3Connection, { bucket, key, signal }: RemoveVersionsOptions): Promise<readonly string[]> {
  const ids: string[] = []
  let marker: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | undefined = {}
  while (marker !== undefined) {
    const command: object = new connection.sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, EncodingType: "url", ...marker })
    const page: ListObjectVersionsCommandOutput = await send(connection, command, { uri: `s3://${bucket}/${key}`, signal })
    const decoded = page.EncodingType === "url" ? (text: string) => decodeURIComponent(text.replaceAll("+", " ")) : (text: string) => text
    let isPast = false
    for (const { Key: found = "", VersionId: id } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      if (decoded(found) === key && id !== undefined) ids.push(id)
      // Keys are in order, and a longer one comes later.
      else isPast = true
    }
    const { IsTruncated: isTruncated, NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page
    marker =
      isTruncated === true && !isPast && KeyMarker !== undefined
        ? { KeyMarker: decoded(KeyMarker), ...(VersionIdMarker === undefined ? {} : { VersionIdMarker }) }
        : undefined
  }
  return ids
}
