import { createHash } from "node:crypto"
import type { Delivery } from "../../contract/delivery.ts"
import type { TargetTable } from "../target/target-table.ts"

/** Something that may be committed once, and its advisory lock. */
export interface Identity {
  /** Hex. */
  readonly hash: string
  /** A bigint, as text. */
  readonly lock: string
}

/**
 * The identity of a delivery: the pipeline, the target, the content, and the table of the file. With `onSameContent: "load"` it also includes the
 * file's name and version, so that the same version of the same file is still loaded only once.
 */
export function contentIdentity(delivery: Delivery, target: TargetTable, sha256: string, onSameContent: "skip" | "load"): Identity {
  const file = onSameContent === "load" ? [delivery.uri, delivery.version ?? null] : []
  return identityOf(["content", ...placeOf(delivery, target), sha256, delivery.sourceTable ?? null, ...file])
}

/** The identity of a file whose content is not known yet. */
export function fileIdentity(delivery: Delivery, target: TargetTable): Identity {
  return identityOf(["file", ...placeOf(delivery, target), delivery.uri, delivery.version ?? null, delivery.sourceTable ?? null])
}

/** The lock of a file whose versions are loaded one after another. */
export function versionsIdentity(delivery: Delivery, target: TargetTable): Identity {
  return identityOf(["versions", ...placeOf(delivery, target), delivery.uri, delivery.sourceTable ?? null])
}

/** The lock of a delivery's rejects, for one correction at a time. */
export function correctionIdentity(run: string): Identity {
  return identityOf(["corrects", run])
}

/** The lock of a table, for one load at a time that rewrites it. */
export function targetIdentity(target: TargetTable): Identity {
  return identityOf(["target", target.schema, target.table])
}

/** The lock of a table, for one load at a time that merges into it. */
export function mergeIdentity({ schema, table }: Pick<TargetTable, "schema" | "table">): Identity {
  return identityOf(["merge", schema, table])
}

/**
 * The database is not part of it: the ledger and its locks are in the database, which may be renamed. The corrected delivery is, because the same
 * cells may correct rejects of two deliveries.
 */
function placeOf({ pipeline, corrects }: Delivery, { schema, table }: TargetTable): readonly string[] {
  return [pipeline, schema, table, ...(corrects === undefined ? [] : ["corrects", corrects.delivery])]
}

function identityOf(parts: readonly (string | null)[]): Identity {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest()
  return { hash: digest.toString("hex"), lock: digest.readBigInt64BE().toString() }
}
