import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkOptions } from "../../options/check-options.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import { abortSignal, flag, needed, options as optionsKind, position, text, whole } from "../../options/option-kinds.ts"
import { copyObject, type ObjectPlace } from "../../sources/s3/copy-object.ts"
import { type ObjectVersion, versionIdOf } from "../../sources/s3/read-object.ts"
import { type S3Connection, s3Connection } from "../../sources/s3/s3-connection.ts"
import { changeError } from "../../sources/s3/s3-errors.ts"
import { type S3ConnectionOptions, s3ConnectionSpec } from "../../sources/s3/s3-options.ts"
import { type ObjectHead, objectHead } from "./object-head.ts"
import { checksConditionOfRemoval, type RemovedSource, removeSource, unconditionalRemoval } from "./remove-source.ts"
import { type CopyProof, verifyCopy } from "./verify-copy.ts"

/** The object that was delivered. It needs a version id or an etag, so that no other object is taken for it. */
export interface DeliveredObject {
  /** The bucket's name. */
  readonly bucket: string
  /** The object's key. */
  readonly key: string
  /** Its version id, if the bucket has versions. */
  readonly versionId?: string | undefined
  /** Its etag, with or without quotes. */
  readonly etag?: string | undefined
  /** Its size in bytes, to verify the copy. */
  readonly size?: number | undefined
  /** The sha256 of its bytes in hex, to verify the copy. */
  readonly sha256?: string | undefined
}

/** Options of `archiveObject`. */
export interface ArchiveObjectOptions extends S3ConnectionOptions {
  /** The object that was delivered. */
  readonly source: DeliveredObject
  /** Where its copy belongs. Use the same place in each attempt; see `archiveKey`. */
  readonly to: ObjectPlace
  /**
   * Whether to remove the object even if the bucket has no versions and its service ignores `If-Match` when it removes an object. An object that
   * replaces the delivered one at that moment is lost then. Default: false, which is `CONFIG_INVALID` with such a bucket.
   */
  readonly unconditionalDelete?: boolean | undefined
  /** The greatest object that one request copies, in bytes. A greater one is copied in parts. Default: 5 GiB, the limit of S3. */
  readonly copyBytes?: number | undefined
  /** Stops the archiving with the signal's reason. Call again to finish it. */
  readonly signal?: AbortSignal | undefined
}

/** What became of a delivered object. */
export interface ArchivedObject {
  /**
   * `"archived"`: the archive has a verified copy. `"replaced"`: another object took the place of the delivered one before it was archived, in a
   * bucket without versions. Its bytes are gone; the new object stays where it is, because it is a delivery of its own.
   */
  readonly status: "archived" | "replaced"
  /** The address of the copy, if there is one. */
  readonly uri?: string
  /** The version id of the copy, if its bucket has versions. */
  readonly version?: string
  /** What became of the delivered object: removed by this call, gone before it, or replaced by another one, which stays. */
  readonly source: RemovedSource
  /** What showed that the copy has the same bytes. */
  readonly verifiedBy?: CopyProof
}

/** Other attempts may move the object at the same time; each look sees at most a few changes. */
const mostLooks = 5

/**
 * Moves a delivered object to the archive: copies it, verifies the copy, then removes exactly the version that was delivered. At every instant
 * the object is in at least one of the two places. An attempt that was interrupted anywhere is finished by the next call; several at once do no harm.
 *
 * Throws `ARCHIVE_LOST` if the object is in neither place, `ARCHIVE_MISMATCH` if the archive has other bytes under its key, `STORAGE_UNWRITABLE` or
 * `SOURCE_UNREADABLE` if S3 refuses a request, and `CONFIG_INVALID` (see `unconditionalDelete`).
 */
