import type { SourceFile } from "../../contract/source.ts"
import { limitExceeded } from "../zip/limit-exceeded.ts"

/** A file whose size is known. */
export interface HeldFile {
  readonly file: SourceFile
  readonly size: number
}

/** The file itself where its size is known, else its bytes in memory: workbooks and parquet are read from their end. */
export async function heldFile(file: SourceFile, maxBytes: number): Promise<HeldFile> {
  if (file.size !== undefined) return { file, size: file.size }
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of file.stream()) {
    parts.push(part)
    length += part.length
    if (length > maxBytes)
      throw limitExceeded({
        subject: "The packed file",
        unit: "bytes or more",
        seen: length,
        limit: maxBytes,
        option: "limits.heldBytes",
        origin: { uri: file.uri },
      })
  }
  const bytes = Buffer.concat(parts, length)
  const held: SourceFile = {
    uri: file.uri,
    ...(file.version === undefined ? {} : { version: file.version }),
    size: length,
    async *stream({ start, end = length } = { start: 0 }) {
      if (end > start) yield bytes.subarray(start, Math.min(end, length))
    },
    async read(start, end) {
      return bytes.subarray(start, Math.min(end, length))
    },
  }
  return { file: held, size: length }
}
