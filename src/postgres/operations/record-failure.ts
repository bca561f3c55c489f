import type { FollowUp } from "../../contract/delivery.ts"
import { checkOptions } from "../../options/check-options.ts"
import { anyText, kind, list, needed, text } from "../../options/option-kinds.ts"
import { storableText } from "../encode/storable-text.ts"
import { storeFollowUps } from "../ledger/follow-ups.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"
import type { RunStatus } from "./stored-runs.ts"

/** A delivery that failed, perhaps before it reached a sink. */
export interface FailedDelivery {
  /** Its UUID. */
  readonly id: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** The table with its schema: `public.orders`. Default: an empty text, if it is not known. */
  readonly target?: string | undefined
  /** The address of the file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version?: string | undefined
  /** Why it failed. It must not quote values of rows. */
  readonly reason: string
  /** The id of the call that it belonged to. Default: its own id. */
  readonly invocation?: string | undefined
  /** What has to happen now. Recorded together with the failure. Default: nothing. */
  readonly after?: readonly FollowUp[] | undefined
}

/**
 * Records in the ledger that a delivery failed, and why, if nothing else does. A load of this delivery that is still running can then no longer
 * commit. If it was loaded or refused before, its entry stays as it is. Resolves with the status that the ledger has now. Throws `LEDGER_MISSING`,
 * `SINK_UNREACHABLE`, or `SINK_REFUSED` if the user may not write to the ledger.
 */
export async function recordFailure(access: LedgerAccess, delivery: FailedDelivery): Promise<Exclude<RunStatus, "lost">> {
  checkAccess("recordFailure()", access)
  checkOptions<FailedDelivery>("recordFailure()", delivery, {
    id: needed(text("the id of a delivery")),
    pipeline: needed(text("the name of a pipeline")),
    target: anyText(),
    uri: needed(text("the address of a file")),
    version: text(),
    reason: needed(anyText()),
    invocation: text(),
    after: list(followUp, "a list of follow-ups"),
  })
  const { id, pipeline, target = "", reason, invocation = id, after } = delivery
  const uri = storableText(delivery.uri)
  const version = delivery.version === undefined ? undefined : storableText(delivery.version)
  return onLedger(access, async (connection) => {
    await connection.query("BEGIN")
    try {
      await connection.query(
        `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, uri, version, mode, status, reason, token, finished_at)
         VALUES ($1, $2, $3, $4, '', $5, $6, '', 'failed', $7, nextval('rowgate.token'), clock_timestamp())
         ON CONFLICT (id) DO UPDATE SET status = 'failed', reason = excluded.reason, token = excluded.token, finished_at = excluded.finished_at
         WHERE run.status IN ('running', 'failed')`,
        [id, invocation, storableText(pipeline), target, uri, version ?? null, storableText(reason)],
      )
      const { rows } = await connection.query("SELECT status FROM rowgate.run WHERE id = $1", [id])
      // A check of the table allows only these.
      const status = rows[0]?.["status"] as Exclude<RunStatus, "lost">
      if (status === "failed") await storeFollowUps(connection, { id, uri, version, after }, id, "failed")
      await connection.query("COMMIT")
      return status
    } catch (error) {
      await connection.query("ROLLBACK").catch(() => undefined)
      throw error
    }
  })
}

const followUp = kind<FollowUp>(
  "an object with a topic and a payload",
  (value) => typeof value === "object" && value !== null && "topic" in value && typeof value.topic === "string" && "payload" in value,
)
