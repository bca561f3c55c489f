import { brotliDecompressSync, gunzipSync } from "node:zlib"
import type { CompressionCodec, Compressors } from "hyparquet"

/** Unpacks the bytes of a page; the length is the one that the page states. */
export type Unpack = (packed: Uint8Array, length: number) => Uint8Array

/** What unpacks a codec; undefined for one that is not known. gzip and brotli are native, the others are loaded when they are met. */
export async function unpackerOf(codec: CompressionCodec): Promise<Unpack | undefined> {
  switch (codec) {
    case "UNCOMPRESSED":
      return (packed) => packed
    case "GZIP":
      return (packed, length) => gunzipSync(packed, { maxOutputLength: Math.max(1, length) })
    case "BROTLI":
      return (packed, length) => brotliDecompressSync(packed, { maxOutputLength: Math.max(1, length) })
    default: {
      const { compressors }: { readonly compressors: Compressors } = await import("hyparquet-compressors")
      return compressors[codec]
    }
  }
}
