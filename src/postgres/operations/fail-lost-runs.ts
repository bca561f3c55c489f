import { checkOptions } from "../../options/check-options.ts"
import { milliseconds, text } from "../../options/option-kinds.ts"
import { defaultStaleMs } from "../ledger/concurrency-options.ts"
import { failSilentRuns } from "../ledger/take-over-stale-run.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/** Options of `failLostRuns`. */
export interface FailLostRunsOptions {
  /** Milliseconds without a heartbeat, by the database's clock, after which a running delivery counts as lost. Default: 30,000, as for loads. */
  readonly staleMs?: number | undefined
  /** Only deliveries of this pipeline. Default: of all. */
  readonly pipeline?: string | undefined
}

/**
 * Marks deliveries as failed whose processes were lost, so that they can no longer commit, and ends what is left of their connections. A delivery whose
 * connection is at work is not lost, even without heartbeats. Resolves with the ids of the deliveries. Throws `LEDGER_MISSING`, `SINK_UNREACHABLE`, or
 * `SINK_REFUSED` if the user may not change the ledger.
 */
export async function failLostRuns(access: LedgerAccess, options: FailLostRunsOptions = {}): Promise<readonly string[]> {
  checkAccess("failLostRuns()", access)
  checkOptions("failLostRuns()", options, { staleMs: milliseconds(), pipeline: text() })
  const { staleMs = defaultStaleMs, pipeline } = options
  return onLedger(access, (connection) => failSilentRuns(connection, staleMs, pipeline))
}
