import { pipeline, Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import type { ByteRange, SourceFile } from "../../../contract/source.ts"
import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { tableName } from "../../table-name.ts"
import { ratioFreeBytes, type ZipBounds } from "../zip/zip-limits.ts"
import { innerUri } from "./inner-uri.ts"
import type { Unpacking } from "./unpacking.ts"

const chunkBytes = 256 * 1024

/**
 * The file within a gzip file. Each read inflates it from the beginning. Its size is not known.
 *
 * Reading throws `FILE_TRUNCATED`, `FILE_CORRUPT` or `LIMIT_EXCEEDED`. The checksum is at the end, so a wrong one is found after the last byte.
 */
export function gunzipFile(file: SourceFile, bounds: ZipBounds, unpacking: Unpacking): SourceFile {
  let most = 0
  const onGrowth = (length: number, packed: number) => {
    unpacking.passed(packed)
    if (length > most) unpacking.add(length - most)
    most = Math.max(most, length)
  }
  const name = tableName(file.uri).replace(/\.(gz|gzip)$/i, "")
  return {
    uri: innerUri(file.uri, name),
    ...(file.version === undefined ? {} : { version: file.version }),
    stream: (range) => inflated(file, bounds, onGrowth, range),
  }
}

async function* inflated(
  file: SourceFile,
  bounds: ZipBounds,
  onGrowth: (length: number, packed: number) => void,
  range: ByteRange = { start: 0 },
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  const source = Readable.from(file.stream(), { objectMode: true, highWaterMark: 2 })
  // The iterator below throws the error that destroys the stream. The empty callback prevents an unhandled error.
  pipeline(source, gunzip, () => {})
  const { start, end = Number.POSITIVE_INFINITY } = range
  let length = 0
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      const from = length
      length += piece.length
      refuseGrowth(file, bounds, length, gunzip.bytesWritten)
      onGrowth(length, gunzip.bytesWritten)
      if (length > start) yield piece.subarray(Math.max(0, start - from), Math.min(piece.length, end - from))
      if (length >= end) return
    }
  } catch (cause) {
    throw gzipError(file, cause)
  } finally {
    gunzip.destroy()
    source.destroy()
  }
}

function refuseGrowth(file: SourceFile, bounds: ZipBounds, length: number, compressed: number): void {
  const subject = "The content of the gzip file"
  const origin = { uri: file.uri }
  if (length > bounds.totalBytes)
    throw limitExceeded({ subject, unit: "bytes or more", seen: length, limit: bounds.totalBytes, option: "limits.totalBytes", origin })
  if (length > ratioFreeBytes && length > bounds.ratio * compressed) {
    const seen = Math.ceil(length / Math.max(1, compressed))
    throw limitExceeded({ subject, unit: "times its compressed size", seen, limit: bounds.ratio, option: "limits.ratio", origin })
  }
}

function gzipError(file: SourceFile, cause: unknown): unknown {
  if (!(cause instanceof Error && "code" in cause && typeof cause.code === "string" && cause.code.startsWith("Z_"))) return cause
  const isShort = cause.code === "Z_BUF_ERROR"
  return new RowgateError({
    code: isShort ? "FILE_TRUNCATED" : "FILE_CORRUPT",
    message: isShort ? "The gzip file is cut off." : `The gzip file cannot be inflated: ${cause.message}.`,
    remedy: "Transfer the complete file again.",
    origin: { uri: file.uri },
    cause,
  })
}
