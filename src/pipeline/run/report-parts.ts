import type { Delivery } from "../../contract/delivery.ts"
import type { SinkSession } from "../../contract/sink.ts"
import { type DeliveryOutcome, type DeliveryReport, noRows } from "../../model/run-report.ts"
import type { AnyRow } from "../build/definition.ts"
import type { RejectBudget } from "../build/pipeline-options.ts"
import type { DeliveryCounts } from "./delivery-counts.ts"

/** Why the rejects are too many: one sentence for each limit that they exceed. */
export function overBudget(
  { read, rejected }: DeliveryCounts,
  { rows = Number.POSITIVE_INFINITY, share = 1 }: RejectBudget = {},
): readonly string[] {
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`
  const most = rejected > rows ? [`${rejected} rows were rejected, and may be at most ${rows}`] : []
  return rejected > share * read
    ? [...most, `${percent(rejected / read)} of the rows were rejected, and may be at most ${percent(share)}`]
    : most
}

/** Where every row ended. Good rows of a delivery that is not loaded are withheld, whatever the target would have made of them. */
export function ending(
  counts: DeliveryCounts,
  settled: { readonly loaded: number; readonly superseded: number; readonly skipped: number },
  outcome: DeliveryOutcome,
) {
  const { read, rejected, filtered, passed } = counts
  if (outcome !== "loaded") return { ...noRows, read, rejected, filtered, withheld: passed }
  const { loaded, superseded, skipped } = settled
  return { ...noRows, read, rejected, filtered, loaded, superseded, skipped }
}

export function head({ id, uri, version, sourceTable }: Delivery, sha256: string) {
  return {
    deliveryId: id,
    uri,
    sha256,
    ...(version === undefined ? {} : { version }),
    ...(sourceTable === undefined ? {} : { sourceTable }),
  }
}

export function duplicate(
  delivery: Delivery,
  sha256: string,
  duplicateOf: string,
  target: SinkSession<AnyRow> | undefined,
): DeliveryReport {
  const reason = `these bytes were loaded before, by the delivery ${duplicateOf}`
  // The ledger has no entry of this delivery: whoever looks it up finds the one that loaded the bytes.
  const known = { ...delivery, id: duplicateOf }
  return { ...unread(known, sha256, { outcome: "duplicate", duplicateOf, reason }), notices: target?.notices ?? [] }
}

/** The report of a delivery whose rows were not looked at. */
export function unread(
  delivery: Delivery,
  sha256: string,
  end: Pick<DeliveryReport, "outcome" | "reason" | "duplicateOf">,
): DeliveryReport {
  return { ...head(delivery, sha256), ...noRows, ...end, issues: {}, notices: [], plan: {}, score: undefined }
}
