import type {
  CreateMultipartUploadCommandOutput,
  GetObjectTaggingCommandOutput,
  HeadObjectCommandOutput,
  UploadPartCopyCommandOutput,
} from "@aws-sdk/client-s3"
import pLimit from "p-limit"
import type { ObjectVersion } from "./read-object.ts"
import type { S3Connection } from "./s3-connection.ts"
import { isConditionFailed, isMissing, isNotImplemented } from "./s3-errors.ts"
import { send } from "./send.ts"

/** The place of a copy. */
export interface ObjectPlace {
  readonly bucket: string
  readonly key: string
}

/** Options of `copyObject`. */
export interface CopyObjectOptions {
  readonly signal?: AbortSignal | undefined
  /** The greatest object that one request copies, and the size of the parts of a greater one. Default: 5 GiB, as S3 allows, and parts of 512 MiB. */
  readonly partBytes?: number | undefined
}

const mostBytes = 5 * 1024 ** 3
const defaultPartBytes = 512 * 1024 ** 2
const mostParts = 10_000
const partsAtOnce = 8
/** Copies are faster than the slowest upload that is waited for. */
const patience = 0.01

/**
 * Copies one version of an object within the service, with its metadata and tags, unless there is an object in its place. The service computes
 * a sha256 of a copy that takes one request. Returns false if the source is no longer there with its etag, or if there is an object in its place;
 * look to find out. Throws errors as the SDK throws them.
 */
export async function copyObject(
  connection: S3Connection,
  source: ObjectVersion & { readonly head: HeadObjectCommandOutput },
  to: ObjectPlace,
  options: CopyObjectOptions = {},
): Promise<boolean> {
  const size = source.head.ContentLength ?? 0
  try {
    if (size <= (options.partBytes ?? mostBytes)) await copyWhole(connection, source, to, options)
    else await copyParts(connection, source, to, options)
    return true
  } catch (error) {
    if (isConditionFailed(error) || isMissing(error)) return false
    throw error
  }
}

type Source = ObjectVersion & { readonly head: HeadObjectCommandOutput }

async function copyWhole(connection: S3Connection, source: Source, to: ObjectPlace, { signal }: CopyObjectOptions): Promise<void> {
  const { sdk } = connection
  const input = { Bucket: to.bucket, Key: to.key, ...sourceOf(source), ChecksumAlgorithm: "SHA256" as const }
  const sending = { uri: uriOf(to), signal, bytes: (source.head.ContentLength ?? 0) * patience }
  try {
    await send(connection, new sdk.CopyObjectCommand({ ...input, IfNoneMatch: "*" }), sending)
  } catch (error) {
    // Services that know conditional writes need not know conditional copies. Without the condition, a copy can only be replaced by an equal one.
    if (!isNotImplemented(error)) throw error
    await send(connection, new sdk.CopyObjectCommand(input), sending)
  }
}

async function copyParts(connection: S3Connection, source: Source, to: ObjectPlace, options: CopyObjectOptions): Promise<void> {
  const { sdk } = connection
  const sending = { uri: uriOf(to), signal: options.signal }
  const target = { Bucket: to.bucket, Key: to.key }
  const { UploadId } = await send<CreateMultipartUploadCommandOutput>(
    connection,
    new sdk.CreateMultipartUploadCommand({ ...target, ...(await propertiesOf(connection, source, options.signal)) }),
    sending,
  )
  const upload = { ...target, UploadId }
  try {
    const size = source.head.ContentLength ?? 0
    const partBytes = Math.max(options.partBytes ?? defaultPartBytes, Math.ceil(size / mostParts))
    const limit = pLimit(partsAtOnce)
    const failed = new AbortController()
    const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal])
    const copyPart = async (at: number) => {
      const range = `bytes=${at * partBytes}-${Math.min(size, (at + 1) * partBytes) - 1}`
      const PartNumber = at + 1
      const command = new sdk.UploadPartCopyCommand({ ...upload, ...sourceOf(source), PartNumber, CopySourceRange: range })
      const { CopyPartResult: part } = await send<UploadPartCopyCommandOutput>(connection, command, {
        ...sending,
        signal,
        bytes: partBytes * patience,
      })
      return {
        PartNumber,
        ETag: part?.ETag,
        ...(part?.ChecksumCRC64NVME === undefined ? {} : { ChecksumCRC64NVME: part.ChecksumCRC64NVME }),
      }
    }
    const copying = Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => limit(copyPart, at))
    const parts = await Promise.all(copying).catch(async (error) => {
      failed.abort(error)
      await Promise.allSettled(copying)
      throw error
    })
    const complete = { ...upload, MultipartUpload: { Parts: parts }, IfNoneMatch: "*" }
    await send(connection, new sdk.CompleteMultipartUploadCommand(complete), { ...sending, bytes: size * patience })
  } catch (error) {
    await connection.client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  }
}

/** What a copy in parts does not take over by itself. */
async function propertiesOf(connection: S3Connection, source: Source, signal: AbortSignal | undefined) {
  const { head } = source
  const given = Object.entries({
    Metadata: head.Metadata,
    ContentType: head.ContentType,
    CacheControl: head.CacheControl,
    ContentDisposition: head.ContentDisposition,
    ContentEncoding: head.ContentEncoding,
    ContentLanguage: head.ContentLanguage,
    Tagging: head.TagCount === undefined || head.TagCount === 0 ? undefined : await tagsOf(connection, source, signal),
    // The only checksum of a whole object that S3 can compute from parts.
    ChecksumAlgorithm: head.ChecksumCRC64NVME === undefined ? undefined : ("CRC64NVME" as const),
    ChecksumType: head.ChecksumCRC64NVME === undefined ? undefined : ("FULL_OBJECT" as const),
  }).filter(([, value]) => value !== undefined)
  const expires = new Date(head.ExpiresString ?? "")
  return { ...Object.fromEntries(given), ...(Number.isNaN(expires.getTime()) ? {} : { Expires: expires }) }
}

async function tagsOf(connection: S3Connection, { bucket, key, versionId }: Source, signal: AbortSignal | undefined): Promise<string> {
  const target = { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }
  const command = new connection.sdk.GetObjectTaggingCommand(target)
  const { TagSet = [] } = await send<GetObjectTaggingCommandOutput>(connection, command, { uri: uriOf({ bucket, key }), signal })
  return new URLSearchParams(TagSet.map(({ Key = "", Value = "" }): [string, string] => [Key, Value])).toString()
}

function sourceOf({ bucket, key, versionId, head }: Source) {
  const path = `${bucket}/${key}`.split("/").map(encodeURIComponent).join("/")
  return {
    CopySource: versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`,
    ...(head.ETag === undefined ? {} : { CopySourceIfMatch: head.ETag }),
  }
}

function uriOf({ bucket, key }: ObjectPlace): string {
  return `s3://${bucket}/${key}`
}
