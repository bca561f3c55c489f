import { createHash } from "node:crypto"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { type ObjectVersion, readObject, versionIdOf } from "../../sources/s3/read-object.ts"
import type { S3Connection } from "../../sources/s3/s3-connection.ts"
import type { ObjectHead } from "./object-head.ts"

/**
 * What showed that a copy has the bytes of its source: the sha256 of the delivery, equal checksums or equal etags of the service, or both read again.
 * `"earlier"`: the source is gone, because an earlier attempt verified the copy and removed it.
 */
export type CopyProof = "sha256" | "checksum" | "etag" | "bytes" | "earlier"

/** A copy and what it must be equal to. */
export interface CopyToVerify {
  readonly copy: ObjectVersion & { readonly head: ObjectHead }
  readonly source: ObjectVersion & { readonly size?: number | undefined; readonly sha256?: string | undefined }
  /** The source, if it still exists. */
  readonly original: ObjectHead | undefined
}

const checksums = ["ChecksumCRC64NVME", "ChecksumSHA256", "ChecksumCRC32C", "ChecksumCRC32", "ChecksumSHA1"] as const

/** Proves that a copy has the bytes of its source, from what the service knows if possible. Throws `ARCHIVE_MISMATCH` if it has others. */
export async function verifyCopy(
  connection: S3Connection,
  { copy, source, original }: CopyToVerify,
  signal: AbortSignal | undefined,
): Promise<CopyProof> {
  const { head } = copy
  const size = source.size ?? original?.ContentLength
  if (size !== undefined && head.ContentLength !== undefined && size !== head.ContentLength)
    throw mismatch(copy, source, `it has ${head.ContentLength} bytes instead of ${size}`)
  const sha256 = wholeSha256(head)
  if (source.sha256 !== undefined && sha256 !== undefined) {
    if (sha256 !== source.sha256) throw mismatch(copy, source, `its sha256 is ${sha256} instead of ${source.sha256}`)
    return "sha256"
  }
  const algorithm = checksums.find((name) => isWhole(head[name]) && isWhole(original?.[name]))
  if (algorithm !== undefined && original !== undefined) {
    if (head[algorithm] !== original[algorithm]) throw mismatch(copy, source, `its ${algorithm} differs`)
    return "checksum"
  }
  const etag = original?.ETag ?? source.etag
  if (etag !== undefined && etag === head.ETag) return "etag"
  if (original === undefined) return "earlier"
  const found = await sha256Of(connection, { ...copy, versionId: versionIdOf(head.VersionId), etag: head.ETag }, signal)
  const expected = source.sha256 ?? (await sha256Of(connection, { ...source, etag: original.ETag }, signal))
  if (found !== expected) throw mismatch(copy, source, `its sha256 is ${found} instead of ${expected}`)
  return "bytes"
}

/** The checksum of an object that was uploaded in parts covers the checksums of its parts, unless it is of the whole. */
function isWhole(checksum: string | undefined): boolean {
  return checksum !== undefined && !checksum.includes("-")
}

function wholeSha256({ ChecksumSHA256: checksum }: ObjectHead): string | undefined {
  return checksum === undefined || !isWhole(checksum) ? undefined : Buffer.from(checksum, "base64").toString("hex")
}

async function sha256Of(connection: S3Connection, object: ObjectVersion, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256")
  for await (const chunk of readObject(async () => connection, object, { start: 0 }, signal)) hash.update(chunk)
  return hash.digest("hex")
}

function mismatch(copy: ObjectVersion, source: ObjectVersion, why: string): RowgateError {
  const uri = `s3://${copy.bucket}/${copy.key}`
  return new RowgateError({
    code: "ARCHIVE_MISMATCH",
    message: `${uri} is not a copy of s3://${source.bucket}/${source.key}: ${why}.`,
    remedy: "Find out what wrote the object in the archive, move it away, and run the archive step again.",
    origin: { uri },
  })
}
