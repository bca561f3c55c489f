import { env } from "node:process"
import pLimit from "p-limit"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, anyText, either, flag, instant, needed, options as optionsKind, position, text } from "../../options/option-kinds.ts"
import { forgetCopies } from "../../postgres/operations/follow-ups.ts"
import { checkAccess, type LedgerAccess } from "../../postgres/operations/ledger-access.ts"
import { type PurgedCopy, type PurgeOptions, purge } from "../../postgres/operations/purge.ts"
import { removeVersions } from "../../sources/s3/remove-versions.ts"
import { type S3Connection, s3Connection } from "../../sources/s3/s3-connection.ts"
import { changeError } from "../../sources/s3/s3-errors.ts"
import { type S3ConnectionOptions, s3ConnectionSpec } from "../../sources/s3/s3-options.ts"
import type { ObjectPlace } from "../events/object-event.ts"
import { keysBeside } from "./archive-report.ts"

/** Options of `purgeArchive`. */
export interface PurgeArchiveOptions extends Omit<PurgeOptions, "profilesOlderThan"> {
  /** The archive: a bucket, or keys below a prefix. Nothing elsewhere is removed. Default: the bucket in `ARCHIVE_BUCKET`. */
  readonly archive?: string | ObjectPlace | undefined
  /**
   * Whether to remove the archived files as well, which hold all rows. If they stay, the ledger forgets where they are, and a later call no longer finds
   * them. Default: false: only the rejects and the report beside each file are removed.
   */
  readonly files?: boolean | undefined
  /** How to connect to S3. Default: as the SDK finds region and credentials. */
  readonly s3?: S3ConnectionOptions | undefined
}

/** What `purgeArchive` removed, or would remove. */
export interface PurgeArchiveReport {
  /** Deliveries whose rejects were removed from the ledger. */
  readonly deliveries: number
  /** Rejects that were removed from the ledger. */
  readonly rejects: number
  /** Archived files that were removed, or, without `files`, whose rejects and reports were removed. With `dryRun`, at most 10,000 are counted. */
  readonly archived: number
}

const objectsAtOnce = 16
/** An interrupted call removes at most this many again. */
const copiesAtOnce = 100

/**
 * Removes rejects from the ledger, as `purge` does, and then what the archive has of the same deliveries: their rejects and reports, and their files if you ask
 * for it. In a bucket with versions, all versions are removed. Rejects that another call of `purge` has removed from the ledger count too. It can be
 * called again at any time, and finishes what an interrupted call has begun.
 *
 * Throws what `purge` throws, `STORAGE_UNWRITABLE` if S3 refuses a removal, and `CONFIG_INVALID` if no archive is known.
 */
export async function purgeArchive(ledger: LedgerAccess, options: PurgeArchiveOptions = {}): Promise<PurgeArchiveReport> {
  checkAccess("purgeArchive()", ledger)
  checkOptions("purgeArchive()", options, {
    archive: either(
      text("the name of a bucket"),
      optionsKind<ObjectPlace>({ bucket: needed(text("the name of a bucket")), prefix: anyText() }),
    ),
    files: flag(),
    s3: optionsKind<S3ConnectionOptions>(s3ConnectionSpec),
    rejectsOlderThan: instant(),
    pipeline: text(),
    target: text(),
    delivery: text(),
    dryRun: flag(),
    batchRows: position(),
    signal: abortSignal(),
  })
  const { archive, files = false, s3 = {}, ...purging } = options
  const place = archivePlace(archive)
  const connect = s3Connection(s3)
  let total = { deliveries: 0, rejects: 0, archived: 0 }
  for (;;) {
    const { deliveries, rejects, copies } = await purge(ledger, purging)
    const ours = copies.flatMap((copy) => archivedCopy(copy, place))
    total = { deliveries: total.deliveries + deliveries, rejects: total.rejects + rejects, archived: total.archived + ours.length }
    if (ours.length === 0 || purging.dryRun === true) return total
    for (let from = 0; from < ours.length; from += copiesAtOnce)
      await removeCopies(ledger, await connect(), ours.slice(from, from + copiesAtOnce), { files, signal: purging.signal })
  }
}

interface ArchivedCopy {
  readonly bucket: string
  readonly key: string
  readonly followUp: number
}

function archivePlace(given: string | ObjectPlace | undefined): ObjectPlace {
  const place = given ?? env["ARCHIVE_BUCKET"] ?? ""
  if (place === "")
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: "purgeArchive() does not know the archive.",
      remedy: "Pass the option archive, or set the environment variable ARCHIVE_BUCKET.",
    })
  return typeof place === "string" ? { bucket: place } : place
}

/** Follow-ups of other programs have copies elsewhere. */
function archivedCopy({ uri, followUp }: PurgedCopy, { bucket, prefix = "" }: ObjectPlace): readonly ArchivedCopy[] {
  const start = `s3://${bucket}/`
  const key = uri.slice(start.length)
  return uri.startsWith(start) && key.startsWith(prefix) ? [{ bucket, key, followUp }] : []
}

/** The ledger forgets a copy only after its objects are removed. */
async function removeCopies(
  ledger: LedgerAccess,
  connection: S3Connection,
  copies: readonly ArchivedCopy[],
  { files, signal }: { readonly files: boolean; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const objects = copies.flatMap(({ bucket, key }) => {
    const { report, rejects } = keysBeside(key)
    return [rejects, report, ...(files ? [key] : [])].map((each) => ({ bucket, key: each, signal }))
  })
  await pLimit(objectsAtOnce).map(objects, (object) => removeObject(connection, object))
  await forgetCopies(
    ledger,
    copies.map(({ followUp }) => followUp),
  )
}

async function removeObject(connection: S3Connection, object: Parameters<typeof removeVersions>[1]): Promise<void> {
  try {
    await removeVersions(connection, object)
  } catch (error) {
    object.signal?.throwIfAborted()
    throw changeError(
      error,
      `s3://${object.bucket}/${object.key}`,
      "remove",
      "s3:ListBucketVersions, s3:DeleteObject, s3:DeleteObjectVersion and s3:GetObject for the archive",
    )
  }
}
