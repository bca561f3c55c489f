import { RowgateError } from "../../errors/rowgate-error.ts"

/** Something that the sweeper could not do. It goes on with the rest, and tries again with the next call. */
export interface SweepFailure {
  /** What it was about: an object, a folder, or a step. */
  readonly subject: string
  /** The code of the error, if it has one. */
  readonly code?: string
  /** What went wrong. */
  readonly message: string
}

/** What a sweep found and did. */
export interface SweepReport {
  /** Whether it looked at everything. If not, the next call goes on where this one stopped. */
  readonly finished: boolean
  /** Objects in the landing buckets that were looked at: those older than `graceMs`. */
  readonly seen: number
  /** Of these, objects that wait for a delivery which nobody is at work on. */
  readonly found: number
  /** Of these, objects whose delivery was started. */
  readonly started: number
  /** Objects that were moved to the archive as failed, after too many tries. */
  readonly poisoned: number
  /** Follow-ups that were done, such as objects that were archived. */
  readonly followedUp: number
  /** Follow-ups that failed. They are tried again later. */
  readonly followUpsFailed: number
  /** Deliveries that were marked as failed, because their processes were lost. */
  readonly lostRuns: number
  /** Deliveries whose staged rows were removed. */
  readonly staging: number
  /** Deliveries whose objects in the processing storage were removed. */
  readonly cleanedDeliveries: number
  /** Objects that were removed from the processing storage. */
  readonly cleanedObjects: number
  /** How often something failed, and the first ten of these failures. */
  readonly failures: { readonly count: number; readonly first: readonly SweepFailure[] }
}

type Counted = Exclude<keyof SweepReport, "finished" | "failures">

const mostShown = 10

/** Counts what a sweep does. */
export class SweepCounts {
  readonly #counts: Record<Counted, number> = {
    seen: 0,
    found: 0,
    started: 0,
    poisoned: 0,
    followedUp: 0,
    followUpsFailed: 0,
    lostRuns: 0,
    staging: 0,
    cleanedDeliveries: 0,
    cleanedObjects: 0,
  }
  readonly #first: SweepFailure[] = []
  #failures = 0

  get started(): number {
    return this.#counts.started
  }

  add(what: Counted, times = 1): void {
    this.#counts[what] += times
  }

  failed(subject: string, error: unknown): void {
    this.#failures++
    if (this.#first.length === mostShown) return
    const code = error instanceof RowgateError ? { code: error.code } : {}
    this.#first.push({ subject, ...code, message: error instanceof Error ? error.message : String(error) })
  }

  report(finished: boolean): SweepReport {
    return { finished, ...this.#counts, failures: { count: this.#failures, first: this.#first } }
  }
}
