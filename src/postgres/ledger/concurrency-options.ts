import type { AnyLoadOptions } from "../load-modes.ts"

/** Milliseconds without a heartbeat after which a run counts as dead. */
export const defaultStaleMs = 30_000

/** How a load behaves towards other loads, with the defaults filled in. */
export interface ConcurrencyOptions {
  /** Milliseconds between two heartbeats. */
  readonly heartbeatMs: number
  /** Milliseconds without a heartbeat, by the database's clock, after which another run takes the load over. */
  readonly staleMs: number
  readonly whileRunning: "wait" | "fail"
}

export function concurrencyOptions(options: AnyLoadOptions): ConcurrencyOptions {
  const { heartbeatMs = 5_000, staleMs = defaultStaleMs, whileRunning = "wait" } = options
  return { heartbeatMs, staleMs, whileRunning }
}
