import { promisify } from "node:util"
import { brotliDecompress, brotliDecompressSync, gunzip, gunzipSync, type ZlibOptions } from "node:zlib"
import type { CompressionCodec } from "hyparquet"
import { ParquetFault } from "../parquet-fault.ts"
import { unpackHadoopLz4, unpackLz4 } from "./lz4.ts"
import { unpackZstd } from "./zstd.ts"

/** Unpacks the bytes of a page. It never makes more than `length` bytes, which the page states. */
export type Unpack = (packed: Uint8Array, length: number) => Uint8Array | Promise<Uint8Array>

/** Larger pages are unpacked in zlib's thread. For a smaller page the switch costs more than it saves. */
const largeBytes = 1 << 20

const gzip = zlibUnpacker("gzip", gunzipSync, promisify(gunzip))
const brotli = zlibUnpacker("brotli", brotliDecompressSync, (packed, { chunkSize = 0, maxOutputLength = 0 }) =>
  promisify(brotliDecompress)(packed, { chunkSize, maxOutputLength }),
)

/** The function that unpacks a codec, or undefined for an unknown one. The package for Snappy is loaded when it is needed. */
export async function unpackerOf(codec: CompressionCodec | undefined): Promise<Unpack | undefined> {
  switch (codec) {
    case "UNCOMPRESSED":
      return (packed) => packed
    case "GZIP":
      return gzip
    case "BROTLI":
      return brotli
    case "ZSTD":
      return unpackZstd
    case "LZ4":
      return unpackHadoopLz4
    case "LZ4_RAW":
      return unpackLz4
    case "SNAPPY":
      return snappy()
    default:
      return undefined
  }
}

function zlibUnpacker(
  name: string,
  unpackNow: (packed: Uint8Array, options: ZlibOptions) => Uint8Array,
  unpackInThread: (packed: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>,
): Unpack {
  const refuse = (error: unknown, length: number): never => {
    const isLarger = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE"
    throw new ParquetFault(isLarger ? `a page unpacks to more than the ${length} bytes that it states` : `a page has damaged ${name} data`)
  }
  return (packed, length) => {
    // One chunk holds the whole page, so zlib need not join chunks.
    const options = { maxOutputLength: Math.max(1, length), chunkSize: Math.max(64, length + 16) }
    if (packed.length > largeBytes || length > largeBytes) return unpackInThread(packed, options).catch((error) => refuse(error, length))
    try {
      return unpackNow(packed, options)
    } catch (error) {
      return refuse(error, length)
    }
  }
}

/** Shared, because each instance keeps its own memory. */
let unpackSnappy: ((packed: Uint8Array, length: number) => Uint8Array) | undefined

async function snappy(): Promise<Unpack> {
  const { snappyUncompressor } = await import("hysnappy")
  unpackSnappy ??= snappyUncompressor()
  const unpack = unpackSnappy
  return (packed, length) => {
    const stated = snappyLength(packed)
    if (stated !== length) throw new ParquetFault(`a page unpacks to ${stated} bytes instead of ${length}`)
    try {
      return unpack(packed, length)
    } catch {
      throw new ParquetFault("a page has damaged Snappy data")
    }
  }
}

/** The uncompressed length that Snappy data states, as a varint. */
function snappyLength(packed: Uint8Array): number {
  let length = 0
  for (let at = 0; at < 5; at++) {
    const byte = packed[at] ?? 0
    length += (byte & 127) * 2 ** (7 * at)
    if (byte < 128) break
  }
  return length
}
