import { createHash } from "node:crypto"
import type { Delivery } from "../../contract/delivery.ts"
import type { TargetTable } from "../target/target-table.ts"

/** What may be committed once, and the lock that stands for it. */
export interface Identity {
  /** Hex. */
  readonly hash: string
  /** A bigint, as text. */
  readonly lock: string
}

/**
 * The identity of a delivery: pipeline, target, content, and which table of it. With `onSameContent: "load"` the file's name and version belong
 * to it as well, so that a second event of the same file is still recognised.
 */
export function contentIdentity(delivery: Delivery, target: TargetTable, sha256: string, onSameContent: "skip" | "load"): Identity {
  const file = onSameContent === "load" ? [delivery.uri, delivery.version ?? null] : []
  return identityOf(["content", ...placeOf(delivery, target), sha256, delivery.sourceTable ?? null, ...file])
}

/** Stands for a file whose content is not known yet. */
export function fileIdentity(delivery: Delivery, target: TargetTable): Identity {
  return identityOf(["file", ...placeOf(delivery, target), delivery.uri, delivery.version ?? null, delivery.sourceTable ?? null])
}

/** The lock of a file whose versions are loaded one after another. */
export function versionsIdentity(delivery: Delivery, target: TargetTable): Identity {
  return identityOf(["versions", ...placeOf(delivery, target), delivery.uri, delivery.sourceTable ?? null])
}

/** The lock of a delivery's rejects, which one correction at a time may bring. */
export function correctionIdentity(run: string): Identity {
  return identityOf(["corrects", run])
}

/** The lock of a table that one load at a time may rewrite. */
export function targetIdentity(target: TargetTable): Identity {
  return identityOf(["target", target.schema, target.table])
}

/** The lock of a table that one load at a time may merge into. */
export function mergeIdentity({ schema, table }: Pick<TargetTable, "schema" | "table">): Identity {
  return identityOf(["merge", schema, table])
}

/**
 * The database is not named: the ledger and its locks are inside it, and know their deliveries by another name of the database too. The same
 * cells may correct rejects of two deliveries.
 */
function placeOf({ pipeline, corrects }: Delivery, { schema, table }: TargetTable): readonly string[] {
  return [pipeline, schema, table, ...(corrects === undefined ? [] : ["corrects", corrects.delivery])]
}

function identityOf(parts: readonly (string | null)[]): Identity {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest()
  return { hash: digest.toString("hex"), lock: digest.readBigInt64BE().toString() }
}
