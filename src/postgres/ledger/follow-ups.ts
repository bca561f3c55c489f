import type { Delivery } from "../../contract/delivery.ts"
import type { Queryable } from "../connection/database.ts"
import { storableJson } from "../encode/storable-text.ts"

/** How a delivery ended that has follow-ups. */
export type FollowUpOutcome = "committed" | "refused" | "duplicate" | "failed"

/** A delivery with its follow-ups. */
export type FollowedDelivery = Pick<Delivery, "id" | "uri" | "version" | "after">

/**
 * Writes the follow-ups of a delivery to the outbox. `run` is the entry in the ledger that they are about; for a duplicate, that of the earlier delivery. An
 * equal entry that is still open is not written again, because a call of a function may be repeated. Nor is one for a duplicate that is the same version of
 * the same file as the earlier delivery, while that delivery's own entry is open.
 */
export async function storeFollowUps(
  asker: Queryable,
  { id, uri, version, after = [] }: FollowedDelivery,
  run: string,
  outcome: FollowUpOutcome,
): Promise<void> {
  if (after.length === 0) return
  await asker.query(
    `INSERT INTO rowgate.outbox (run_id, delivery, outcome, uri, version, topic, payload)
     SELECT $1, $2, $3, $4, $5, f ->> 'topic', f -> 'payload' FROM jsonb_array_elements($6::jsonb) WITH ORDINALITY AS given (f, n)
     WHERE NOT EXISTS (SELECT FROM rowgate.outbox o
                       WHERE o.delivery = $2 AND o.run_id = $1 AND o.outcome = $3 AND o.done_at IS NULL
                         AND o.topic = f ->> 'topic' AND o.payload = f -> 'payload')
       AND NOT ($3 = 'duplicate' AND EXISTS (SELECT FROM rowgate.outbox o
                                             WHERE o.run_id = $1 AND o.uri = $4 AND o.version = $5 AND o.topic = f ->> 'topic' AND o.done_at IS NULL))
     ORDER BY n`,
    [run, id, outcome, uri, version ?? null, storableJson(after)],
  )
}
