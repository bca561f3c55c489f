import type { TableBatch } from "../model/table-batch.ts"
import type { TableFacts } from "../model/table-facts.ts"
import { decodeBatch } from "./decode-batch.ts"
import { type FrameHeader, readHeader, unpackFrame } from "./frame.ts"
import { partDamaged, unknownVersion } from "./part-errors.ts"
import { endMagic, entryBytes, headerBytes, mostFrameRows, partMagic, partVersion, trailerBytes } from "./part-format.ts"

/** A frame of a part file. It contains one batch. */
export interface FrameEntry {
  /** The number of its first row in the part, from 0. */
  readonly firstRow: number
  readonly rows: number
  /** Where it is in the file, and how long it is. */
  readonly at: number
  readonly bytes: number
}

/** A part file that can be read at any place. */
export interface PartFile {
  readonly size: number
  /** The bytes from `start` to before `end`. */
  read(start: number, end: number): Promise<Uint8Array>
}

/** The end of the file that is read at once. It contains the index of a part of some hundred frames. */
const tailBytes = 1 << 14

/** Opens a part file to read some of its batches. Throws `PART_DAMAGED` and `PART_VERSION`. */
export async function openPart(file: PartFile): Promise<PartIndex> {
  const { size } = file
  if (size < partMagic.length + headerBytes + trailerBytes) throw partDamaged("it is too short")
  const from = Math.max(0, size - tailBytes)
  const tail = await readExactly(file, from, size)
  const trailer = tail.subarray(-trailerBytes)
  checkMagic(trailer.subarray(8), endMagic, "its end is missing", size)
  const at = Number(trailer.readBigUInt64LE(0))
  const end = size - trailerBytes
  if (!(at >= partMagic.length && at + headerBytes <= end)) throw partDamaged("its end gives no place of the index", end)
  const frame = at >= from ? tail.subarray(at - from, end - from) : await readExactly(file, at, end)
  const header = readHeader(frame, at)
  if (header.kind !== "index" || header.stored !== end - at - headerBytes) throw partDamaged("its index is missing", at)
  const content = await unpackFrame(header, frame, frame.subarray(headerBytes), at)
  return new PartIndex(file, readIndex(content, header, at))
}

/** The frames of a part file, each read on demand. */
export class PartIndex {
  readonly frames: readonly FrameEntry[]
  /** How many rows the part has. */
  readonly rows: number
  readonly #file: PartFile
  readonly #tables = new Map<number, TableFacts>()

  constructor(file: PartFile, frames: readonly FrameEntry[]) {
    this.#file = file
    this.frames = frames
    const last = frames.at(-1)
    this.rows = last === undefined ? 0 : last.firstRow + last.rows
  }

  /** The frame that has a row of the part; undefined if the part has fewer rows. */
  frameOf(row: number): FrameEntry | undefined {
    let low = 0
    let high = this.frames.length
    // The last frame that begins at the row or before it is the one: frames without rows begin where the next one does.
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.frames[middle] as FrameEntry).firstRow <= row) low = middle + 1
      else high = middle
    }
    return row < this.rows ? this.frames[low - 1] : undefined
  }

  /** Reads the batch of a frame. */
  async batch({ at, bytes, rows, firstRow }: FrameEntry): Promise<TableBatch<unknown>> {
    const frame = await readExactly(this.#file, at, at + bytes)
    const header = readHeader(frame, at)
    if (header.kind !== "batch" || header.rows !== rows || header.firstRow !== firstRow || header.stored !== bytes - headerBytes)
      throw partDamaged("a frame differs from the index", at)
    const batch = batchOf(header, await unpackFrame(header, frame, frame.subarray(headerBytes), at), this.#tables.get(header.table), at)
    this.#tables.set(header.table, batch.table)
    return batch
  }
}

/** The batch of a frame. */
export function batchOf(header: FrameHeader, content: Uint8Array, table: TableFacts | undefined, at: number): TableBatch<unknown> {
  const batch = decodeBatch(content, table)
  if (batch.length !== header.rows) throw partDamaged("a batch has another number of rows than its frame says", at)
  return batch
}

/** The content of the index. */
export function indexBytes(entries: readonly FrameEntry[]): Uint8Array {
  const index = Buffer.alloc(entries.length * entryBytes)
  entries.forEach(({ firstRow, rows, at, bytes }, number) => {
    const place = number * entryBytes
    index.writeBigUInt64LE(BigInt(firstRow), place)
    index.writeBigUInt64LE(BigInt(at), place + 8)
    index.writeUInt32LE(rows, place + 16)
    index.writeUInt32LE(bytes, place + 20)
  })
  return index
}

/** The entries of an index. They must follow each other without a gap. */
export function readIndex(index: Buffer, { rows: frames, firstRow: rows }: FrameHeader, end: number): readonly FrameEntry[] {
  if (index.length !== frames * entryBytes) throw partDamaged("its index has the wrong length", end)
  let at = partMagic.length
  let row = 0
  const entries = Array.from({ length: frames }, (_, number): FrameEntry => {
    const place = number * entryBytes
    const entry = {
      firstRow: Number(index.readBigUInt64LE(place)),
      rows: index.readUInt32LE(place + 16),
      at: Number(index.readBigUInt64LE(place + 8)),
      bytes: index.readUInt32LE(place + 20),
    }
    if (entry.firstRow !== row || entry.at !== at || entry.rows > mostFrameRows || entry.bytes < headerBytes)
      throw partDamaged("its index has gaps", end)
    row += entry.rows
    at += entry.bytes
    return entry
  })
  if (at !== end || row !== rows) throw partDamaged("its index lacks frames", end)
  return entries
}

/** Throws if the bytes are not the magic: `PART_VERSION` if only its last byte differs, and otherwise `PART_DAMAGED`. */
export function checkMagic(bytes: Uint8Array, magic: Buffer, fault: string, at: number): void {
  const last = magic.length - 1
  if (bytes.length < magic.length || !magic.subarray(0, last).equals(bytes.subarray(0, last))) throw partDamaged(fault, at)
  if (bytes[last] !== partVersion) throw unknownVersion(bytes[last] ?? 0, partVersion)
}

async function readExactly(file: PartFile, start: number, end: number): Promise<Buffer> {
  if (end > file.size) throw partDamaged("it ends too early", file.size)
  const bytes = await file.read(start, end)
  if (bytes.length !== end - start) throw partDamaged("it ends too early", start + bytes.length)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
