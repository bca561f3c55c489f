import { RowgateError } from "../../errors/rowgate-error.ts"
import { failFollowUp, finishFollowUp, isDoneElsewhere, type TakenFollowUp, takeFollowUps } from "../../postgres/operations/follow-ups.ts"
import type { LedgerAccess } from "../../postgres/operations/ledger-access.ts"
import { storedRejects } from "../../postgres/operations/stored-rejects.ts"
import { storedRun } from "../../postgres/operations/stored-runs.ts"
import { archiveKey } from "../archive/archive-key.ts"
import { type ArchivedObject, archiveObject } from "../archive/archive-object.ts"
import { archiveReport } from "../archive/archive-report.ts"
import { archiveTopic, archiveWork } from "./archive-follow-up.ts"
import { rootOf } from "./delivery-objects.ts"
import type { HandlerCall } from "./handler-call.ts"
import type { Settings } from "./settings.ts"

/** What the archive step has done. */
export interface ArchiveOutput {
  /** `"none"`: there is nothing to do, because the object is archived, another call is at it, or the delivery has not ended. */
  readonly status: ArchivedObject["status"] | "none"
  /** The URI of the object in the archive. */
  readonly archived?: string
}

/** How long nobody else archives the same object. */
const leaseMs = 15 * 60_000

/** Archives the object of a delivery, if that is still to do, and removes what the delivery has in the processing storage. */
export async function archiveDelivery(settings: Settings, delivery: string, call: HandlerCall): Promise<ArchiveOutput> {
  return settings.withLedger(call, async (ledger) => {
    let output: ArchiveOutput = { status: "none" }
    const topic = archiveTopic(settings.workshop.definition.options.name)
    for (const followUp of await takeFollowUps(ledger, { topic, delivery, leaseMs }))
      output = await archiveByLedger(settings, ledger, followUp, call)
    return output
  })
}

/** Does what an entry of the outbox asks for, and marks it as done or failed. */
export async function archiveByLedger(
  settings: Settings,
  ledger: LedgerAccess,
  followUp: TakenFollowUp,
  call: HandlerCall,
): Promise<ArchiveOutput> {
  try {
    const output = await archive(settings, ledger, followUp, call)
    const { archived: uri } = output
    await finishFollowUp(ledger, followUp.id, uri === undefined ? {} : { copy: { uri } })
    return output
  } catch (error) {
    await failFollowUp(ledger, followUp, error instanceof Error ? error.message : String(error)).catch(() => undefined)
    throw error
  }
}

async function archive(settings: Settings, ledger: LedgerAccess, followUp: TakenFollowUp, { signal }: HandlerCall): Promise<ArchiveOutput> {
  const { delivery: deliveryId, outcome, createdAt: at } = followUp
  const { manifest, ...source } = archiveWork(followUp.payload)
  const { archive: place, connection, workshop } = settings
  const { report, ...run } = await storedRun(ledger, followUp.run)
  const key = archiveKey({
    prefix: place.prefix,
    outcome: outcome === "committed" ? "loaded" : outcome,
    pipeline: run.pipeline,
    at,
    deliveryId,
    key: source.key,
  })
  const { sha256 = run.sha256 } = source
  const { unconditionalDelete } = settings
  const to = { bucket: place.bucket, key }
  const archiving = { ...connection, source: { ...source, sha256 }, to, unconditionalDelete, signal }
  const archived = await archiveObject(archiving).catch(async (error: unknown) => {
    // Several deliveries of one object have an entry each, and the object is archived for one of them.
    const isLost = error instanceof RowgateError && error.code === "ARCHIVE_LOST"
    if (isLost && (await isDoneElsewhere(ledger, followUp))) return { status: "none" as const }
    throw error
  })
  // Nothing would lead `purgeArchive` to rejects beside an object that is not there.
  if (outcome !== "duplicate" && "uri" in archived && archived.uri !== undefined)
    await archiveReport({ archive: settings.archiveStorage, key, report: report ?? run, rejects: storedRejects(ledger, run.id) })
  if (manifest !== undefined) await removeParts(workshop, manifest)
  return "uri" in archived ? { status: archived.status, archived: archived.uri } : { status: archived.status }
}

/** Removes all objects of a delivery, the manifests first: a call that comes late finds no delivery, rather than one that lacks its parts. */
async function removeParts({ processing }: Settings["workshop"], manifest: string): Promise<void> {
  const root = rootOf(manifest.slice(processing.name.length))
  const keys: string[] = []
  for await (const { key } of processing.list(root)) keys.push(key)
  const isManifest = (key: string) => key.endsWith("/manifest.json")
  for (const key of [...keys.filter(isManifest), ...keys.filter((key) => !isManifest(key))]) await processing.remove(key)
}
