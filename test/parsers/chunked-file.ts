import type { SourceFile } from "../../src/contract/source.ts"

/** A file in memory that arrives in chunks of a given size, each in its own buffer. */
export function chunkedFile(content: string | Uint8Array, chunkBytes = 64 * 1024, uri = "memory/file"): SourceFile {
  const bytes = typeof content === "string" ? Buffer.from(content) : content
  return {
    uri,
    size: bytes.length,
    rereadable: true,
    async *stream({ start = 0, end = bytes.length } = { start: 0 }) {
      for (let at = start; at < Math.min(end, bytes.length); at += chunkBytes)
        yield Uint8Array.from(bytes.subarray(at, Math.min(at + chunkBytes, end)))
    },
    async read(start, end) {
      return bytes.subarray(start, end)
    },
  }
}
