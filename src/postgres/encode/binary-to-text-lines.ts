import { ByteWriter } from "./byte-writer.ts"
import type { BinaryKind, ColumnFormat } from "./column-format.ts"
import { dayText, instantText } from "./instant-text.ts"
import { numericText } from "./numeric-digits.ts"
import { uuidText } from "./uuid-bytes.ts"

const dayMs = 86_400_000
const epochMs = 10_957 * dayMs
/** About the size of a piece of lines. */
const pieceBytes = 1 << 16

/**
 * Converts tuples of COPY's binary form, as `BinaryRowEncoder` writes them, to lines of its text form with `\N` for nulls. Pieces of tuples may
 * end anywhere. The pieces of lines belong to the caller.
 */
export async function* binaryToTextLines(
  pieces: AsyncIterable<Uint8Array>,
  formats: readonly ColumnFormat[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = new ByteWriter()
  const readers = formats.map(({ binary }) => fieldReader(binary))
  let rest: Uint8Array = new Uint8Array(0)
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([rest, piece])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    for (let end = tupleEnd(view, at); end >= 0; end = tupleEnd(view, at)) {
      writeLine(bytes, view, at + 2, readers, writer)
      at = end
      if (writer.length < pieceBytes) continue
      yield Uint8Array.prototype.slice.call(writer.bytes, 0, writer.length)
      writer.length = 0
    }
    rest = bytes.subarray(at)
  }
  if (rest.length > 0) throw new Error(`the last ${rest.length} bytes are not a whole row`)
  if (writer.length > 0) yield Uint8Array.prototype.slice.call(writer.bytes, 0, writer.length)
}

/** Where the tuple at `at` ends; -1 if it is incomplete. */
function tupleEnd(view: DataView, at: number): number {
  if (at + 2 > view.byteLength) return -1
  let end = at + 2
  for (let fields = view.getInt16(at); fields > 0; fields--) {
    if (end + 4 > view.byteLength) return -1
    end += 4 + Math.max(0, view.getInt32(end))
  }
  return end > view.byteLength ? -1 : end
}

function writeLine(bytes: Buffer, view: DataView, begin: number, readers: readonly FieldReader[], writer: ByteWriter): void {
  let at = begin
  readers.forEach((read, j) => {
    if (j > 0) writer.ascii("\t")
    const length = view.getInt32(at)
    at += 4
    if (length < 0) writer.ascii("\\N")
    else {
      // Text is not decoded: the server refuses bytes that are not UTF-8, and they must not be repaired on the way.
      if (typeof read === "number") writer.escaped(bytes, at + read, at + length)
      else writer.ascii(read(view, at))
      at += length
    }
  })
  writer.ascii("\n")
}

/** Returns the text of a field, which needs no escaping; or where the text begins within the field. */
type FieldReader = ((view: DataView, at: number) => string) | number

function fieldReader(kind: BinaryKind | undefined): FieldReader {
  switch (kind) {
    case "text":
      return 0
    case "jsonb":
      return 1
    case "uuid":
      return uuidText
    case "int2":
      return (view, at) => String(view.getInt16(at))
    case "int4":
      return (view, at) => String(view.getInt32(at))
    case "int8":
      return (view, at) => String(view.getBigInt64(at))
    case "float8":
      return (view, at) => doubleText(view.getFloat64(at))
    case "bool":
      return (view, at) => (view.getInt8(at) === 1 ? "true" : "false")
    case "date":
      return (view, at) => dayText(view.getInt32(at) * dayMs + epochMs)
    case "timestamp":
      return (view, at) => instantText(Number(view.getBigInt64(at) / 1000n) + epochMs)
    case "numeric":
      return numericText
    case undefined:
      throw new Error("a column without a binary form was sent in binary form")
  }
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value)
}
