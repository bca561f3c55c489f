import type { TableBatch } from "../../src/model/table-batch.ts"
import { readPart } from "../../src/parts/read-part.ts"
import { writePart } from "../../src/parts/write-part.ts"

/** The bytes of a part file with these batches. */
export async function partOf(batches: readonly TableBatch<unknown>[]): Promise<Buffer> {
  return Buffer.concat(await listOf(writePart(streamOf(batches))))
}

/** The batches of a part file that arrives in chunks of this many bytes. */
export async function batchesOf(part: Uint8Array, chunkBytes: number = part.length): Promise<TableBatch<unknown>[]> {
  return await listOf(readPart(chunksOf(part, chunkBytes)))
}

/** The batches after a way through a part file. */
export async function throughPart(batches: readonly TableBatch<unknown>[], chunkBytes?: number): Promise<TableBatch<unknown>[]> {
  return await batchesOf(await partOf(batches), chunkBytes)
}

export async function listOf<V>(values: AsyncIterable<V>): Promise<V[]> {
  const list: V[] = []
  for await (const value of values) list.push(value)
  return list
}

export async function* streamOf<V>(values: readonly V[]): AsyncGenerator<V> {
  yield* values
}

async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes)
}
