import { createHash } from "node:crypto"
import type { Delivery } from "../../../contract/delivery.ts"
import type { TargetTable } from "../target/target-table.ts"

/** What may be committed once, and the lock that stands for it. */
export interface Identity {
  /** Hex. */
  readonly hash: string
  /** A bigint, as text. */
  readonly lock: string
}

/**
 * The identity of a delivery: pipeline, target and content. Where the same content may come again (`onSameContent: "load"`), the
 * file's name and version belong to it, so that a second event of the same file is still known.
 */
export function contentIdentity(delivery: Delivery, target: TargetTable, sha256: string, onSameContent: "skip" | "load"): Identity {
  const file = onSameContent === "load" ? [delivery.uri, delivery.version ?? null] : []
  return identityOf(["content", delivery.pipeline, target.database, target.schema, target.table, sha256, ...file])
}

/** Stands for a file whose content is not known yet. */
export function fileIdentity(delivery: Delivery, target: TargetTable): Identity {
  return identityOf(["file", delivery.pipeline, target.database, target.schema, target.table, delivery.uri, delivery.version ?? null])
}

/** The lock of a table that one load at a time may rewrite. */
export function targetIdentity(target: TargetTable): Identity {
  return identityOf(["target", target.database, target.schema, target.table])
}

function identityOf(parts: readonly (string | null)[]): Identity {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest()
  return { hash: digest.toString("hex"), lock: digest.readBigInt64BE().toString() }
}
