import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { list, milliseconds, needed, options as optionsKind, text } from "../../options/option-kinds.ts"
import { storableText } from "../encode/storable-text.ts"
import { defaultStaleMs } from "../ledger/concurrency-options.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"
import type { RunStatus } from "./stored-runs.ts"

/** A file to ask the ledger about. */
export interface FileQuestion {
  /** The address of the file. */
  readonly uri: string
  /** Its version. Default: any. */
  readonly version?: string | undefined
}

/** What the ledger knows about a file. */
export interface FileState {
  /** The address of the file. */
  readonly uri: string
  /** The version that was asked for. */
  readonly version?: string
  /** The id of the run that tells most about the file; for a duplicate, the run that loaded the same bytes. Not there if the ledger does not know the file. */
  readonly run?: string
  /** The status of that run, or `"duplicate"`. */
  readonly status?: RunStatus | "duplicate"
  /** How many follow-ups of its deliveries are still to do. */
  readonly openFollowUps: number
  /** How many of them are done. Follow-ups that were pruned do not count. */
  readonly doneFollowUps: number
}

/** Options of `fileStates`. */
export interface FileStatesOptions {
  /** Only deliveries of this pipeline. Default: of all. */
  readonly pipeline?: string | undefined
  /** Only follow-ups of this topic. Default: of all. */
  readonly topic?: string | undefined
  /** Milliseconds without a heartbeat, by the database's clock, after which a running delivery counts as lost. Default: 30,000, as for loads. */
  readonly staleMs?: number | undefined
}

/** If a file was delivered more than once, the first of these counts. */
const byWeight: readonly FileState["status"][] = ["running", "committed", "replaced", "duplicate", "refused", "lost", "failed"]

/**
 * Tells for each file whether the ledger knows it, and what became of it, in the order of the files. A running delivery counts most, then one
 * that was loaded, then a duplicate, a refused one, and a failed one. Throws `LEDGER_MISSING` or `SINK_UNREACHABLE`.
 */
export async function fileStates(
  access: LedgerAccess,
  files: readonly FileQuestion[],
  options: FileStatesOptions = {},
): Promise<readonly FileState[]> {
  checkAccess("fileStates()", access)
  const file = optionsKind<FileQuestion>({ uri: needed(text("the address of a file")), version: text() })
  checkArgument("The files of fileStates()", files, list(file, "a list of files"))
  checkOptions("fileStates()", options, { pipeline: text(), topic: text(), staleMs: milliseconds() })
  const { pipeline, topic, staleMs = defaultStaleMs } = options
  const versionOf = (version: string | undefined) => (version === undefined ? null : storableText(version))
  const { rows } = await onLedger(access, (connection) =>
    connection.query(
      `SELECT best.id AS run, best.status, follow.open::float8 AS open, follow.done::float8 AS done
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS f (uri, version, n)
       LEFT JOIN LATERAL (
         SELECT * FROM (
           SELECT r.id, CASE WHEN r.status = 'running' AND r.heartbeat_at < clock_timestamp() - $3::float8 * interval '1 millisecond'
                             THEN 'lost' ELSE r.status END AS status, r.started_at AS at
           FROM rowgate.run r
           WHERE r.uri = f.uri AND (f.version IS NULL OR r.version = f.version) AND ($4::text IS NULL OR r.pipeline = $4)
           UNION ALL
           SELECT o.run_id, 'duplicate', o.created_at FROM rowgate.outbox o JOIN rowgate.run r ON r.id = o.run_id
           WHERE o.outcome = 'duplicate' AND o.uri = f.uri AND (f.version IS NULL OR o.version = f.version)
             AND ($4::text IS NULL OR r.pipeline = $4)) AS found
         ORDER BY array_position($6::text[], found.status), found.at DESC LIMIT 1) AS best ON true
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE o.done_at IS NULL) AS open, count(*) FILTER (WHERE o.done_at IS NOT NULL) AS done
         FROM rowgate.outbox o JOIN rowgate.run r ON r.id = o.run_id
         WHERE o.uri = f.uri AND (f.version IS NULL OR o.version = f.version)
           AND ($4::text IS NULL OR r.pipeline = $4) AND ($5::text IS NULL OR o.topic = $5)) AS follow
       ORDER BY f.n`,
      [
        files.map(({ uri }) => storableText(uri)),
        files.map(({ version }) => versionOf(version)),
        staleMs,
        pipeline ?? null,
        topic ?? null,
        byWeight,
      ],
    ),
  )
  return files.map(({ uri, version }, at) => {
    const { run, status, open, done } = rows[at] ?? {}
    return {
      uri,
      ...(version === undefined ? {} : { version }),
      // A check of the tables allows only these, and the query adds the others.
      ...(typeof run === "string" ? { run, status: status as Exclude<FileState["status"], undefined> } : {}),
      openFollowUps: Number(open),
      doneFollowUps: Number(done),
    }
  })
}
