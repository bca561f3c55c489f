import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

/**
 * The bytes from `start` up to `end`, all of them, whether the file can read ranges at once or only stream them.
 *
 * Fails with `SOURCE_CHANGED` where the file ends before `end`.
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
    message: `${file.uri} gave ${held} bytes from offset ${start} where ${wanted} were asked for.`,
    remedy: "Let the file be written to the end before it is read, and not be replaced meanwhile.",
    origin: { uri: file.uri, offset: start },
    retryable: true,
  })
}
