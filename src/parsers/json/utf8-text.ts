import { RowgateError } from "../../errors/rowgate-error.ts"
import { refuseUtf32 } from "../encoding/refuse-utf32.ts"

/** Two characters of the widest encoding, UTF-32. */
const headBytes = 8

/** A file's text as UTF-8. */
export interface Utf8Text {
  readonly chunks: AsyncIterable<Uint8Array>
  /** The encoding of the file. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be"
  /** The length of the byte order mark, which the chunks leave out. */
  readonly skipped: number
}

/**
 * JSON files are UTF-8 (RFC 8259, 8.1), but some programs write UTF-16. It is recognised by its byte order mark, or by the NUL in every other
 * byte of the first two ASCII characters (RFC 4627, 3).
 *
 * The caller must close the chunks: if reading ends early, the generators here may never have started and cannot do it.
 */
export async function utf8Text(chunks: AsyncIterator<Uint8Array>, uri: string): Promise<Utf8Text> {
  let head: Uint8Array = new Uint8Array(0)
  let done = false
  while (head.length < headBytes && !done) {
    const next = await chunks.next()
    done = next.done === true
    if (!next.done) head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  const all = rejoined(head, chunks)
  refuseUtf32(head, uri)
  const [a, b, c, d] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return { chunks: behind(3, all), encoding: "utf-8", skipped: 3 }
  const littleEndian = (a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && c !== 0 && d === 0)
  const bigEndian = (a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && c === 0 && d !== 0)
  const encoding = littleEndian ? "utf-16le" : bigEndian ? "utf-16be" : undefined
  if (encoding === undefined) return { chunks: all, encoding: "utf-8", skipped: 0 }
  return { chunks: transcoded(all, encoding, uri), encoding, skipped: 0 }
}

async function* rejoined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

async function* behind(bytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let skip = bytes
  for await (const chunk of chunks) {
    yield chunk.subarray(skip)
    skip = 0
  }
}

async function* transcoded(chunks: AsyncIterable<Uint8Array>, encoding: string, uri: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const decode = (chunk?: Uint8Array) => {
    try {
      return Buffer.from(chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }))
    } catch (cause) {
      throw new RowgateError({
        code: "ENCODING_INVALID",
        message: `The text begins as ${encoding.toUpperCase()}, but contains bytes that are not valid in it.`,
        remedy: "Save the file as UTF-8.",
        origin: { uri },
        cause,
      })
    }
  }
  for await (const chunk of chunks) yield decode(chunk)
  yield decode()
}
