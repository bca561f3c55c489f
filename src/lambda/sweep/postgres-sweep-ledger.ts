import { dropStaleParts } from "../../postgres/operations/drop-stale-parts.ts"
import { failLostRuns } from "../../postgres/operations/fail-lost-runs.ts"
import { fileStates } from "../../postgres/operations/file-states.ts"
import { type TakenFollowUp, takeFollowUps } from "../../postgres/operations/follow-ups.ts"
import type { LedgerAccess } from "../../postgres/operations/ledger-access.ts"
import { recordFailure } from "../../postgres/operations/record-failure.ts"
import { storedRuns } from "../../postgres/operations/stored-runs.ts"
import { deliveryIdOf } from "./set-aside.ts"
import type { SweepLedger } from "./sweep-ledger.ts"

/** Options of `postgresSweepLedger`. */
export interface PostgresSweepLedgerOptions {
  /** The pipeline's name. */
  readonly pipeline: string
  /** The topic of the follow-ups that the sweeper does. */
  readonly topic: string
  /** Milliseconds, by the database's clock, during which nobody else does a follow-up that was taken. Longer than one takes. Default: 900,000. */
  readonly leaseMs?: number | undefined
}

/** The ledger in PostgreSQL for one pipeline, as the sweeper uses it. */
export function postgresSweepLedger(
  access: LedgerAccess,
  { pipeline, topic, leaseMs = 15 * 60_000 }: PostgresSweepLedgerOptions,
): SweepLedger<TakenFollowUp> {
  return {
    async states(files) {
      const questions = files.map(({ uri, version }) => ({ uri, version }))
      return questions.length === 0 ? [] : fileStates(access, questions, { pipeline, topic })
    },
    failLostRuns: async () => (await failLostRuns(access, { pipeline })).length,
    takeFollowUps: (limit) => takeFollowUps(access, { topic, limit, leaseMs }),
    dropStaging: async (idleMs) => (await dropStaleParts(access, { olderThanMs: idleMs })).length,
    async lastFailure({ uri, version }) {
      // The latest runs come first.
      for await (const run of storedRuns(access, { pipeline, uri, status: "failed" }))
        if (version === undefined || run.version === version) return run.reason
      return undefined
    },
    async recordFailure(file, reason) {
      await recordFailure(access, { id: deliveryIdOf(file), pipeline, uri: file.uri, version: file.version, reason })
    },
  }
}
