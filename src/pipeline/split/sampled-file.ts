import type { SourceFile } from "../../contract/source.ts"
import { detect, headBytes as detectedBytes } from "../../parsers/files/detect/detect.ts"

/** Bytes from the start of the file. The parsers of text settle dialect and encoding from no more than these. */
const headBytes = 1 << 20
const pieceBytes = 128 << 10
const pieces = 15
const lineEnd = 10

/**
 * A file that has only a sample of the lines: those at its start, and some from places all over it. A file that is short, or that has no rows in
 * lines of bytes, is returned as it is.
 */
export async function sampledFile(file: SourceFile): Promise<SourceFile> {
  const { size, uri, version, sequence } = file
  if (size === undefined || size < headBytes + 2 * pieces * pieceBytes) return file
  const head = await bytesOf(file, 0, headBytes)
  if (!hasLines(head, uri)) return file
  const step = Math.floor((size - headBytes) / pieces)
  return {
    uri,
    ...(version === undefined ? {} : { version }),
    ...(sequence === undefined ? {} : { sequence }),
    async *stream() {
      yield upToLastLine(head)
      for (let end = headBytes + step; end <= size; end += step) {
        const piece = await bytesOf(file, end - pieceBytes, end)
        yield upToLastLine(piece.subarray(piece.indexOf(lineEnd) + 1))
      }
    },
  }
}

/** UTF-16 has NUL bytes, and its line ends are two bytes. */
function hasLines(head: Uint8Array, uri: string): boolean {
  const { format } = detect(head.subarray(0, detectedBytes), uri)
  return (format === "csv" || format === "ndjson") && !head.includes(0)
}

async function bytesOf(file: SourceFile, start: number, end: number): Promise<Uint8Array> {
  if (file.read !== undefined) return file.read(start, end)
  const chunks: Uint8Array[] = []
  for await (const chunk of file.stream({ start, end })) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

function upToLastLine(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.lastIndexOf(lineEnd) + 1)
}
