import { dimensions } from "../../model/dimension.ts"
import type { DeliveryTrace } from "../../pipeline/trace/trace-messages.ts"
import type { Metric } from "./metrics-target.ts"

/** How a delivery ended, as far as it is known. A `DeliveryTrace` has all of it. */
export interface EndedDelivery extends Pick<DeliveryTrace, "outcome" | "counts" | "score" | "size"> {
  /** The UUID of the delivery. */
  readonly deliveryId?: string | undefined
  /** The URI of the file. */
  readonly uri?: string | undefined
}

/** The metrics of a delivery. Without an outcome, it failed. The bytes of a duplicate or of a failed delivery may not have been read. */
export function deliveryMetrics({ outcome, counts, score, size }: EndedDelivery): readonly Metric[] {
  const scores = dimensions.flatMap((name) => {
    const value = score?.dimensions[name]?.score
    return value === undefined ? [] : [{ name: `Score${capital(name)}`, unit: "None" as const, value }]
  })
  const known: readonly (Omit<Metric, "value"> & { readonly value: number | null | undefined })[] = [
    { name: `Deliveries${capital(outcome ?? "failed")}`, unit: "Count", value: 1 },
    { name: "RowsRead", unit: "Count", value: counts?.read },
    { name: "RowsLoaded", unit: "Count", value: counts?.loaded },
    { name: "RowsRejected", unit: "Count", value: counts?.rejected },
    { name: "BytesRead", unit: "Bytes", value: counts === undefined || outcome === "duplicate" ? undefined : size },
    { name: "Score", unit: "None", value: score?.overall },
    ...scores,
  ]
  return known.flatMap(({ value, ...metric }) => (value == null || !Number.isFinite(value) ? [] : [{ ...metric, value }]))
}

function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}
