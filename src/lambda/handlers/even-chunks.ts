import type { ByteRange, SourceFile, StreamOptions } from "../../contract/source.ts"

const chunkBytes = 1 << 20

/**
 * The file in chunks of equal size. Parsers cut batches by the chunks that they get, and those of a network differ each time; a parser that is called
 * again must find the same batches.
 */
export function evenChunks<F extends SourceFile>(file: F): SourceFile {
  const { uri, version, sequence, size, read } = file
  return {
    uri,
    ...(version === undefined ? {} : { version }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(size === undefined ? {} : { size }),
    ...(read === undefined ? {} : { read: (start, end) => read.call(file, start, end) }),
    async *stream(range?: ByteRange, options?: StreamOptions) {
      let chunk = Buffer.allocUnsafe(chunkBytes)
      let filled = 0
      for await (const bytes of file.stream(range, options)) {
        for (let at = 0; at < bytes.length; ) {
          const taken = bytes.subarray(at, at + chunkBytes - filled)
          chunk.set(taken, filled)
          filled += taken.length
          at += taken.length
          if (filled < chunkBytes) continue
          yield chunk
          chunk = Buffer.allocUnsafe(chunkBytes)
          filled = 0
        }
      }
      if (filled > 0) yield chunk.subarray(0, filled)
    },
  }
}
