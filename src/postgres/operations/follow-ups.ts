import type { JsonValue } from "../../model/json-value.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import {
  anyText,
  instant,
  kind,
  list,
  milliseconds,
  needed,
  options as optionsKind,
  position,
  text,
  whole,
} from "../../options/option-kinds.ts"
import type { ResultRow } from "../connection/database.ts"
import { storableJson, storableText } from "../encode/storable-text.ts"
import type { FollowUpOutcome } from "../ledger/follow-ups.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/** A follow-up of a delivery that somebody has taken to do. */
export interface TakenFollowUp {
  /** Its number in `rowgate.outbox`. */
  readonly id: number
  /** The id of the delivery. For a duplicate it is not the id of a run. */
  readonly delivery: string
  /** The id of the run that it is about. For a duplicate, the run that loaded the same bytes before. */
  readonly run: string
  /** How the delivery ended. */
  readonly outcome: FollowUpOutcome
  /** The address of the file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version?: string
  /** What kind of work it is. */
  readonly topic: string
  /** What the work needs to know. */
  readonly payload: JsonValue
  /** When the delivery ended, by the database's clock. */
  readonly createdAt: Date
  /** How often it was taken, this time included. */
  readonly tries: number
  /** Why the last try failed. */
  readonly lastError?: string
}

/** Options of `takeFollowUps`. */
export interface TakeFollowUpsOptions {
  /** Only follow-ups of this topic. Default: of all. */
  readonly topic?: string | undefined
  /** Only follow-ups of this delivery. Default: of all. */
  readonly delivery?: string | undefined
  /** The greatest number to take. Default: 100. */
  readonly limit?: number | undefined
  /** Milliseconds, by the database's clock, during which nobody else takes them. Default: 60,000. */
  readonly leaseMs?: number | undefined
}

/** A copy of a delivered file. */
export interface FileCopy {
  /** Its address. */
  readonly uri: string
  /** Its version, if its store has versions. */
  readonly version?: string | undefined
}

/** Options of `finishFollowUp`. */
export interface FinishFollowUpOptions {
  /** Where the work has put a copy of the file. `purge` returns it once the rejects of the delivery are removed. Default: there is none. */
  readonly copy?: FileCopy | undefined
}

/** Options of `failFollowUp`. */
export interface FailFollowUpOptions {
  /** Milliseconds until it can be taken again. Default: 30,000 after the first try, twice as long after each further one, at most an hour. */
  readonly retryMs?: number | undefined
}

/** Options of `pruneFollowUps`. */
export interface PruneFollowUpsOptions {
  /** Removes follow-ups that were done before this instant. */
  readonly doneBefore: Date
  /** The greatest number to remove. Default: 10,000. */
  readonly limit?: number | undefined
}

const selected = `o.id::float8 AS id, o.delivery, o.run_id, o.outcome, o.uri, o.version, o.topic, o.payload::text AS payload,
  (extract(epoch FROM o.created_at) * 1000)::float8 AS created_at, o.tries, o.last_error`

/**
 * Takes open follow-ups, the oldest first, so that nobody else takes them before their lease is over. Do each of them, and then call `finishFollowUp`
 * or `failFollowUp`. If you do neither, they can be taken again. Throws `LEDGER_MISSING`, `SINK_UNREACHABLE`, or `SINK_REFUSED` if the user may not update them.
 */
export async function takeFollowUps(access: LedgerAccess, options: TakeFollowUpsOptions = {}): Promise<readonly TakenFollowUp[]> {
  checkAccess("takeFollowUps()", access)
  checkOptions("takeFollowUps()", options, { topic: text(), delivery: text(), limit: position(), leaseMs: milliseconds(1) })
  const { topic, delivery, limit = 100, leaseMs = 60_000 } = options
  const { rows } = await onLedger(access, (connection) =>
    connection.query(
      `UPDATE rowgate.outbox o SET tries = o.tries + 1, leased_until = clock_timestamp() + $4::float8 * interval '1 millisecond'
       FROM (SELECT id FROM rowgate.outbox
             WHERE done_at IS NULL AND (leased_until IS NULL OR leased_until < clock_timestamp())
               AND ($1::text IS NULL OR topic = $1) AND ($2::text IS NULL OR delivery = $2)
             ORDER BY id LIMIT $3::bigint FOR UPDATE SKIP LOCKED) AS due
       WHERE o.id = due.id RETURNING ${selected}`,
      [topic ?? null, delivery ?? null, limit, leaseMs],
    ),
  )
  return rows.map(takenFollowUp).sort((one, other) => one.id - other.id)
}

