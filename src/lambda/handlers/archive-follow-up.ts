import type { FollowUp } from "../../contract/delivery.ts"
import type { JsonValue } from "../../model/json-value.ts"
import type { PinnedObject } from "./manifest.ts"

/** What the archive step needs to know. */
export interface ArchiveWork extends PinnedObject {
  /** Bytes of the object. */
  readonly size: number
  /** The sha256 of the bytes in hex, if the loader knew it beforehand. */
  readonly sha256?: string | undefined
  /** The manifest of the delivery, if it was split into parts. */
  readonly manifest?: string | undefined
}

/** The topic of the work that follows each delivery. Pipelines may share a ledger, but each has buckets of its own. */
export function archiveTopic(pipeline: string): string {
  return `archive ${pipeline}`
}

/** The entry of the outbox that asks for an object to be archived. */
export function archiveFollowUp(
  pipeline: string,
  { object, size, sha256 }: { readonly object: PinnedObject; readonly size: number; readonly sha256?: string },
  manifest?: string,
): FollowUp {
  const work: ArchiveWork = { ...object, size, sha256, manifest }
  // Properties that are undefined are no JSON.
  return { topic: archiveTopic(pipeline), payload: JSON.parse(JSON.stringify(work)) }
}

/** The work of an entry. Only these functions write such entries. */
export function archiveWork(payload: JsonValue): ArchiveWork {
  return payload as unknown as ArchiveWork
}
