import { randomUUID } from "node:crypto"
import type { Delivery } from "../../contract/delivery.ts"
import { countsOf, type DeliveryReport } from "../../model/run-report.ts"
import { declareAll } from "../../pipeline/build/compose.ts"
import { tryEach } from "../../pipeline/run/try-each.ts"
import { loadParts, planOfLoad, withQuality } from "../../pipeline/split/load-parts.ts"
import { archiveFollowUp } from "./archive-follow-up.ts"
import type { HandlerCall } from "./handler-call.ts"
import { objectUri, versionOf } from "./manifest.ts"
import { settledParts } from "./merge-parts.ts"
import { PartsInStorage } from "./part-rows.ts"
import type { Settings } from "./settings.ts"
import type { LoadOutput } from "./steps.ts"
import type { OpenDelivery, Workshop } from "./workshop.ts"

interface RoundPointer {
  readonly manifest: string
  readonly round: number
}

/** Stages a part of a delivery in the target, beside others. */
export async function stagePart(
  workshop: Workshop,
  { manifest: uri, round, part }: RoundPointer & { readonly part: number },
  call: HandlerCall,
): Promise<void> {
  const delivery = await workshop.openPart({ manifest: uri, part }, call)
  const merged = await settledParts(workshop, delivery, round)
  const rows = new PartsInStorage(workshop, delivery, merged, call.signal)
  const context = workshop.context(delivery.manifest, call, planOfLoad(merged))
  const { definition, weights } = workshop
  const { sinks } = definition
  try {
    for (const sink of sinks) {
      const batches = withQuality(definition, rows.batchesOf(part), weights, context.asOf)
      await sink.stage?.(context, deliveryOf(workshop, delivery), { number: part, source: rows.keyOf(part), batches })
    }
  } finally {
    await tryEach(sinks, (sink) => sink.close?.(undefined))
  }
}

/** Loads a delivery, or refuses it. The ledger decides what happens; a delivery that was loaded before is a duplicate. */
export async function loadDelivery(
  settings: Settings,
  { manifest: uri, round, execution }: RoundPointer & { readonly execution?: string | undefined },
  call: HandlerCall,
): Promise<LoadOutput> {
  const { workshop } = settings
  const { definition, weights } = workshop
  const delivery = await workshop.open(uri, call)
  const { manifest } = delivery
  const merged = await settledParts(workshop, delivery, round)
  const rows = new PartsInStorage(workshop, delivery, merged, call.signal)
  const staged = workshop.loadWay(manifest.parts, merged.score) === "staged" ? rows : undefined
  // The ledger keeps who has loaded the delivery.
  const context = { ...workshop.context(manifest, call), runId: execution ?? randomUUID() }
  const described = deliveryOf(workshop, delivery)
  try {
    const report = await loadParts(
      definition,
      {
        delivery: described,
        score: merged.score,
        normalized: merged.normalized,
        refusal: merged.refusal,
        weights,
        plan: planOfLoad(merged),
        notices: manifest.notices,
      },
      { all: () => rows.all(), rejected: () => rows.rejected(), staged },
      context,
    )
    if (staged !== undefined && report.outcome !== "loaded")
      for (const sink of definition.sinks) await sink.unstage?.(context, manifest.deliveryId)
    const { deliveryId, outcome, score } = report
    if (outcome === "duplicate" && deliveryId === manifest.deliveryId && execution !== undefined) {
      const earlier = await earlierOutput(settings, uri, deliveryId, execution, call)
      if (earlier !== undefined) return earlier
    }
    call.delivered({ deliveryId, uri: described.uri, outcome, counts: countsOf(report), size: manifest.size, ...(score && { score }) })
    return outputOf(uri, report)
  } finally {
    await tryEach([...definition.sinks, ...definition.rejectSinks], (sink) => sink.close?.(undefined))
  }
}

function deliveryOf({ definition }: Workshop, { uri, manifest }: OpenDelivery): Delivery & { readonly sha256: string } {
  const { deliveryId: id, pipeline, object, sequence, sha256, sourceTable, contractVersion, reload } = manifest
  return {
    id,
    pipeline,
    uri: objectUri(object),
    version: versionOf(object),
    sequence,
    sha256,
    sourceTable,
    columns: declareAll(definition.stages).columns([]) ?? [],
    contractVersion,
    dryRun: false,
    reload,
    after: [archiveFollowUp(pipeline, manifest, uri)],
  }
}

/** What an earlier call of the same execution has returned, if that one has loaded the delivery and its answer was lost. */
async function earlierOutput(
  settings: Settings,
  manifest: string,
  delivery: string,
  execution: string,
  call: HandlerCall,
): Promise<LoadOutput | undefined> {
  const { storedRun } = await import("../../postgres/operations/stored-runs.ts")
  return settings.withLedger(call, async (ledger) => {
    const { invocation, score = null, ...counts } = await storedRun(ledger, delivery)
    return invocation === execution ? { ...countsOf(counts), status: "loaded", manifest, deliveryId: delivery, score } : undefined
  })
}

/** A report as a state machine needs it: without notices, the plan and the parts of the score. */
export function outputOf(manifest: string, report: DeliveryReport): LoadOutput {
  const { deliveryId, reason, read, loaded, rejected, filtered, superseded, skipped, withheld, score, outcome } = report
  return {
    status: outcome === "dry" ? "refused" : outcome,
    manifest,
    deliveryId,
    reason,
    read,
    loaded,
    rejected,
    filtered,
    superseded,
    skipped,
    withheld,
    score: score?.overall ?? null,
  }
}
