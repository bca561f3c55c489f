import { promisify } from "node:util"
import { brotliCompress, brotliDecompress, constants, crc32 } from "node:zlib"
import { partDamaged } from "./part-errors.ts"
import { headerBytes, mostFrameBytes, mostFrameRows } from "./part-format.ts"

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** What a frame contains: a batch, or the index. */
const kinds = ["batch", "index"] as const

/** The header of a frame. */
export interface FrameHeader {
  readonly kind: (typeof kinds)[number]
  /** The rows of a batch, or the number of frames in the index. */
  readonly rows: number
  /** The number of the first row in the part, from 0; for the index, the rows of the part. */
  readonly firstRow: number
  /** Counts the tables of the part, from 0. Batches of one table share its facts. */
  readonly table: number
  /** The length of the content in the file. */
  readonly stored: number
  /** The length of the content. */
  readonly plain: number
  readonly checksum: number
}

/** Bytes of the header that the checksum covers. It covers all content too. */
const checkedBytes = headerBytes - 4
const chunkBytes = 1 << 20

/** Compresses content on a thread of the pool. */
export async function packFrame(
  content: Uint8Array,
  about: Pick<FrameHeader, "kind" | "rows" | "firstRow" | "table">,
): Promise<Uint8Array[]> {
  // Quality 1 takes 60 % of the time of deflate at level 1, for files of the same size: docs/decisions/025-part-files.md.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  const stored = await compress(content, { params, chunkSize: Math.min(chunkBytes, Math.max(64, content.length)) })
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32LE(kinds.indexOf(about.kind), 0)
  header.writeUInt32LE(about.rows, 4)
  header.writeBigUInt64LE(BigInt(about.firstRow), 8)
  header.writeUInt32LE(about.table, 16)
  header.writeUInt32LE(stored.length, 20)
  header.writeUInt32LE(content.length, 24)
  header.writeUInt32LE(checksum(header, stored), checkedBytes)
  return [header, stored]
}

/** Reads the header of the frame at a place of the file. Throws `PART_DAMAGED` for one that `packFrame` does not write. */
export function readHeader(bytes: Uint8Array, at: number): FrameHeader {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, headerBytes)
  const kind = kinds[header.readUInt32LE(0)]
  const [rows, table, stored, plain, sum] = [4, 16, 20, 24, checkedBytes].map((place) => header.readUInt32LE(place)) as FiveNumbers
  const firstRow = Number(header.readBigUInt64LE(8))
  if (kind === undefined || rows > mostFrameRows || stored > mostFrameBytes || plain > mostFrameBytes || !Number.isSafeInteger(firstRow))
    throw partDamaged("no frame begins there", at)
  return { kind, rows, firstRow, table, stored, plain, checksum: sum }
}

/** The content of a frame, from its header and the bytes that follow it. */
export async function unpackFrame(header: FrameHeader, headerText: Uint8Array, stored: Uint8Array, at: number): Promise<Buffer> {
  if (checksum(headerText, stored) !== header.checksum) throw partDamaged("the checksum of a frame is wrong", at)
  // The header says how much memory the content takes, so that a forged one is no bomb.
  const chunkSize = Math.min(chunkBytes, Math.max(64, header.plain))
  const content = await decompress(stored, { chunkSize, maxOutputLength: Math.max(1, header.plain) }).catch((error: unknown) => {
    throw partDamaged("a frame cannot be decompressed", at, error)
  })
  if (content.length !== header.plain) throw partDamaged("the content of a frame has the wrong length", at)
  return content
}

type FiveNumbers = [number, number, number, number, number]

function checksum(header: Uint8Array, stored: Uint8Array): number {
  return crc32(stored, crc32(header.subarray(0, checkedBytes)))
}
