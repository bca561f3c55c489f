import { TextDecoder } from "node:util"
import { RowgateError } from "../../errors/rowgate-error.ts"

/** Where a fault in a part is reported. */
export interface PartPlace {
  readonly uri: string
  /** Name of the part within the file. */
  readonly part: string
}

/** An XML declaration that names an encoding ends before this. */
const headBytes = 256

/**
 * The bytes of an XML part as UTF-8, whatever its encoding: by byte order mark, by the look of its first bytes, or as declared.
 *
 * What comes after is scanned as UTF-8 only, so that no encoding hides anything from it. Fails with `ENCODING_INVALID`.
 */
export async function* xmlChunks(chunks: AsyncIterable<Buffer>, place: PartPlace): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | undefined = Buffer.alloc(0)
  let decoder: TextDecoder | undefined
  for await (const chunk of chunks) {
    let bytes = chunk
    if (head !== undefined) {
      bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      head = bytes.length < headBytes ? bytes : undefined
      if (head !== undefined) continue
      decoder = decoderOf(bytes, place)
      if (decoder === undefined) bytes = withoutMark(bytes)
    }
    yield decoder === undefined ? bytes : decode(decoder, bytes, true, place)
  }
  if (head !== undefined) {
    decoder = decoderOf(head, place)
    yield decoder === undefined ? withoutMark(head) : decode(decoder, head, false, place)
  } else if (decoder !== undefined) yield decode(decoder, Buffer.alloc(0), false, place)
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

/** Undefined for UTF-8. */
function decoderOf(head: Buffer, place: PartPlace): TextDecoder | undefined {
  const [a, b, c, d] = head
  if ((a === 0 && b === 0) || (c === 0 && d === 0)) throw unknownEncoding("UTF-32", place)
  if (a === 0xff && b === 0xfe) return newDecoder("utf-16le", place)
  if (a === 0xfe && b === 0xff) return newDecoder("utf-16be", place)
  if (a !== 0 && b === 0) return newDecoder("utf-16le", place)
  if (a === 0 && b !== 0) return newDecoder("utf-16be", place)
  if (a === 0xef && b === 0xbb && c === 0xbf) return undefined
  const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(head.toString("latin1", 0, headBytes))?.[1]
  // A declaration that could be read as ASCII is not in UTF-16, whatever it says: writers copy it from elsewhere.
  if (declared === undefined || /^(?:utf-?8|us-ascii|ascii|utf-?16(?:le|be)?|unicode|ucs-2)$/i.test(declared)) return undefined
  return newDecoder(declared, place)
}

function newDecoder(label: string, place: PartPlace): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    throw unknownEncoding(label, place)
  }
}

function decode(decoder: TextDecoder, bytes: Buffer, stream: boolean, { uri, part }: PartPlace): Buffer {
  try {
    return Buffer.from(decoder.decode(bytes, { stream }))
  } catch (cause) {
    const message = `The part ${part} is not in ${decoder.encoding}, the encoding that it states.`
    throw new RowgateError({ code: "ENCODING_INVALID", message, remedy: "Save the workbook again.", origin: { uri }, cause })
  }
}

function unknownEncoding(label: string, { uri, part }: PartPlace): RowgateError {
  return new RowgateError({
    code: "ENCODING_INVALID",
    message: `The part ${part} is in the encoding "${label.slice(0, 40)}", which a workbook may not use.`,
    remedy: "Save the workbook again, in UTF-8.",
    origin: { uri },
  })
}
