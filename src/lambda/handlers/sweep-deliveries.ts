import type { Storage } from "../../contract/storage.ts"
import type { TakenFollowUp } from "../../postgres/operations/follow-ups.ts"
import type { LedgerAccess } from "../../postgres/operations/ledger-access.ts"
import { s3Storage } from "../../sources/s3/s3-storage.ts"
import { postgresSweepLedger } from "../sweep/postgres-sweep-ledger.ts"
import { sweep } from "../sweep/sweep.ts"
import type { SweptFile } from "../sweep/sweep-ledger.ts"
import { sweepMetrics } from "../sweep/sweep-metrics.ts"
import type { SweepReport } from "../sweep/sweep-report.ts"
import { archiveByLedger } from "./archive-delivery.ts"
import { archiveTopic } from "./archive-follow-up.ts"
import type { HandlerCall } from "./handler-call.ts"
import { type KnownPlan, planKey, rootFor } from "./known-plan.ts"
import { objectUri, versionOf } from "./manifest.ts"
import type { Settings } from "./settings.ts"
import { startObject } from "./start-object.ts"
import { readJson } from "./stored-json.ts"

/** Moves deliveries on that got stuck, and removes what others left behind. */
export async function sweepDeliveries(settings: Settings, call: HandlerCall): Promise<SweepReport> {
  const report = await settings.withLedger(call, (ledger) => sweepBy(settings, ledger, call))
  call.measure(sweepMetrics(report))
  if (!report.finished && report.seen === 0)
    call.logger.warn({ ...report }, "the sweeper had no time to look at anything: give its function a time limit of some minutes")
  return report
}

function sweepBy(settings: Settings, ledger: LedgerAccess, call: HandlerCall): Promise<SweepReport> {
  const { workshop, connection, archive } = settings
  const { processing, definition } = workshop
  const pipeline = definition.options.name
  return sweep<TakenFollowUp>({
    ...settings.sweeping,
    pipeline,
    landing: settings.allowed.map(({ bucket, prefix }) => ({ bucket, prefix, storage: s3Storage({ ...connection, bucket }) })),
    processing: {
      storage: processing,
      folder: `${encodeURIComponent(pipeline)}/`,
      folderOf: ({ uri, version }) => rootFor(workshop, { uri, version }),
      fileOf: (folder) => fileOf(processing, folder),
    },
    archive: { ...archive, s3: connection, unconditionalDelete: settings.unconditionalDelete },
    ledger: postgresSweepLedger(ledger, { pipeline, topic: archiveTopic(pipeline) }),
    start: (object) => startObject(settings, object, call),
    followUp: async (followUp) => void (await archiveByLedger(settings, ledger, followUp, call)),
    remainingMs: () => call.remainingMs,
    logger: call.logger,
    signal: call.signal,
  })
}

/** The parser names the object of a folder before it writes anything else. */
async function fileOf(processing: Storage, folder: string): Promise<SweptFile | undefined> {
  const known = await readJson<KnownPlan>(processing, planKey(folder, 0))
  return known === undefined ? undefined : { uri: objectUri(known.object), version: versionOf(known.object) }
}
