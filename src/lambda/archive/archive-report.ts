import type { Storage } from "../../contract/storage.ts"
import { rejectsKind, type StoredRejects } from "../../model/stored-reject.ts"
import { checkOptions } from "../../options/check-options.ts"
import { having, kind, needed, text } from "../../options/option-kinds.ts"
import { rejectLines } from "../../sinks/rejects-file.ts"

/** Options of `archiveReport`. */
export interface ArchiveReportOptions {
  /** The archive. */
  readonly archive: Storage
  /** The key of the delivered object in the archive; see `archiveKey`. */
  readonly key: string
  /** The report of the delivery, or anything else that can be written as JSON. */
  readonly report: object
  /** The rejects of the delivery, as `storedRejects` lists them. The ledger has redacted them. Default: none. */
  readonly rejects?: StoredRejects | undefined
}

/** The keys of what stands beside a delivered object in the archive. */
export interface ArchivedReport {
  /** The key of the report, as JSON. */
  readonly report: string
  /** The key of the rejects, as `rejectsNdjson` writes them. The object exists only if there are rejects. */
  readonly rejects: string
}

/** Where the report and the rejects of a delivery are, given the key of its object in the archive. To remove a delivery, remove all three. */
export function keysBeside(key: string): ArchivedReport {
  return { report: `${key}.report.json`, rejects: `${key}.rejects.ndjson` }
}

/**
 * Writes the report and the rejects of a delivery beside its object in the archive. What an earlier attempt has written stays as it is. Any number
 * of rejects takes little memory. Throws `STORAGE_UNWRITABLE`, and any error of reading the rejects.
 */
export async function archiveReport(options: ArchiveReportOptions): Promise<ArchivedReport> {
  checkOptions("archiveReport()", options, {
    archive: needed(having<Storage>("a storage", "write", "stat")),
    key: needed(text()),
    report: needed(kind<object>("an object", (value) => typeof value === "object" && value !== null)),
    rejects: rejectsKind(),
  })
  const { archive, key, report, rejects } = options
  const keys = keysBeside(key)
  if (rejects !== undefined && (await archive.stat(keys.rejects)) === undefined) await writeLines(archive, keys.rejects, rejects)
  // The report comes last, so that a report means that the rejects are there, too.
  await archive.write(keys.report, [Buffer.from(`${JSON.stringify(report, null, 2)}\n`)], { unlessExists: true })
  return keys
}

async function writeLines(archive: Storage, key: string, rejects: StoredRejects): Promise<void> {
  const lines = rejectLines(rejects)
  const first = await lines.next()
  if (first.done === true) return
  await archive.write(
    key,
    (async function* () {
      yield first.value
      yield* lines
    })(),
    { unlessExists: true },
  )
}
