import type { Reject } from "../../model/reject.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import type { TableProfile } from "../../profile/table-profile.ts"
import type { PageRedaction } from "./redaction.ts"

/** A delivery, and what the page knows of it besides its report. */
export interface PageDelivery {
  /** Begins the ids of its sections; unique in the page. */
  readonly id: string
  /** The name of its file. */
  readonly file: string
  readonly delivery: DeliveryReport
  /** The profile of its table. */
  readonly profile: TableProfile | undefined
  /** Some of its rejects, the first ones. */
  readonly rejects: readonly Reject[]
  readonly redaction: PageRedaction
  /** The share of the page's bytes that it may take, 0 to 1. */
  readonly share: number
}
