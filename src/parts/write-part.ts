import type { TableBatch } from "../model/table-batch.ts"
import type { TableFacts } from "../model/table-facts.ts"
import { encodeBatch } from "./encode-batch.ts"
import { packFrame } from "./frame.ts"
import { endMagic, partMagic, trailerBytes } from "./part-format.ts"
import { type FrameEntry, indexBytes } from "./part-index.ts"

/** Frames that are compressed at a time. The pool of Node has four threads. */
const mostPending = 4

/** A frame on its way to the file. */
interface PendingFrame {
  readonly rows: number
  readonly firstRow: number
  readonly packed: Promise<Uint8Array[]>
}

/**
 * The bytes of a part file that contains the batches, frame by frame. A batch may be released when the next one is requested. Throws
 * `PIPELINE_INVALID` if a column contains a value that cannot be written.
 */
export async function* writePart(batches: AsyncIterable<TableBatch<unknown>>): AsyncGenerator<Uint8Array, void, undefined> {
  const entries: FrameEntry[] = []
  const pending: PendingFrame[] = []
  let at = partMagic.length
  let firstRow = 0
  let table = -1
  let facts: TableFacts | undefined
  const finishFirst = async (): Promise<Uint8Array[]> => {
    const { rows, firstRow: first, packed } = pending.shift() as PendingFrame
    const pieces = await packed
    const bytes = sizeOf(pieces)
    entries.push({ firstRow: first, rows, at, bytes })
    at += bytes
    return pieces
  }
  yield partMagic
  for await (const batch of batches) {
    if (batch.table !== facts) table++
    facts = batch.table
    const { length: rows } = batch
    const packed = packFrame(encodeBatch(batch), { kind: "batch", rows, firstRow, table })
    // The loop awaits it later, and may fail before that.
    packed.catch(() => undefined)
    pending.push({ rows, firstRow, packed })
    firstRow += rows
    if (pending.length === mostPending) yield* await finishFirst()
  }
  while (pending.length > 0) yield* await finishFirst()
  yield* await packFrame(indexBytes(entries), { kind: "index", rows: entries.length, firstRow, table: table + 1 })
  const trailer = Buffer.alloc(trailerBytes)
  trailer.writeBigUInt64LE(BigInt(at), 0)
  endMagic.copy(trailer, 8)
  yield trailer
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}
