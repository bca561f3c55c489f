import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

/**
 * Reads all bytes from `start` up to `end`, with `file.read` if the file has it, else from a stream.
 *
 * Throws `SOURCE_CHANGED` if the file ends before `end`.
 */
export async function readRange(file: SourceFile, start: number, end: number): Promise<Buffer> {
  const wanted = end - start
  if (wanted <= 0) return Buffer.alloc(0)
  const parts: Uint8Array[] = []
  let held = 0
  if (file.read === undefined) {
    for await (const part of file.stream({ start, end })) {
      parts.push(part)
      held += part.length
    }
  } else {
    const part = await file.read(start, end)
    parts.push(part)
    held = part.length
  }
  if (held !== wanted) throw wrongLength(file, start, wanted, held)
  const only = parts[0]
  return parts.length === 1 && only !== undefined ? asBuffer(only) : Buffer.concat(parts, held)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function wrongLength(file: SourceFile, start: number, wanted: number, held: number): RowgateError {
  return new RowgateError({
    code: "SOURCE_CHANGED",
    message: `The file ${file.uri} returned ${held} bytes at offset ${start} instead of ${wanted}.`,
    remedy: "Read the file only when it is complete, and do not replace it meanwhile.",
    origin: { uri: file.uri, offset: start },
    retryable: true,
  })
}
