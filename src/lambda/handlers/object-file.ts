import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { s3 } from "../../sources/s3/s3.ts"
import type { S3ConnectionOptions } from "../../sources/s3/s3-options.ts"
import { s3Storage } from "../../sources/s3/s3-storage.ts"
import { type PinnedObject, versionOf } from "./manifest.ts"

/** An object, and the version of it that all reads use. */
export interface ObjectFile {
  readonly file: SourceFile
  readonly object: PinnedObject
}

const goneCodes: ReadonlySet<string> = new Set(["SOURCE_NOT_FOUND", "SOURCE_CHANGED"])

/** Whether an error says that an object was removed, perhaps by another execution that has archived it, or replaced after it was pinned. */
export function isGone(error: unknown, { uri }: SourceFile): boolean {
  return error instanceof RowgateError && goneCodes.has(error.code) && error.origin?.uri === uri
}

/**
 * Pins an object to a version: the one that the event names or, in a bucket without versions, the one that is there now, which may be newer than the event.
 * Undefined if the object is not there any more.
 */
export async function newestFile(
  { bucket, key, versionId: named }: PinnedObject,
  connection: S3ConnectionOptions,
  context: Context,
): Promise<ObjectFile | undefined> {
  const versionId = named ?? (await s3Storage({ ...connection, bucket }).stat(key))?.version
  const source = s3({ ...connection, bucket, key, ...(versionId === undefined ? {} : { versionId }) })
  try {
    for await (const file of source.files(context)) {
      const { version } = file
      const pinned = versionId === undefined ? { etag: version } : { versionId }
      return { file, object: { bucket, key, ...pinned } }
    }
  } catch (error) {
    if (!(error instanceof RowgateError) || error.code !== "SOURCE_NOT_FOUND") throw error
  }
  return undefined
}

/** The version of an object that was pinned before. Undefined if it is not there any more, or if another object has its place. */
export async function pinnedFile(object: PinnedObject, connection: S3ConnectionOptions, context: Context): Promise<SourceFile | undefined> {
  const found = await newestFile(object, connection, context)
  return found !== undefined && versionOf(found.object) === versionOf(object) ? found.file : undefined
}
