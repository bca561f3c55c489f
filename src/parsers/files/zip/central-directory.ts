import { entryName } from "./entry-name.ts"
import type { ZipEntry } from "./zip-entry.ts"

export const entrySignature = 0x02014b50
const headerBytes = 46
const localHeaderBytes = 30

/** An entry of the directory, before it is known what follows it in the file. */
export interface DirectoryEntry extends Omit<ZipEntry, "end"> {
  /** Least bytes that it takes with its local header. The header's extra field may have any length. */
  readonly leastBytes: number
}

/** Counts the entries by their lengths, without reading their fields. */
export function countEntries(directory: Buffer): number {
  let entries = 0
  for (let at = 0; isEntry(directory, at); at += entryBytes(directory, at)) entries++
  return entries
}

/**
 * The entries of a central directory, in order (APPNOTE 6.3.10, §4.3.12). `prefix` is the offset of the zip in the file.
 *
 * Throws an `Error` that says what is wrong with an entry.
 */
export function* directoryEntries(directory: Buffer, prefix: number): Generator<DirectoryEntry, void, undefined> {
  for (let at = 0; isEntry(directory, at); ) {
    const end = at + entryBytes(directory, at)
    if (end > directory.length) throw new Error("its last entry is cut off")
    yield entryAt(directory, at, prefix)
    at = end
  }
}

function isEntry(directory: Buffer, at: number): boolean {
  return at + headerBytes <= directory.length && directory.readUInt32LE(at) === entrySignature
}

function entryBytes(directory: Buffer, at: number): number {
  return headerBytes + directory.readUInt16LE(at + 28) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
}

function entryAt(directory: Buffer, at: number, prefix: number): DirectoryEntry {
  const flags = directory.readUInt16LE(at + 8)
  const extraStart = at + headerBytes + directory.readUInt16LE(at + 28)
  const rawName = directory.subarray(at + headerBytes, extraStart)
  const extra = directory.subarray(extraStart, extraStart + directory.readUInt16LE(at + 30))
  const large = new LargeNumbers(extra)
  // The zip64 field has only the numbers that do not fit in the header, in this order.
  const bytes = large.orNext(directory.readUInt32LE(at + 24))
  const compressedBytes = large.orNext(directory.readUInt32LE(at + 20))
  const offset = large.orNext(directory.readUInt32LE(at + 42))
  return {
    name: entryName(rawName, flags, extraField(extra, 0x7075)),
    method: directory.readUInt16LE(at + 10),
    // Bit 6 is strong encryption.
    encrypted: (flags & 0x41) !== 0,
    crc32: directory.readUInt32LE(at + 16),
    compressedBytes,
    bytes,
    offset: offset + prefix,
    leastBytes: localHeaderBytes + rawName.length + compressedBytes,
  }
}

/** The numbers in an entry's zip64 field (§4.5.3), which do not fit in the four bytes of the header. */
class LargeNumbers {
  readonly #extra: Buffer
  #field: Buffer | undefined
  #at = 0

  constructor(extra: Buffer) {
    this.#extra = extra
  }

  /** The number in the header, or the next number of the field if the header refers to it. */
  orNext(stated: number): number {
    if (stated !== 0xffff_ffff) return stated
    this.#field ??= extraField(this.#extra, 1)
    // A size of exactly 4 GiB less one byte fits in the header and needs no field.
    if (this.#field === undefined) return stated
    if (this.#at + 8 > this.#field.length) throw new Error("an entry's zip64 field is too short")
    const number = Number(this.#field.readBigUInt64LE(this.#at))
    this.#at += 8
    return number
  }
}

/** The data of an extra field, or undefined. The search stops at a field that is cut off. */
function extraField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (end > extra.length) return undefined
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end)
    at = end
  }
  return undefined
}
