import { createHash } from "node:crypto"
import { s3Storage } from "../../sources/s3/s3-storage.ts"
import { archiveKey } from "../archive/archive-key.ts"
import { archiveObject } from "../archive/archive-object.ts"
import type { SweptFile } from "./sweep-ledger.ts"
import type { Sweeping, SweptObject } from "./sweep-options.ts"
import { fileId } from "./tries.ts"

/** The end of the key of the object that says why another one was set aside. */
const reasonEnding = ".reason.json"

/**
 * Moves an object that fails again and again to the archive, so that it is not tried for ever. The reason is written first, beside the place of the
 * object, and recorded in the ledger last. Interrupted anywhere, the next sweep does it again.
 */
export async function setAside<F>(sweeping: Sweeping<F>, object: SweptObject, at: Date, reason: string): Promise<void> {
  const { archive, pipeline, ledger, signal } = sweeping
  const deliveryId = deliveryIdOf(object)
  const key = archiveKey({ prefix: archive.prefix, outcome: "failed", pipeline, at, deliveryId, key: object.key })
  const { uri, version, bucket, versionId, etag, size } = object
  const text = JSON.stringify({ uri, version, size, deliveryId, tries: sweeping.maxTries, reason, setAsideAt: sweeping.now.toISOString() })
  await s3Storage({ ...archive.s3, bucket: archive.bucket }).write(`${key}${reasonEnding}`, [Buffer.from(`${text}\n`)])
  await archiveObject({
    ...archive.s3,
    source: { bucket, key: object.key, versionId, etag, size },
    to: { bucket: archive.bucket, key },
    unconditionalDelete: archive.unconditionalDelete,
    signal,
  })
  await ledger.recordFailure(object, reason)
}

/** A UUID for an object that never became a delivery, the same in each call. */
export function deliveryIdOf(file: SweptFile): string {
  const hex = createHash("sha256").update(fileId(file)).digest("hex")
  // Version 8 of RFC 9562: bits of our own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