/** Marks a follow-up as done. Resolves with false if it was done before, or no longer exists. */
export async function finishFollowUp(access: LedgerAccess, id: number, options: FinishFollowUpOptions = {}): Promise<boolean> {
  checkAccess("finishFollowUp()", access)
  checkArgument("The id of finishFollowUp()", id, whole(1))
  checkOptions("finishFollowUp()", options, {
    copy: optionsKind<FileCopy>({ uri: needed(text("the address of the copy")), version: text() }),
  })
  const { rowCount } = await onLedger(access, (connection) =>
    connection.query(
      `UPDATE rowgate.outbox SET done_at = clock_timestamp(), leased_until = NULL, last_error = NULL, result = $2
       WHERE id = $1::bigint AND done_at IS NULL`,
      [id, options.copy === undefined ? null : storableJson(options.copy)],
    ),
  )
  return rowCount === 1
}

/**
 * Records why a try failed, so that it is tried again later. Resolves with false if somebody else has taken the follow-up since then, or it was done.
 */
export async function failFollowUp(
  access: LedgerAccess,
  followUp: Pick<TakenFollowUp, "id" | "tries">,
  reason: string,
  options: FailFollowUpOptions = {},
): Promise<boolean> {
  checkAccess("failFollowUp()", access)
  checkArgument("The follow-up of failFollowUp()", followUp, taken)
  checkArgument("The reason of failFollowUp()", reason, anyText())
  checkOptions("failFollowUp()", options, { retryMs: milliseconds() })
  const { id, tries } = followUp
  const { retryMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (tries - 1)) } = options
  const { rowCount } = await onLedger(access, (connection) =>
    connection.query(
      `UPDATE rowgate.outbox SET last_error = $3, leased_until = clock_timestamp() + $4::float8 * interval '1 millisecond'
       WHERE id = $1::bigint AND tries = $2::int AND done_at IS NULL`,
      [id, tries, storableText(reason), retryMs],
    ),
  )
  return rowCount === 1
}

/**
 * Whether another follow-up of the same topic is about the same version of the same file, and has made a copy or is older. Then the work is done, or is
 * the older one's to do.
 */
export async function isDoneElsewhere(access: LedgerAccess, { id, topic, uri, version }: TakenFollowUp): Promise<boolean> {
  const { rowCount } = await onLedger(access, (connection) =>
    connection.query(
      `SELECT FROM rowgate.outbox WHERE topic = $2 AND uri = $3 AND version = $4 AND (id < $1::bigint OR id > $1::bigint AND result IS NOT NULL) LIMIT 1`,
      [id, topic, uri, version ?? null],
    ),
  )
  return rowCount === 1
}

const taken = kind<Pick<TakenFollowUp, "id" | "tries">>(
  "a follow-up from takeFollowUps()",
  (value) => typeof value === "object" && value !== null && "id" in value && "tries" in value,
)

const firstRetryMs = 30_000
const longestRetryMs = 3_600_000

/**
 * Removes follow-ups that were done before an instant. Those with a copy of the file stay until `purge` has returned the copy and you have called
 * `forgetCopies`, unless their delivery has no rejects. Resolves with the number of removed follow-ups.
 */
export async function pruneFollowUps(access: LedgerAccess, options: PruneFollowUpsOptions): Promise<number> {
  checkAccess("pruneFollowUps()", access)
  checkOptions("pruneFollowUps()", options, { doneBefore: needed(instant()), limit: position() })
  const { doneBefore, limit = 10_000 } = options
  const { rowCount } = await onLedger(access, (connection) =>
    connection.query(
      `DELETE FROM rowgate.outbox WHERE id IN (
         SELECT o.id FROM rowgate.outbox o JOIN rowgate.run r ON r.id = o.run_id
         WHERE o.done_at < $1::timestamptz AND (o.result IS NULL OR r.rejected = 0) ORDER BY o.id LIMIT $2::bigint)`,
      [doneBefore.toISOString(), limit],
    ),
  )
  return rowCount
}

/** Forgets copies of files that `purge` has returned, after you have removed them. Resolves with how many there were. */
export async function forgetCopies(access: LedgerAccess, followUps: readonly number[]): Promise<number> {
  checkAccess("forgetCopies()", access)
  checkArgument("The follow-ups of forgetCopies()", followUps, list(whole(1), "a list of numbers of follow-ups"))
  const { rowCount } = await onLedger(access, (connection) =>
    connection.query("UPDATE rowgate.outbox SET result = NULL WHERE id = ANY ($1::bigint[]) AND result IS NOT NULL", [followUps]),
  )
  return rowCount
}

function takenFollowUp(row: ResultRow): TakenFollowUp {
  return {
    id: Number(row["id"]),
    delivery: String(row["delivery"]),
    run: String(row["run_id"]),
    // A check of the table allows only these.
    outcome: row["outcome"] as FollowUpOutcome,
    uri: String(row["uri"]),
    ...(typeof row["version"] === "string" ? { version: row["version"] } : {}),
    topic: String(row["topic"]),
    payload: JSON.parse(String(row["payload"])),
    createdAt: new Date(Number(row["created_at"])),
    tries: Number(row["tries"]),
    ...(typeof row["last_error"] === "string" ? { lastError: row["last_error"] } : {}),
  }
}
