import { ByteWriter } from "./byte-writer.ts"
import type { BinaryKind, ColumnFormat } from "./column-format.ts"
import { dayText, instantText } from "./instant-text.ts"
import { numericText } from "./numeric-digits.ts"

const dayMs = 86_400_000
const epochMs = 10_957 * dayMs
/** Lines are given in pieces of about this size. */
const pieceBytes = 1 << 16

/**
 * Tuples of COPY's binary form, as `BinaryEncoder` makes them, as lines of its text form, in which nulls are `\N`. Pieces may end anywhere;
 * what is given belongs to the caller.
 */
export async function* binaryToTextLines(
  pieces: AsyncIterable<Uint8Array>,
  formats: readonly ColumnFormat[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = new ByteWriter()
  const reads = formats.map(({ binary }) => (binary === "text" ? undefined : fieldReader(binary)))
  let rest: Uint8Array = new Uint8Array(0)
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([rest, piece])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    for (let end = tupleEnd(view, at); end >= 0; end = tupleEnd(view, at)) {
      writeLine(bytes, view, at + 2, reads, writer)
      at = end
      if (writer.length < pieceBytes) continue
      yield Uint8Array.prototype.slice.call(writer.bytes, 0, writer.length)
      writer.length = 0
    }
    rest = bytes.subarray(at)
  }
  if (rest.length > 0) throw new Error(`${rest.length} bytes are no whole row`)
  if (writer.length > 0) yield Uint8Array.prototype.slice.call(writer.bytes, 0, writer.length)
}

/** Where the tuple ends that begins at `at`; -1 where not all of it is there. */
function tupleEnd(view: DataView, at: number): number {
  if (at + 2 > view.byteLength) return -1
  let end = at + 2
  for (let fields = view.getInt16(at); fields > 0; fields--) {
    if (end + 4 > view.byteLength) return -1
    end += 4 + Math.max(0, view.getInt32(end))
  }
  return end > view.byteLength ? -1 : end
}

function writeLine(bytes: Buffer, view: DataView, begin: number, reads: readonly (FieldReader | undefined)[], writer: ByteWriter): void {
  let at = begin
  reads.forEach((read, j) => {
    if (j > 0) writer.ascii("\t")
    const length = view.getInt32(at)
    at += 4
    if (length < 0) writer.ascii("\\N")
    else {
      // Text is not decoded: what is no UTF-8 is refused by the server, and must not be mended on the way.
      if (read === undefined) writer.escaped(bytes, at, at + length)
      else writer.ascii(read(view, at))
      at += length
    }
  })
  writer.ascii("\n")
}

/** The text of a field, which needs no escaping. */
interface FieldReader {
  (view: DataView, at: number): string
}

function fieldReader(kind: Exclude<BinaryKind, "text"> | undefined): FieldReader {
  switch (kind) {
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
      return (view, at) => numericText(view, at)
    case undefined:
      throw new Error("a type without a binary form was sent in one")
  }
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value)
}
