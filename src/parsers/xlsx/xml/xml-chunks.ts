import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import { encodingName } from "../../encoding/encoding-name.ts"
import { type ToUtf8, toUtf8 } from "../../encoding/to-utf8.ts"

/** The place that an error in a part names. */
export interface PartPlace {
  readonly uri: string
  /** Name of the part within the file. */
  readonly part: string
}

/** An XML declaration with an encoding fits in this many bytes. */
const headBytes = 256

/**
 * Converts an XML part to UTF-8. Its encoding is determined by the byte order mark, by zeros among the first bytes, or by the XML declaration.
 *
 * Later stages scan UTF-8 only, so no encoding can hide markup from them. Throws `ENCODING_INVALID` for an unknown encoding and for UTF-32.
 */
export async function* xmlChunks(chunks: AsyncIterable<Buffer>, place: PartPlace): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | undefined = Buffer.alloc(0)
  let converter: ToUtf8 | undefined
  for await (const chunk of chunks) {
    let bytes = chunk
    if (head !== undefined) {
      bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      head = bytes.length < headBytes ? bytes : undefined
      if (head !== undefined) continue
      converter = converterOf(bytes, place)
      bytes = withoutMark(bytes)
    }
    yield converter === undefined ? bytes : asBuffer(converter.convert(bytes))
  }
  if (head !== undefined) {
    converter = converterOf(head, place)
    const bytes = withoutMark(head)
    yield converter === undefined ? bytes : asBuffer(converter.convert(bytes))
  }
  if (converter !== undefined) yield asBuffer(converter.finish())
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

/** The converter for the part's encoding, or undefined for UTF-8. */
function converterOf(head: Buffer, place: PartPlace): ToUtf8 | undefined {
  const [a, b, c, d] = head
  if ((a === 0 && b === 0) || (c === 0 && d === 0)) throw unknownEncoding("UTF-32", place)
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return toUtf8("utf-16le")
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return toUtf8("utf-16be")
  const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(head.toString("latin1", 0, headBytes))?.[1]
  // A declaration that can be read as ASCII is not in UTF-16, even if it says so: some programs copy it from elsewhere.
  if (declared === undefined || /^(?:utf-?8|us-ascii|ascii|utf-?16(?:le|be)?|unicode|ucs-2)$/i.test(declared)) return undefined
  return toUtf8(knownEncoding(declared, place))
}

function knownEncoding(label: string, place: PartPlace): string {
  try {
    return encodingName(label)
  } catch {
    throw unknownEncoding(label, place)
  }
}

function unknownEncoding(label: string, { uri, part }: PartPlace): RowgateError {
  return new RowgateError({
    code: "ENCODING_INVALID",
    message: `The part ${shownText(part)} is in the encoding "${label.slice(0, 40)}", which rowgate cannot read.`,
    remedy: "Save the workbook again with a spreadsheet program.",
    origin: { uri },
  })
}
