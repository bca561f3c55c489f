import { randomUUID } from "node:crypto"
import type {
  CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommandOutput,
  HeadObjectCommandOutput,
  PutObjectCommandOutput,
  UploadPartCommandOutput,
} from "@aws-sdk/client-s3"
import { type ObjectVersion, versionIdOf } from "./read-object.ts"
import type { S3Connection } from "./s3-connection.ts"
import { isConditionFailed, isMissing } from "./s3-errors.ts"
import { send } from "./send.ts"

/** The version, etag and size of an object that was written. */
export interface WrittenObject {
  readonly version?: string | undefined
  readonly etag?: string | undefined
  readonly size: number
}

/** How to write an object. */
export interface WriteObjectOptions {
  readonly unlessExists?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

const partBytes = 8 * 1024 * 1024
/** S3 allows 10,000 parts. After every 1,000 parts the size doubles, which is enough for 4 TiB. */
const partsBeforeDoubling = 1_000
/** Metadata with an id of the write. If the response to a write is lost, it tells whether the object that exists then is the writer's own. */
const writeMark = "rowgate-write"

/**
 * Writes an object of any length: a short one in one request, a longer one in parts. The length need not be known. A failed write leaves nothing.
 * Returns undefined if the object exists and may not be replaced.
 */
export async function writeObject(
  connection: S3Connection,
  object: ObjectVersion,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: WriteObjectOptions = {},
): Promise<WrittenObject | undefined> {
  const { sdk } = connection
  const write = new Write(connection, object, options)
  const pieces = parts(bytes)
  try {
    const first = await pieces.next()
    const head = first.done === true ? Buffer.alloc(0) : first.value
    const second = first.done === true ? first : await pieces.next()
    if (second.done === true) {
      const command = new sdk.PutObjectCommand({
        ...write.target,
        ...write.condition,
        ...write.marked,
        Body: head,
        ContentLength: head.length,
      })
      return await write.finish<PutObjectCommandOutput>(command, head.length)
    }
    return await writeParts(write, [head, second.value], pieces)
  } finally {
    await pieces.return(undefined)
  }
}

async function writeParts(
  write: Write,
  begun: readonly Buffer[],
  pieces: AsyncGenerator<Buffer, void, undefined>,
): Promise<WrittenObject | undefined> {
  const { sdk } = write.connection
  const { UploadId } = await write.send<CreateMultipartUploadCommandOutput>(
    new sdk.CreateMultipartUploadCommand({ ...write.target, ...write.marked }),
  )
  const upload = { ...write.target, UploadId }
  let isOpen = true
  try {
    const tags: { readonly PartNumber: number; readonly ETag: string | undefined }[] = []
    let size = 0
    const sendPart = async (Body: Buffer) => {
      const PartNumber = tags.length + 1
      const command = new sdk.UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length })
      tags.push({ PartNumber, ETag: (await write.send<UploadPartCommandOutput>(command, Body.length)).ETag })
      size += Body.length
    }
    for (const piece of begun) await sendPart(piece)
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) await sendPart(next.value)
    const complete = new sdk.CompleteMultipartUploadCommand({ ...upload, ...write.condition, MultipartUpload: { Parts: tags } })
    const written = await write.finish<CompleteMultipartUploadCommandOutput>(complete, size)
    isOpen = written === undefined
    return written
  } finally {
    // S3 keeps the parts of an upload that is never completed, does not list them, and charges for them.
    if (isOpen) await write.connection.client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => {})
  }
}

/** One write, which can recognise its own object. */
class Write {
  readonly connection: S3Connection
  readonly target: { readonly Bucket: string; readonly Key: string }
  readonly condition: { readonly IfNoneMatch?: string }
  readonly marked: { readonly Metadata: { readonly [name: string]: string } }
  readonly #id = randomUUID()
  readonly #signal: AbortSignal | undefined

  constructor(connection: S3Connection, { bucket, key }: ObjectVersion, { unlessExists = false, signal }: WriteObjectOptions) {
    this.connection = connection
    this.target = { Bucket: bucket, Key: key }
    this.condition = unlessExists ? { IfNoneMatch: "*" } : {}
    this.marked = { Metadata: { [writeMark]: this.#id } }
    this.#signal = signal
  }

  send<Output>(command: object, bytes = 0): Promise<Output> {
    const uri = `s3://${this.target.Bucket}/${this.target.Key}`
    return send(this.connection, command, { uri, bytes, signal: this.#signal })
  }

  /**
   * Sends the command after which the object exists. If S3 says that the object exists, or that the upload is over, an earlier attempt may have
   * done it, although its response was lost.
   */
  async finish<Output extends { VersionId?: string | undefined; ETag?: string | undefined }>(
    command: object,
    size: number,
  ): Promise<WrittenObject | undefined> {
    try {
      return written(size, await this.send<Output>(command, size))
    } catch (error) {
      if (!isConditionFailed(error) && !isMissing(error)) throw error
      const existing = await this.#existing()
      if (existing?.Metadata?.[writeMark] === this.#id) return written(size, existing)
      if (existing === undefined || !isConditionFailed(error)) throw error
      return undefined
    }
  }

  async #existing(): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.send<HeadObjectCommandOutput>(new this.connection.sdk.HeadObjectCommand(this.target))
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }
}

function written(
  size: number,
  { VersionId, ETag }: { readonly VersionId?: string | undefined; readonly ETag?: string | undefined },
): WrittenObject {
  const version = versionIdOf(VersionId)
  const etag = ETag?.replaceAll('"', "")
  return { size, ...(version === undefined ? {} : { version }), ...(etag === undefined ? {} : { etag }) }
}

/** Joins and cuts the bytes into pieces of the size of a part. Only the last piece may be smaller. */
async function* parts(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let held: Uint8Array[] = []
  let length = 0
  let sent = 0
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const size = partBytes * 2 ** Math.floor(sent / partsBeforeDoubling)
      const taken = chunk.subarray(at, at + size - length)
      held.push(taken)
      length += taken.length
      at += taken.length
      if (length < size) continue
      yield Buffer.concat(held, length)
      sent++
      held = []
      length = 0
    }
  }
  if (length > 0) yield Buffer.concat(held, length)
}
