import type { CreateMultipartUploadCommandOutput, PutObjectCommandOutput, UploadPartCommandOutput } from "@aws-sdk/client-s3"
import { versionIdOf } from "./read-object.ts"
import type { S3Connection } from "./s3-connection.ts"

/** The version and size of an object that was written. */
export interface WrittenObject {
  readonly version?: string
  readonly size: number
}

const partBytes = 8 * 1024 * 1024
/** S3 allows 10,000 parts. After every 1,000 parts the size doubles, which is enough for 4 TiB. */
const partsBeforeDoubling = 1_000

/** Writes an object of any length: a short one in one request, a longer one in parts. The length need not be known. A failed write leaves nothing. */
export async function writeObject(
  connection: S3Connection,
  bucket: string,
  key: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<WrittenObject> {
  const { sdk, client } = connection
  const target = { Bucket: bucket, Key: key }
  const pieces = parts(bytes)
  const first = await pieces.next()
  const head = first.done === true ? Buffer.alloc(0) : first.value
  const second = first.done === true ? first : await pieces.next()
  if (second.done === true) {
    const answer = (await client.send(
      new sdk.PutObjectCommand({ ...target, Body: head, ContentLength: head.length }),
    )) as PutObjectCommandOutput
    return written(head.length, answer.VersionId)
  }
  const { UploadId } = (await client.send(new sdk.CreateMultipartUploadCommand(target))) as CreateMultipartUploadCommandOutput
  const upload = { ...target, UploadId }
  try {
    const tags: { readonly PartNumber: number; readonly ETag: string | undefined }[] = []
    let size = 0
    const send = async (Body: Buffer) => {
      const PartNumber = tags.length + 1
      const answer = (await client.send(
        new sdk.UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length }),
      )) as UploadPartCommandOutput
      tags.push({ PartNumber, ETag: answer.ETag })
      size += Body.length
    }
    await send(head)
    await send(second.value)
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) await send(next.value)
    const done = (await client.send(
      new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: tags } }),
    )) as PutObjectCommandOutput
    return written(size, done.VersionId)
  } catch (error) {
    // S3 keeps the parts of an upload that is never completed, does not list them, and charges for them.
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  } finally {
    await pieces.return(undefined)
  }
}

function written(size: number, versionId: string | undefined): WrittenObject {
  const version = versionIdOf(versionId)
  return { size, ...(version === undefined ? {} : { version }) }
}

/** Joins and cuts the bytes into pieces of the size of a part. Only the last piece may be smaller. */
async function* parts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
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
