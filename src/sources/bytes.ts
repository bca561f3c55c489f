import type { ByteRange, Source, SourceFile } from "../contract/source.ts"

/** Options of `bytes`. */
export interface BytesOptions {
  /** What the bytes are called in origins and reports. Default `"bytes"`. */
  readonly name?: string | undefined
}

const chunkBytes = 512 * 1024

/** One file held in memory: its bytes, or its text, which is read as UTF-8. The bytes must not change while they are read. */
export function bytes(content: Uint8Array | string, options: BytesOptions = {}): Source {
  const held = typeof content === "string" ? Buffer.from(content) : content
  const file: SourceFile = {
    uri: options.name ?? "bytes",
    size: held.length,
    rereadable: true,
    async *stream({ start = 0, end = held.length }: ByteRange = { start: 0 }) {
      const last = Math.min(end, held.length)
      for (let at = start; at < last; at += chunkBytes) yield held.subarray(at, Math.min(at + chunkBytes, last))
    },
    async read(start, end) {
      return held.subarray(start, end)
    },
  }
  return {
    name: "bytes",
    async *files({ signal }) {
      signal.throwIfAborted()
      yield file
    },
  }
}