export async function archiveObject(options: ArchiveObjectOptions): Promise<ArchivedObject> {
  checkOptions("archiveObject()", options, spec)
  const { source: given, to, signal, copyBytes, unconditionalDelete = false } = options
  const versionId = versionIdOf(given.versionId)
  if (versionId === undefined && given.etag === undefined) throw unpinned(given)
  if (given.bucket === to.bucket && given.key === to.key) throw inPlace(given)
  const source = { ...given, versionId, etag: given.etag === undefined ? undefined : `"${given.etag.replaceAll('"', "")}"` }
  const connection = await s3Connection(options)()
  if (versionId === undefined && !unconditionalDelete && !(await checksConditionOfRemoval(connection, source, signal)))
    throw unconditionalRemoval(source.bucket)

  for (let looks = 0; looks < mostLooks; looks++) {
    const copy = await objectHead(connection, to, signal)
    const original = await objectHead(connection, source, signal)
    const isThere = original !== undefined && isDelivered(original, source)
    if (copy !== undefined) {
      const proof = await verifyCopy(connection, { copy: { ...to, head: copy }, source, original: isThere ? original : undefined }, signal)
      const removed = isThere
        ? await removeSource(connection, source, original.VersionId === "null", signal)
        : original === undefined
          ? "gone"
          : "replaced"
      const version = versionIdOf(copy.VersionId)
      return {
        status: "archived",
        uri: uriOf(to),
        ...(version === undefined ? {} : { version }),
        source: removed,
        verifiedBy: proof,
      }
    }
    if (isThere) await copyTo(connection, { ...source, head: original }, to, { signal, partBytes: copyBytes })
    // Another attempt may have archived the object between the two looks.
    else if ((await objectHead(connection, to, signal)) === undefined) {
      if (original !== undefined) return { status: "replaced", source: "replaced" }
      throw lost(source, to)
    }
  }
  throw restless(source)
}

const objectSpec: OptionSpec<DeliveredObject> = {
  bucket: needed(text()),
  key: needed(text()),
  versionId: text(),
  etag: text(),
  size: whole(0),
  sha256: text("a sha256 in hex"),
}
const spec: OptionSpec<ArchiveObjectOptions> = {
  ...s3ConnectionSpec,
  source: needed(optionsKind<DeliveredObject>(objectSpec)),
  to: needed(optionsKind<ObjectPlace>({ bucket: needed(text()), key: needed(text()) })),
  unconditionalDelete: flag(),
  copyBytes: position(),
  signal: abortSignal(),
}

/** A version never changes. An object without versions is the delivered one while it has its etag. */
function isDelivered({ ETag }: ObjectHead, { versionId, etag }: ObjectVersion): boolean {
  return versionId !== undefined || ETag === etag
}

async function copyTo(
  connection: S3Connection,
  source: ObjectVersion & { readonly head: ObjectHead },
  to: ObjectPlace,
  options: { readonly signal?: AbortSignal | undefined; readonly partBytes?: number | undefined },
): Promise<void> {
  try {
    await copyObject(connection, source, to, options)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw changeError(error, uriOf(to), "write", grants)
  }
}

const grants =
  "s3:GetObject, s3:GetObjectVersion and s3:GetObjectTagging for the delivered object, s3:PutObject and s3:PutObjectTagging for the archive, and the use of the keys that encrypt them"

function uriOf({ bucket, key }: ObjectPlace): string {
  return `s3://${bucket}/${key}`
}

function unpinned(source: DeliveredObject): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `The source ${uriOf(source)} of archiveObject() has neither a version id nor an etag.`,
    remedy: "Pass the version id or the etag that was read.",
    origin: { uri: uriOf(source) },
  })
}

/** The copy would be the object itself, and removing one would remove both. */
function inPlace(source: DeliveredObject): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `The options source and to of archiveObject() are the same object, ${uriOf(source)}.`,
    remedy: "Pass another bucket or key in the option to.",
    origin: { uri: uriOf(source) },
  })
}

function lost(source: ObjectPlace, to: ObjectPlace): RowgateError {
  return new RowgateError({
    code: "ARCHIVE_LOST",
    message: `${uriOf(source)} was delivered, but it is neither there nor in the archive as ${uriOf(to)}.`,
    remedy: "Restore the file from a backup, or ask its sender for it, and put it in the archive.",
    origin: { uri: uriOf(source) },
  })
}

function restless(source: ObjectPlace): RowgateError {
  return new RowgateError({
    code: "STORAGE_UNWRITABLE",
    message: `${uriOf(source)} cannot be archived: it or its copy changed ${mostLooks} times meanwhile.`,
    remedy: "Run the archive step again.",
    origin: { uri: uriOf(source) },
    retryable: true,
  })
}
