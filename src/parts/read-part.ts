import type { TableBatch } from "../model/table-batch.ts"
import type { TableFacts } from "../model/table-facts.ts"
import { ByteQueue } from "./byte-queue.ts"
import { type FrameHeader, readHeader, unpackFrame } from "./frame.ts"
import { partDamaged } from "./part-errors.ts"
import { endMagic, headerBytes, partMagic, trailerBytes } from "./part-format.ts"
import { batchOf, checkMagic, readIndex } from "./part-index.ts"

/** Frames that are decompressed ahead of the one that is read. */
const mostAhead = 2

/** A frame of the file. */
interface StoredFrame {
  readonly header: FrameHeader
  readonly at: number
  readonly content: Promise<Buffer>
}

/**
 * The batches of a part file, in order. Throws `PART_DAMAGED` if the bytes are not exactly what `writePart` wrote, and `PART_VERSION` for a format
 * that this version does not know. Rows before a damaged frame are returned first, so use nothing of a part until it ends. The chunks of bytes must
 * not change later.
 */
export async function* readPart(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TableBatch<unknown>, void, undefined> {
  await using queue = new ByteQueue(bytes)
  checkMagic(await queue.take(partMagic.length), partMagic, "it is no part file", 0)
  const ahead: StoredFrame[] = []
  let row = 0
  let last: { readonly number: number; readonly facts: TableFacts } | undefined
  for (let isOpen = true; ; ) {
    while (isOpen && ahead.length <= mostAhead) {
      const frame = await nextFrame(queue)
      ahead.push(frame)
      isOpen = frame.header.kind === "batch"
    }
    const { header, at, content } = ahead.shift() as StoredFrame
    if (header.firstRow !== row) throw partDamaged("a frame is missing", at)
    if (header.kind === "index") {
      readIndex(await content, header, at)
      return await checkEnd(queue, at)
    }
    const batch = batchOf(header, await content, last?.number === header.table ? last.facts : undefined, at)
    last = { number: header.table, facts: batch.table }
    row += header.rows
    yield batch
  }
}

async function nextFrame(queue: ByteQueue): Promise<StoredFrame> {
  const at = queue.taken
  const headerText = await queue.take(headerBytes)
  if (headerText.length < headerBytes) throw partDamaged("it ends too early", at + headerText.length)
  const header = readHeader(headerText, at)
  const stored = await queue.take(header.stored)
  if (stored.length < header.stored) throw partDamaged("it ends too early", queue.taken)
  const content = unpackFrame(header, headerText, stored, at)
  // It is awaited in its turn, and the reader may fail or stop before that.
  content.catch(() => undefined)
  return { header, at, content }
}

async function checkEnd(queue: ByteQueue, index: number): Promise<void> {
  const at = queue.taken
  const trailer = await queue.take(trailerBytes)
  if (trailer.length < trailerBytes) throw partDamaged("it ends too early", queue.taken)
  checkMagic(trailer.subarray(8), endMagic, "its end is missing", at)
  if (trailer.readBigUInt64LE(0) !== BigInt(index)) throw partDamaged("its end gives another place of the index", at)
  if ((await queue.take(1)).length > 0) throw partDamaged("bytes follow its end", at + trailerBytes)
}
