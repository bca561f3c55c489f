import { crc32, deflateRawSync } from "node:zlib"

/** One entry of a zip file to write. Properties that are left out get valid values. */
export interface ZipPart {
  readonly name: string
  readonly content: string | Uint8Array
  /** Default: 8, deflate. */
  readonly method?: number
  /** Compressed bytes, if they are not the deflated content. */
  readonly stored?: Uint8Array
  /** Values of the headers, if they are not the true ones. */
  readonly crc?: number
  readonly bytes?: number
  readonly storedBytes?: number
  readonly flags?: number
  /** Offset of the local header that the directory states. */
  readonly offset?: number
  /** Extra field of the local header only. */
  readonly localExtra?: Uint8Array
  /** Extra fields of the directory's entry. */
  readonly extra?: Uint8Array
  /** Bytes of the name, if it is not in UTF-8. */
  readonly rawName?: Uint8Array
  /** Writes zeros in the local header and the sizes in a descriptor after the data. */
  readonly descriptor?: boolean
  /** Writes sizes and offset in a zip64 field of the directory entry. */
  readonly zip64?: boolean
}

/** The parts of a zip file around its entries. */
export interface ZipShape {
  /** Number of entries that the end record states. */
  readonly entries?: number
  readonly comment?: string
  readonly before?: Uint8Array
  readonly after?: Uint8Array
}

/** Writes a zip file, well-formed or not. */
export function zipBytes(parts: readonly ZipPart[], shape: ZipShape = {}): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const header = localHeader(part)
    const tail = part.descriptor === true ? descriptor(part) : Buffer.alloc(0)
    directory.push(directoryEntry(part, part.offset ?? at))
    pieces.push(header, storedOf(part), tail)
    at += header.length + storedOf(part).length + tail.length
  }
  const entries = Buffer.concat(directory)
  const comment = Buffer.from(shape.comment ?? "")
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE((shape.entries ?? parts.length) & 0xffff, 8)
  end.writeUInt16LE((shape.entries ?? parts.length) & 0xffff, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([shape.before ?? Buffer.alloc(0), ...pieces, entries, end, comment, shape.after ?? Buffer.alloc(0)])
}

const deflated = new WeakMap<ZipPart, Buffer>()

function contentOf({ content }: ZipPart): Buffer {
  return typeof content === "string" ? Buffer.from(content) : Buffer.from(content)
}

function storedOf(part: ZipPart): Buffer {
  const known = deflated.get(part)
  if (known !== undefined) return known
  const stored =
    part.stored === undefined ? (part.method === 0 ? contentOf(part) : deflateRawSync(contentOf(part))) : Buffer.from(part.stored)
  deflated.set(part, stored)
  return stored
}

function sizes(part: ZipPart): { crc: number; storedBytes: number; bytes: number } {
  const content = contentOf(part)
  return {
    crc: part.crc ?? crc32(content),
    storedBytes: part.storedBytes ?? storedOf(part).length,
    bytes: part.bytes ?? content.length,
  }
}

function flagsOf(part: ZipPart): number {
  return (part.flags ?? 0x800) | (part.descriptor === true ? 8 : 0)
}

function nameOf({ name, rawName }: ZipPart): Buffer {
  return Buffer.from(rawName ?? Buffer.from(name))
}

function localHeader(part: ZipPart): Buffer {
  const name = nameOf(part)
  const extra = Buffer.from(part.localExtra ?? [])
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flagsOf(part), 6)
  header.writeUInt16LE(part.method ?? 8, 8)
  if (part.descriptor !== true) {
    const { crc, storedBytes, bytes } = sizes(part)
    header.writeUInt32LE(crc, 14)
    header.writeUInt32LE(storedBytes, 18)
    header.writeUInt32LE(bytes, 22)
  }
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

function descriptor(part: ZipPart): Buffer {
  const { crc, storedBytes, bytes } = sizes(part)
  const tail = Buffer.alloc(16)
  tail.writeUInt32LE(0x08074b50, 0)
  tail.writeUInt32LE(crc, 4)
  tail.writeUInt32LE(storedBytes, 8)
  tail.writeUInt32LE(bytes, 12)
  return tail
}

function directoryEntry(part: ZipPart, offset: number): Buffer {
  const name = nameOf(part)
  const given = Buffer.from(part.extra ?? [])
  const { crc, storedBytes, bytes } = sizes(part)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(flagsOf(part), 8)
  header.writeUInt16LE(part.method ?? 8, 10)
  header.writeUInt32LE(crc, 16)
  header.writeUInt16LE(name.length, 28)
  if (part.zip64 !== true) {
    header.writeUInt32LE(storedBytes, 20)
    header.writeUInt32LE(bytes, 24)
    header.writeUInt32LE(offset, 42)
    header.writeUInt16LE(given.length, 30)
    return Buffer.concat([header, name, given])
  }
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  extra.writeBigUInt64LE(BigInt(bytes), 4)
  extra.writeBigUInt64LE(BigInt(storedBytes), 12)
  extra.writeBigUInt64LE(BigInt(offset), 20)
  header.fill(0xff, 20, 28)
  header.fill(0xff, 42, 46)
  header.writeUInt16LE(extra.length, 30)
  return Buffer.concat([header, name, extra])
}
