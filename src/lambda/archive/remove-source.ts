import { randomUUID } from "node:crypto"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ObjectVersion } from "../../sources/s3/read-object.ts"
import type { S3Connection } from "../../sources/s3/s3-connection.ts"
import { changeError, isConditionFailed, isMissing } from "../../sources/s3/s3-errors.ts"
import type { S3ClientLike } from "../../sources/s3/s3-options.ts"
import { send } from "../../sources/s3/send.ts"

/** What became of an object that was to be removed: `"replaced"` if another one has its key and stays. */
export type RemovedSource = "removed" | "gone" | "replaced"

/**
 * Removes exactly one version of an object. Without a version id, the object is removed only while it has the etag, so an object that replaced it
 * stays. `nullVersion`: the object is the one that a bucket with versions keeps from the time before it had them.
 */
export async function removeSource(
  connection: S3Connection,
  { bucket, key, versionId, etag }: ObjectVersion,
  nullVersion: boolean,
  signal: AbortSignal | undefined,
): Promise<RemovedSource> {
  const uri = `s3://${bucket}/${key}`
  const target = { Bucket: bucket, Key: key }
  const exactly =
    versionId === undefined
      ? { ...(nullVersion ? { VersionId: "null" } : {}), ...(etag === undefined ? {} : { IfMatch: etag }) }
      : { VersionId: versionId }
  try {
    await send(connection, new connection.sdk.DeleteObjectCommand({ ...target, ...exactly }), { uri, signal })
    return "removed"
  } catch (error) {
    signal?.throwIfAborted()
    if (isConditionFailed(error)) return "replaced"
    if (isMissing(error)) return "gone"
    throw changeError(error, uri, "remove")
  }
}

const probes = new WeakMap<S3ClientLike, Map<string, Promise<boolean>>>()

/**
 * Whether the service checks `If-Match` when it removes an object. It is asked once for each bucket, to remove an object that does not exist: a
 * service that checks the condition refuses, one that ignores it succeeds.
 */
export async function checksConditionOfRemoval(
  connection: S3Connection,
  { bucket, key }: ObjectVersion,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const known = probes.get(connection.client) ?? new Map<string, Promise<boolean>>()
  probes.set(connection.client, known)
  const probe = known.get(bucket) ?? askService(connection, { bucket, key }, signal)
  known.set(bucket, probe)
  probe.catch(() => known.delete(bucket))
  return probe
}

async function askService(connection: S3Connection, { bucket, key }: ObjectVersion, signal: AbortSignal | undefined): Promise<boolean> {
  // Beside the object, because permissions may end at a prefix.
  const absent = `${key.slice(0, key.lastIndexOf("/") + 1)}rowgate-${randomUUID()}`
  const command = new connection.sdk.DeleteObjectCommand({ Bucket: bucket, Key: absent, IfMatch: `"${"0".repeat(32)}"` })
  try {
    await send(connection, command, { uri: `s3://${bucket}/${absent}`, signal })
    return false
  } catch (error) {
    signal?.throwIfAborted()
    if (isConditionFailed(error) || isMissing(error)) return true
    throw changeError(error, `s3://${bucket}/${absent}`, "remove")
  }
}

export function unconditionalRemoval(bucket: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `The bucket ${bucket} has no versions, and its service ignores If-Match when it removes an object, so an object that replaced the archived one could be lost.`,
    remedy: "Turn on versioning for the bucket, or set the option unconditionalDelete if nothing ever replaces an object.",
    origin: { uri: `s3://${bucket}/` },
  })
}
