import type { Delivery } from "../../contract/delivery.ts"
import type { Plan } from "../../contract/plan.ts"
import type { Sink, SinkSession } from "../../contract/sink.ts"
import { counted } from "../../errors/counted.ts"
import type { EarlierDelivery } from "../../model/column-profile.ts"
import { type DriftReport, driftKinds } from "../../model/drift.ts"
import type { Scorecard } from "../../model/scorecard.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { DeliveryProfiler } from "../../profile/drift/delivery-profiler.ts"
import { defaultBounds, findDrift, leastCells, type PresentDelivery } from "../../profile/drift/find-drift.ts"
import type { DriftOptions } from "../../score/score-options.ts"
import { driftNotices, driftReason } from "./drift-notices.ts"

/** What a comparison with earlier deliveries has shown. */
export interface Compared {
  readonly drift?: DriftReport
  readonly notices: readonly TableNotice[]
  /** A clause for each finding that refuses the delivery. */
  readonly reasons: readonly string[]
  /** Why its score does not compare with that of the delivery before, as a clause. */
  readonly incomparable?: string
}

/** What a delivery is known by, for a comparison. */
interface Watched {
  readonly delivery: Delivery
  readonly plan: Plan
  readonly sinks: readonly Sink<never>[]
  readonly options: DriftOptions
}

/** Profiles a delivery while it is read, and compares it with earlier ones. */
export class DriftWatch {
  readonly #options: DriftOptions
  readonly #profiler: DeliveryProfiler

  constructor({ delivery, plan, sinks, options }: Watched) {
    this.#options = options
    const declared = new Map(delivery.columns.map(({ name, kind }) => [name, kind]))
    this.#profiler = new DeliveryProfiler({
      hides: (column) => sinks.some((sink) => sink.hides?.(column, plan) === true),
      readsNumbers: (column) => {
        const kind = declared.get(column) ?? plan.kinds().get(column)
        return kind === "decimal" || kind === "number" || kind === "integer"
      },
    })
  }

  add(batch: TableBatch): void {
    this.#profiler.add(batch)
  }

  /** Asks the target for earlier deliveries, and gives it the profile of this one. */
  async compare(target: SinkSession<never> | undefined, read: number, score: Scorecard): Promise<Compared> {
    const columns = this.#profiler.profiles()
    if ((columns[0]?.rows ?? 0) >= leastCells) target?.keepProfile?.(columns)
    const textOf = (column: string, key: number | string) => this.#profiler.textOf(column, key)
    return compareWithHistory(target, { read, columns, textOf }, score, this.#options)
  }
}

/** Compares a delivery with the history of its target. The columns of a delivery in parts are not known. */
export async function compareWithHistory(
  target: SinkSession<never> | undefined,
  present: PresentDelivery | { readonly read: number; readonly inParts: true },
  score: Scorecard,
  { deliveries: most = 10, least = 5, psi = defaultBounds.distribution, refuse = false }: DriftOptions,
): Promise<Compared> {
  const earlier = await target?.history?.(most)
  const delivery = "inParts" in present ? { ...present, columns: [], textOf: () => undefined } : present
  const drift = earlier && findDrift(delivery, earlier, { least, bounds: { ...defaultBounds, distribution: psi } })
  const refused = refuse === true ? driftKinds : refuse === false ? [] : refuse
  const { notices, clause } = changesSince(earlier?.[0], score)
  const isUnchecked = drift === undefined ? refused.length > 0 : drift.comparisons === 1 && refused.some((kind) => kind !== "rows")
  return {
    ...(drift === undefined ? {} : { drift }),
    notices: [
      ...notices,
      ...(drift === undefined ? [] : driftNotices(drift)),
      ...(isUnchecked ? [notCompared(earlier?.length, least, "inParts" in present)] : []),
    ],
    reasons: (drift?.findings ?? []).filter(({ kind }) => refused.includes(kind)).map(driftReason),
    ...(clause === undefined ? {} : { incomparable: clause }),
  }
}

function notCompared(found: number | undefined, least: number, inParts: boolean): TableNotice {
  const code = "drift.not_compared"
  if (found === undefined) return { code, message: "Drift was not checked: the target keeps no ledger of earlier deliveries." }
  if (found < least) {
    const deliveries = counted(found, "earlier delivery", "earlier deliveries")
    return { code, message: `Drift was not checked: the ledger has ${deliveries}, and a comparison needs ${least}.` }
  }
  const why = inParts
    ? "the delivery was loaded in parts"
    : "too few earlier deliveries have profiles of them, or the columns have too few cells"
  return { code, message: `The columns were not checked for drift: ${why}.` }
}

/** Whether scores compare with those of the delivery before. Provisional rules come from the rows, so they change all the time. */
function changesSince(
  before: EarlierDelivery | undefined,
  { ruleset, weights, provisional }: Scorecard,
): { readonly notices: readonly TableNotice[]; readonly clause?: string } {
  if (before?.ruleset === undefined || before.provisional === true || provisional) return { notices: [] }
  const last = `the delivery before, of ${before.finishedAt}`
  const notices: TableNotice[] = []
  const changed: string[] = []
  if (before.ruleset !== ruleset.hash) {
    changed.push("rules")
    notices.push({ code: "score.rules_changed", message: `The rules have changed since ${last}, so its scores do not compare with these.` })
  }
  if (Object.entries(weights).some(([dimension, weight]) => before.weights?.[dimension] !== weight)) {
    changed.push("weights")
    notices.push({
      code: "score.weights_changed",
      message: `The weights have changed since ${last}, so its overall score does not compare with this one.`,
    })
  }
  return { notices, ...(changed.length === 0 ? {} : { clause: `the ${changed.join(" and ")} have changed since ${last}` }) }
}
