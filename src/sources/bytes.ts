import type { ByteRange, Source, SourceFile } from "../contract/source.ts"

/** Options of `bytes`. */
export interface BytesOptions {
  /** Name of the bytes in origins and reports. Default `"bytes"`. */
  readonly name?: string | undefined
}

const chunkBytes = 512 * 1024

/** Reads one file in memory. Pass its bytes, or a string, which is encoded as UTF-8. Do not change the bytes while they are read. */
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
